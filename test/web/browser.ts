import { source as axe } from 'axe-core';
import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
  type Response,
} from 'playwright-core';
import type { Service } from '../setup/service';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A browser of its own per spec file. The links in mails say PUBLIC_URL; it takes them to where the service listens. */
export async function openBrowser(service: Service): Promise<Browser> {
  const { host } = new URL(service.env.PUBLIC_URL);
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [...FLAGS, `--host-resolver-rules=MAP ${host} ${new URL(service.url).host}`],
  });
}

/** Somebody with a browser window: remembers what their browser asked for. */
export class Visitor {
  private readonly asked: string[] = [];

  private constructor(
    readonly context: BrowserContext,
    readonly page: Page,
    private readonly home: string,
  ) {}

  static async arrive(
    browser: Browser,
    service: Service,
    options: BrowserContextOptions = {},
  ): Promise<Visitor> {
    const home = service.env.PUBLIC_URL;
    const context = await browser.newContext({
      baseURL: home,
      viewport: { width: 390, height: 844 },
      locale: 'sv-SE',
      ...options,
    });
    const visitor = new Visitor(context, await context.newPage(), home);
    context.on('request', (request) => visitor.asked.push(request.url()));
    return visitor;
  }

  /** Requests to anybody but us. */
  strangers(): string[] {
    return this.asked.filter((url) => !url.startsWith(`${this.home}/`) && !url.startsWith('data:'));
  }

  /** Everything asked for since last time this was called. */
  takeRequests(): string[] {
    return this.asked.splice(0);
  }

  /** Opens a path; with fields, as the form of a page would be sent. */
  async open(path: string, fields?: Record<string, string>): Promise<Response> {
    if (!fields) return (await this.page.goto(path))!;
    await this.page.goto('/avsluta');
    this.takeRequests();
    const [response] = await Promise.all([
      this.page.waitForResponse((answer) => answer.request().method() === 'POST'),
      this.page.waitForURL((url) => url.pathname + url.search === path),
      this.page.evaluate(submit, { path, fields }),
    ]);
    await this.page.waitForLoadState();
    return response;
  }

  leave(): Promise<void> {
    return this.context.close();
  }
}

function submit({ path, fields }: { path: string; fields: Record<string, string> }): void {
  const form = document.createElement('form');
  form.method = 'post';
  form.action = path;
  for (const [name, value] of Object.entries(fields)) {
    const input = document.createElement('input');
    Object.assign(input, { type: 'hidden', name, value });
    form.append(input);
  }
  document.body.append(form);
  form.submit();
}

const RULES = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
  // Off unless asked for (axe-core 4.14); WCAG 2.2's 2.5.8.
  rules: { 'target-size': { enabled: true } },
  resultTypes: ['violations'],
};

/** What axe-core finds wrong, each with the place; an empty list is the aim. */
export async function faults(page: Page): Promise<string[]> {
  // Evaluated by the debugger: the pages' own policy lets no script in.
  await page.evaluate(axe);
  return page.evaluate(async (rules) => {
    const { violations } = await (
      window as unknown as { axe: typeof import('axe-core') }
    ).axe.run(document, rules as import('axe-core').RunOptions);
    return violations.flatMap(({ id, help, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${help}\n${target.join(' ')}\n${failureSummary}`),
    );
  }, RULES);
}

/** By how many pixels the page is wider than the window. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
}
