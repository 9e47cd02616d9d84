type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

interface Element {
  id?: string;
  textContent?: string;
  role?: string;
  checked?: boolean;
  onchange?: () => void;
  children: unknown[];
  append(...parts: unknown[]): void;
  replaceChildren(...parts: unknown[]): void;
}

/** As much of a portal's page as our script touches. */
export class EmbedPage {
  private readonly root = element();
  readonly globals: object;

  constructor(src: string, fetch: Fetch) {
    const dataset = { into: 'utskick', tokenUrl: '/token' };
    const document = {
      currentScript: { src, dataset },
      documentElement: { lang: 'sv' },
      activeElement: { id: '' },
      getElementById: () => this.root,
      createElement: element,
    };
    this.globals = {
      document,
      URL,
      fetch: (url: URL | string, init?: RequestInit) => fetch(String(url), init),
    };
  }

  get status(): string {
    return this.find(({ role }) => role === 'status')?.textContent ?? '';
  }

  has(id: string): boolean {
    return this.find((one) => one.id === id) !== undefined;
  }

  tick(id: string): void {
    const box = this.find((one) => one.id === id)!;
    box.checked = true;
    box.onchange!();
  }

  private find(is: (one: Element) => boolean): Element | undefined {
    const all = (one: Element): Element[] => [one, ...one.children.filter(isElement).flatMap(all)];
    return all(this.root).find(is);
  }
}

function element(): Element {
  const children: unknown[] = [];
  return {
    children,
    append: (...parts) => void children.push(...parts),
    replaceChildren: (...parts) => void children.splice(0, children.length, ...parts),
  };
}

const isElement = (part: unknown): part is Element => typeof part === 'object';
