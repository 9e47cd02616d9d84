import { Logger } from '@nestjs/common';
import { ChannelState } from '../../../src/features/delivery/channel-state';
import { Env } from '../../../src/platform/config/env';
import { Permit } from '../../../src/features/delivery/permit';
import { RELEASE_BATCH } from '../../../src/features/delivery/permit.queries';
import { SettleSilence } from '../../../src/features/delivery/settle-silence';
import { SweepDelivery } from '../../../src/features/delivery/sweep-delivery';
import type { Sql } from '../../../src/platform/database/database';
import { InProcessQueue } from '../../../src/platform/queues/in-process.queue';
import { DeliveryWorld, type ClaimedBatch } from './delivery-world';

describe('what crashed workers leave behind', () => {
  let delivery: DeliveryWorld;
  let topicId: string;
  let n = 0;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    delivery = await DeliveryWorld.open();
    topicId = await delivery.world.topic('nyhetsbrev');
  });
  afterAll(() => delivery.close());

  const db = () => delivery.world.db;
  const permit = () => new Permit(db(), new Env());
  const sweep = () => new SweepDelivery(db(), new InProcessQueue()).run();
  const claimed = () =>
    delivery.claimed(topicId, [`a${(n += 1)}@exempel.example`, `b${n}@exempel.example`]);
  const states = async ({ people }: ClaimedBatch) =>
    Promise.all(people.map(async ({ messageId }) => (await delivery.message(messageId)).state));
  const batchState = async ({ request }: ClaimedBatch) =>
    (
      await db().query<{ state: string }>('SELECT state FROM batch WHERE id = $1', [
        request.batchId,
      ])
    )[0]!.state;
  const leaseRunsOut = ({ request }: ClaimedBatch) =>
    db().query(`UPDATE batch SET lease_until = now() - interval '1 second' WHERE id = $1`, [
      request.batchId,
    ]);
  const deadlinePasses = ({ request }: ClaimedBatch) =>
    db().query(`UPDATE batch SET settle_by = now() - interval '1 second' WHERE id = $1`, [
      request.batchId,
    ]);

  it('frees a batch that was only claimed, and takes the permit from its old holder', async () => {
    const batch = await claimed();
    await leaseRunsOut(batch);
    await sweep();
    expect(await batchState(batch)).toBe('PLANNED');
    const late = await permit().take(batch.request);
    expect(late.ids.size).toBe(0);
    expect(await states(batch)).toEqual(['PLANNED', 'PLANNED']);
  });

  it('calls UNKNOWN what was handed over and never told, and never plans it again', async () => {
    const batch = await claimed();
    expect((await permit().take(batch.request)).ids.size).toBe(2);
    await leaseRunsOut(batch);
    await sweep();
    expect(await states(batch)).toEqual(['HANDED_OVER', 'HANDED_OVER']);
    await deadlinePasses(batch);
    await sweep();
    expect(await states(batch)).toEqual(['UNKNOWN', 'UNKNOWN']);
    expect(await batchState(batch)).toBe('DONE');
  });

  it('keeps a claim while an outcome is unwritten, so that the reaper finds it', async () => {
    const batch = await claimed();
    await permit().take(batch.request);
    await db().query(RELEASE_BATCH, [batch.request.batchId, batch.request.token, null]);
    expect(await batchState(batch)).toBe('CLAIMED');
  });

  it('R4 gives a permit back when the answer to its COMMIT was lost, and no message is stuck', async () => {
    const batch = await claimed();
    const lossy = Object.create(db()) as ReturnType<typeof db>;
    lossy.tx = async <T>(work: (tx: Sql) => Promise<T>): Promise<T> => {
      await db().tx(work);
      throw new Error('Connection terminated unexpectedly');
    };
    await expect(new Permit(lossy, new Env()).take(batch.request)).rejects.toThrow('terminated');
    expect(await states(batch)).toEqual(['RETRY_WAIT', 'RETRY_WAIT']);
  });

  it('gives one permit for one claim, however often it is asked', async () => {
    const batch = await claimed();
    const asked = await Promise.all(Array.from({ length: 8 }, () => permit().take(batch.request)));
    expect(asked.map(({ ids }) => ids.size).sort()).toEqual([0, 0, 0, 0, 0, 0, 0, 2]);
  });

  it('names an unknown message NO_EVIDENCE after a day, but only while events are seen to arrive', async () => {
    const batch = await claimed();
    await permit().take(batch.request);
    await db().query(
      `UPDATE message SET state = 'UNKNOWN', permit_at = now() - interval '25 hours' WHERE batch_id = $1`,
      [batch.request.batchId],
    );
    const settle = new SettleSilence(db());
    expect((await settle.run()).noEvidence).toBe(0);
    const event = (id: string, hoursAgo: number) =>
      db().query(
        `INSERT INTO provider_event (provider, provider_event_id, type, received_at)
         VALUES ('sendgrid', $1, 'delivered', now() - make_interval(hours => $2))`,
        [id, hoursAgo],
      );
    await event('then', 20);
    expect((await settle.run()).noEvidence).toBe(0);
    await event('now', 0);
    expect((await settle.run()).noEvidence).toBe(2);
    expect(await states(batch)).toEqual(['NO_EVIDENCE', 'NO_EVIDENCE']);
  });

  describe('the channel', () => {
    const channel = () => new ChannelState(db());

    it('opens its breaker after ten failures in a row, lets one probe through, and closes on success', async () => {
      await channel().turn('email');
      for (let failure = 0; failure < 9; failure += 1)
        await channel().failed('email', 'unknown', false);
      expect(await channel().turn('email')).toEqual({ kind: 'go' });
      await channel().failed('email', 'unknown', false);
      expect((await channel().turn('email')).kind).toBe('wait');
      await db().query(`UPDATE channel_state SET probe_at = now() - interval '1 second'`);
      const turns = await Promise.all([
        channel().turn('email'),
        channel().turn('email'),
        channel().turn('email'),
      ]);
      expect(turns.map(({ kind }) => kind).sort()).toEqual(['probe', 'wait', 'wait']);
      await channel().succeeded('email');
      expect(await channel().turn('email')).toEqual({ kind: 'go' });
    });

    it('opens at once when the provider refuses our key', async () => {
      await channel().failed('email', 'not_authorised', true);
      expect((await channel().turn('email')).kind).toBe('wait');
      await channel().succeeded('email');
    });

    it('shares one rate between all workers', async () => {
      await db().query(
        `UPDATE channel_state SET tokens = 0, refilled_at = clock_timestamp() - interval '10 seconds'`,
      );
      const begun = performance.now();
      const waits = await Promise.all(
        Array.from({ length: 12 }, () => channel().reserve('email', 50, 100)),
      );
      const seconds = (performance.now() - begun) / 1000;
      const served = waits.filter((wait) => wait === 0).length;
      // A bucket of one second (100), one batch of debt, and what comes in while asking.
      expect(served).toBeGreaterThanOrEqual(2);
      expect(served).toBeLessThanOrEqual(3 + Math.ceil(seconds * 2));
    });

    it('stands still when it is held, until somebody releases it', async () => {
      expect(await channel().hold('email', 'complaint_rate')).toBe(true);
      expect(await channel().hold('email', 'another')).toBe(false);
      expect((await channel().turn('email')).kind).toBe('wait');
      await channel().release(db(), 'email');
      expect(await channel().turn('email')).toEqual({ kind: 'go' });
    });
  });
});
