import type { Database } from '../../../../platform/database/database';
import { SendingFirst } from './sending-first';

/** Two batches at once: in which order they begin and end. */
async function orderOf(sending: boolean): Promise<string[]> {
  const db = { query: () => Promise.resolve([{ sending }]) } as unknown as Database;
  const first = new SendingFirst(db);
  const order: string[] = [];
  const batch = (name: string) =>
    first.take(async () => {
      order.push(`${name} begins`);
      await new Promise((resolve) => setTimeout(resolve, 5));
      order.push(`${name} ends`);
      if (name === 'a') throw new Error('refused');
    });
  const [a, b] = await Promise.allSettled([batch('a'), batch('b')]);
  expect([a.status, b.status]).toEqual(['rejected', 'fulfilled']);
  return order;
}

describe('batches from other systems', () => {
  it('wait for each other while something is sent, whatever becomes of them', async () => {
    expect(await orderOf(true)).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
  });

  it('are taken side by side when nothing is', async () => {
    expect((await orderOf(false)).slice(0, 2)).toEqual(['a begins', 'b begins']);
  });
});
