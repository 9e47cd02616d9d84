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

/** A browser of its own per spec file. Links in mails say PUBLIC_URL; it takes them to where the service listens. */
export async function openBrowser(service: Service): Promise<Browser> {
  const { host } = new URL(service.env.PUBLIC_URL);
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [...FLAGS, `--host-resolver-rules=MAP ${host} ${new URL(service.url).host}`],
  });
}

/** Somebody with a browser window of their own, and what their browser asked the network for. */
export class Visitor {
  readonly asked: string[] = [];

  private constructor(
    readonly context: BrowserContext,
    readonly page: Page,
  ) {
    context.on('request', (request) => this.asked.push(request.url()));
  }

  static async arrive(
    browser: Browser,
    service: Service,
    options: BrowserContextOptions = {},
  ): Promise<Visitor> {
    const context = await browser.newContext({
      baseURL: service.env.PUBLIC_URL,
      viewport: { width: 390, height: 844 },
      locale: 'sv-SE',
      ...options,
    });
    return new Visitor(context, await context.newPage());
  }

  /** Opens a path; with fields, as the form of a page would send them. */
  async open(path: string, fields?: Record<string, string>): Promise<Response> {
    if (!fields) return (await this.page.goto(path))!;
    await this.page.route('**/*', (route) => route.continue(posted(fields)), { times: 1 });
    return (await this.page.goto(path))!;
  }

  leave(): Promise<void> {
    return this.context.close();
  }
}

function posted(fields: Record<string, string>) {
  return {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    postData: new URLSearchParams(fields).toString(),
  };
}

const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** What axe-core finds wrong and where; an empty list is the aim. */
export async function faults(page: Page, rules?: readonly string[]): Promise<string[]> {
  const options = {
    ...(rules
      ? { runOnly: { type: 'rule', values: rules } }
      : // 2.5.8 of WCAG 2.2 is off in axe-core 4.14 unless asked for.
        { runOnly: WCAG, rules: { 'target-size': { enabled: true } } }),
    resultTypes: ['violations'],
    // A mail in a frame is examined on a page of its own.
    iframes: false,
  };
  // What is half faded in has half its contrast.
  await page.evaluate(
    `Promise.allSettled(document.getAnimations()
       .filter(({ effect }) => effect.getComputedTiming().endTime < Infinity)
       .map(({ finished }) => finished))`,
  );
  // By the debugger, since the pages' own policy lets no script in.
  if (!(await page.evaluate('Boolean(window.axe)'))) await page.evaluate(axe);
  return page.evaluate<string[]>(
    `axe.run(document, ${JSON.stringify(options)}).then(({ violations }) => violations.flatMap(
       ({ id, nodes }) => nodes.map((node) => id + ' ' + node.target + ': ' + node.failureSummary)))`,
  );
}

/** By how many pixels the page is wider than the window. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate<number>(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  );
}
