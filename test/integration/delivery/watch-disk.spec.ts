import { Logger } from '@nestjs/common';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChannelState } from '../../../src/features/delivery/channel-state';
import { Disks, WatchDisk } from '../../../src/features/delivery/watch-disk';
import type { Env } from '../../../src/platform/config/env';
import { Metrics } from '../../../src/platform/operations/metrics';
import { DeliveryWorld } from './delivery-world';

/** A disk as full as it is said to be. */
class SaidDisks extends Disks {
  used = 0;
  override usedShare = async () => this.used;
}

describe('the disk of the database', () => {
  let delivery: DeliveryWorld;
  let directory: string;
  const disks = new SaidDisks();

  beforeAll(async () => {
    Logger.overrideLogger(false);
    delivery = await DeliveryWorld.open();
  });
  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'utskick-disk-'));
    await delivery.world.db.query('DELETE FROM channel_state');
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));
  afterAll(() => delivery.close());

  const channels = () => new ChannelState(delivery.world.db);
  const metrics = new Metrics();
  const look = (used: number, env: Partial<Env> = { DATABASE_DISK: directory }) => {
    disks.used = used;
    return new WatchDisk(env as Env, disks, channels(), metrics).run();
  };
  const held = async () => {
    const reports = await channels().list();
    return Object.fromEntries(reports.map(({ channel, heldBecause }) => [channel, heldBecause]));
  };
  const reserve = () => existsSync(join(directory, 'reserve-for-opt-outs'));

  it('fault 25: stops sending at 85 % and lets it go on below 80 %', async () => {
    await look(0.84);
    expect(await held()).toEqual({});
    await look(0.85);
    expect(await held()).toEqual({ email: 'disk_full', sms: 'disk_full' });
    expect(await channels().turn('email')).toMatchObject({ kind: 'wait' });
    await look(0.82);
    expect(await held()).toMatchObject({ email: 'disk_full' });
    await look(0.79);
    expect(await held()).toEqual({ email: null, sms: null });
    expect(await channels().turn('email')).toEqual({ kind: 'go' });
  });

  it('fault 25: gives up what it has kept for opt-outs when nothing else is left, and keeps it again', async () => {
    await look(0.5);
    expect(reserve()).toBe(true);
    await look(0.96);
    expect(reserve()).toBe(true);
    await look(0.97);
    expect(reserve()).toBe(false);
    await look(0.9);
    expect(reserve()).toBe(false);
    await look(0.7);
    expect(reserve()).toBe(true);
  });

  it.each(['incident', 'opt_out_page'])('does not let go what %s holds', async (reason) => {
    await look(0.9);
    expect(await channels().hold('email', reason)).toBe(true);
    await look(0.9);
    await look(0.1);
    expect(await held()).toEqual({ email: reason, sms: null });
  });

  it('is told in the metrics, and a folder that cannot be written to is no fault', async () => {
    await look(0.25, { DATABASE_DISK: join(directory, 'nowhere') });
    const { values } = await metrics.databaseDiskUsed.get();
    expect(values).toMatchObject([{ value: 0.25 }]);
  });

  it('is not looked at where it is not ours to see', async () => {
    await look(0.99, { DATABASE_URL: 'postgres://elsewhere/utskick' });
    expect(await held()).toEqual({});
    await look(0.99, { DATA_DIR: directory });
    expect(await held()).toMatchObject({ email: 'disk_full' });
  });

  it('is asked for its real share', async () => {
    const used = await new Disks().usedShare(directory);
    expect(used).toBeGreaterThan(0);
    expect(used).toBeLessThan(1);
  });
});
