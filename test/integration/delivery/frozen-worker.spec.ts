import { setTimeout as wait } from 'node:timers/promises';
import { Env } from '../../../src/platform/config/env';
import { Permit } from '../../../src/features/delivery/permit';
import { DeliveryWorld } from './delivery-world';
import { optOut } from '../registry/world';
import { SteppedDatabase } from './stepped-database';

describe('a worker that freezes inside a permit (G1)', () => {
  let delivery: DeliveryWorld;
  let topicId: string;
  let frozen: SteppedDatabase;

  beforeAll(async () => {
    delivery = await DeliveryWorld.open();
    topicId = await delivery.world.topic('news');
    frozen = new SteppedDatabase({ url: delivery.world.env.DATABASE_URL!, pool: 2 });
  });
  afterAll(async () => {
    await frozen.onModuleDestroy();
    await delivery.close();
  });

  it('delays a no by at most two and a half seconds, and loses its permit', async () => {
    const { request, people } = await delivery.claimed(topicId, ['fryst@example.com']);
    const [person] = people;
    let thaw = () => {};
    const thawed = new Promise<void>((resolve) => (thaw = resolve));
    let decided = () => {};
    const hasDecided = new Promise<void>((resolve) => (decided = resolve));
    frozen.before = async (statement) => {
      if (statement !== null) return;
      // Everything is written and nothing committed: the worst place to stop.
      decided();
      await thawed;
    };
    const permit = new Permit(frozen, new Env()).take(request);
    permit.catch(() => undefined);
    await hasDecided;
    const begun = performance.now();
    await delivery.world.record(optOut(delivery.world.ref(person!.value), person!.contactId));
    expect(performance.now() - begun).toBeLessThan(6_000);
    expect(performance.now() - begun).toBeGreaterThan(1_000);
    await wait(50);
    thaw();
    await expect(permit).rejects.toThrow();
    expect(await delivery.message(person!.messageId)).toMatchObject({
      state: 'PLANNED',
      permitAt: null,
    });
    frozen.before = async () => {};
    const again = await new Permit(frozen, new Env()).take(request);
    expect(again).toMatchObject({
      ids: new Set(),
      withheld: [{ id: person!.messageId, reason: 'suppressed_address' }],
    });
  });
});
