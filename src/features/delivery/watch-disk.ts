import { Injectable, Logger } from '@nestjs/common';
import { rm, stat, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Env } from '../../platform/config/env';
import { Metrics } from '../../platform/operations/metrics';
import { CHANNELS } from '../registry/ledger/ledger-act';
import { ChannelState, DISK_FULL } from './channel-state';

/** Sending stops here: what is left is for noes. */
const STOP_AT = 0.85;
/** Here the reserve is given up as well. */
const RELEASE_RESERVE_AT = 0.97;
/** Not at once below the limit, or it would stop and go. */
const GO_ON_BELOW = 0.8;
const RESERVE = 'reserve-for-opt-outs';
const RESERVE_BYTES = 32 * 1024 * 1024;

/** How full a disk is. */
@Injectable()
export class Disks {
  /** 0 to 1, as `df` says it: what is kept for root counts as neither used nor free. */
  async usedShare(path: string): Promise<number> {
    const { blocks, bfree, bavail } = await statfs(path);
    return (blocks - bfree) / (blocks - bfree + bavail);
  }
}

/**
 * A message costs thousands of bytes and can wait, a no costs hundreds and cannot. So while the disk of the database
 * fills, sending stops long before noes would fail, and goes on by itself when there is room again.
 */
@Injectable()
export class WatchDisk {
  private readonly log = new Logger('delivery');
  private readonly path: string | undefined;

  constructor(
    env: Env,
    private readonly disks: Disks,
    private readonly channels: ChannelState,
    private readonly metrics: Metrics,
  ) {
    this.path = env.DATABASE_DISK ?? (env.DATABASE_URL ? undefined : env.DATA_DIR);
  }

  /** Nothing where the database's disk is not ours to see (DATABASE_DISK). */
  async run(): Promise<void> {
    if (this.path === undefined) return;
    const used = await this.disks.usedShare(this.path);
    this.metrics.databaseDiskUsed.set(used);
    if (used >= STOP_AT) await this.hold(used);
    if (used >= RELEASE_RESERVE_AT) await this.giveUpReserve();
    if (used < GO_ON_BELOW) await this.goOn();
  }

  private async hold(used: number): Promise<void> {
    const held = await Promise.all(
      CHANNELS.map((channel) => this.channels.hold(channel, DISK_FULL)),
    );
    if (!held.includes(true)) return;
    this.log.error(
      `the database's disk is ${Math.round(used * 100)} % full: sending waits for room`,
    );
  }

  private async goOn(): Promise<void> {
    const released = await this.channels.releaseHeldBy(DISK_FULL);
    if (released > 0) this.log.log("the database's disk has room again: sending goes on");
    await this.keepReserve();
  }

  private async giveUpReserve(): Promise<void> {
    await rm(this.reserve, { force: true });
  }

  /** Without it sending still stops in time; so a folder that may not be written to is no fault. */
  private async keepReserve(): Promise<void> {
    const size = await stat(this.reserve).then(
      (found) => found.size,
      () => 0,
    );
    if (size >= RESERVE_BYTES) return;
    await writeFile(this.reserve, Buffer.alloc(RESERVE_BYTES)).catch((error: Error) =>
      this.log.warn(`no room is kept for opt-outs: ${error.message}`),
    );
  }

  private get reserve(): string {
    return join(this.path!, RESERVE);
  }
}
