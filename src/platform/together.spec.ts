import { setImmediate as tick, setTimeout as wait } from 'node:timers/promises';
import { Together } from './together';

describe('what arrives together', () => {
  it('is done together, in the order it came, once others are under way', async () => {
    const calls: number[][] = [];
    const together = new Together<number, string>(async (items) => {
      calls.push(items);
      await tick();
      return items.map((item) => `done ${item}`);
    });
    const numbers = Array.from({ length: 250 }, (_, n) => n);
    const results = await Promise.all(numbers.map((n) => together.do(n)));
    expect(results).toEqual(numbers.map((n) => `done ${n}`));
    expect(calls.map(({ length }) => length)).toEqual([1, 1, 100, 100, 48]);
    expect(calls.flat()).toEqual(numbers);
  });

  it('is tried one by one when it fails together, so that only what is bad fails', async () => {
    let underWay = 0;
    let most = 0;
    const together = new Together<number, number>(async (items) => {
      most = Math.max(most, (underWay += 1));
      await tick();
      underWay -= 1;
      if (items.includes(7)) throw new Error('seven');
      return items;
    });
    const settled = await Promise.allSettled(Array.from({ length: 20 }, (_, n) => together.do(n)));
    expect(settled.map((one) => (one.status === 'fulfilled' ? one.value : 'failed'))).toEqual(
      Array.from({ length: 20 }, (_, n) => (n === 7 ? 'failed' : n)),
    );
    expect(most).toBeLessThanOrEqual(8);
  });

  it('does not wait for those that wait for something of their own', async () => {
    let letGo = () => {};
    const stuck = new Promise<void>((resolve) => (letGo = resolve));
    const together = new Together<string, string>(async (items) => {
      if (items[0] === 'stuck') await stuck;
      return items;
    });
    const first = [together.do('stuck'), together.do('stuck')];
    const free = together.do('free');
    await expect(Promise.race([free, wait(5_000)])).resolves.toBe('free');
    letGo();
    await expect(Promise.all(first)).resolves.toEqual(['stuck', 'stuck']);
  });
});
