/** Items to one call. */
const MOST = 100;
/** Calls under way before others wait to go together. */
const AT_ONCE = 2;
/** Of those that failed together, so many are tried by themselves at the same time. */
const ALONE = 6;
/** A call that takes longer waits for something of its own; others do not wait for it. */
const SLOW_MS = 250;

interface Waiting<Item, Result> {
  item: Item;
  resolve: (result: Result) => void;
  reject: (cause: unknown) => void;
}

/**
 * Does together what arrives together: one call of `work` for everything that came in while others were under way.
 * Alone, an item goes at once. When a call for several fails, each is tried by itself, so that none pays for another.
 */
export class Together<Item, Result> {
  private waiting: Waiting<Item, Result>[] = [];
  private underWay = 0;
  private readonly failed: Waiting<Item, Result>[] = [];
  private alone = 0;

  /** `work` gives one result per item, in their order, or does nothing and throws. */
  constructor(private readonly work: (items: Item[]) => Promise<Result[]>) {}

  do(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      this.go();
    });
  }

  private go(): void {
    while (this.underWay < AT_ONCE && this.waiting.length > 0) {
      this.underWay += 1;
      const group = this.waiting.splice(0, MOST);
      let counted = true;
      const next = () => {
        if (!counted) return;
        counted = false;
        clearTimeout(slow);
        this.underWay -= 1;
        this.go();
      };
      const slow = setTimeout(next, SLOW_MS);
      void this.settle(group).then(next);
    }
  }

  private async settle(group: Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await this.work(group.map(({ item }) => item));
      group.forEach(({ resolve }, at) => resolve(results[at]!));
    } catch (cause) {
      if (group.length === 1) return group[0]!.reject(cause);
      this.failed.push(...group);
      this.goAlone();
    }
  }

  private goAlone(): void {
    while (this.alone < ALONE && this.failed.length > 0) {
      this.alone += 1;
      void this.settle([this.failed.shift()!]).then(() => {
        this.alone -= 1;
        this.goAlone();
      });
    }
  }
}
