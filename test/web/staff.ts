import type { Browser, BrowserContextOptions } from 'playwright-core';
import type { Role } from '../../src/platform/http/permissions';
import { logIn } from '../setup/callers';
import type { Service } from '../setup/service';
import { Visitor } from './browser';

const DESK: BrowserContextOptions = { viewport: { width: 1280, height: 900 } };

/** Somebody of the staff with this role, signed in, in a browser window of their own at a desk. */
export async function arriveAsStaff(
  browser: Browser,
  service: Service,
  role: Role,
  options: BrowserContextOptions = {},
): Promise<Visitor> {
  const { headers } = await logIn(service, role);
  const visitor = await Visitor.arrive(browser, service, { ...DESK, ...options });
  const [name, value] = headers.cookie!.split('=') as [string, string];
  await visitor.context.addCookies([{ name, value, url: service.env.PUBLIC_URL }]);
  return visitor;
}
