import { Injectable, Logger } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit';
import { Database, type Sql } from '../../platform/database/database';
import { SYSTEM } from '../../platform/http/actor';
import { newId } from '../../platform/ids';
import { Metrics } from '../../platform/operations/metrics';
import { CHANNELS } from '../registry/ledger/ledger-act';
import { ChannelState } from './channel-state';
import {
  INCIDENT_KINDS,
  type Incident,
  type IncidentDetails,
  type IncidentKind,
} from './incidents.dto';

const COLUMNS = `id, kind, opened_at AS "openedAt", details, closed_at AS "closedAt", closed_by AS "closedBy",
  note, accepted`;

/** Why a channel is held; a person ends it by closing the incident, not by releasing the channel. */
const HELD_BECAUSE = 'incident';
const MOST_LISTED = 100;

/** Promises seen broken. While one is open nothing is sent, on any channel. */
@Injectable()
export class Incidents {
  private readonly log = new Logger('delivery');

  constructor(
    private readonly db: Database,
    private readonly channels: ChannelState,
    private readonly audit: Audit,
    metrics: Metrics,
  ) {
    metrics.readIncidents(async () => {
      const open = await this.open();
      for (const kind of INCIDENT_KINDS)
        metrics.incidentsOpen.set({ kind }, open.some((one) => one.kind === kind) ? 1 : 0);
    });
  }

  /** The newest first. */
  list(): Promise<Incident[]> {
    return this.db.query<Incident & Record<string, unknown>>(
      `SELECT ${COLUMNS} FROM incident ORDER BY closed_at IS NOT NULL, opened_at DESC LIMIT $1`,
      [MOST_LISTED],
    );
  }

  open(sql: Sql = this.db): Promise<Incident[]> {
    return sql.query<Incident & Record<string, unknown>>(
      `SELECT ${COLUMNS} FROM incident WHERE closed_at IS NULL ORDER BY opened_at`,
    );
  }

  /** Waits for whoever closes it, or adds to it, at the same time. */
  async lock(tx: Sql, id: string): Promise<Incident | undefined> {
    const [incident] = await tx.query<Incident & Record<string, unknown>>(
      `SELECT ${COLUMNS} FROM incident WHERE id = $1 FOR UPDATE`,
      [id],
    );
    return incident;
  }

  /**
   * Opens an incident and holds every channel, in one transaction with the caller's; while one of the kind is
   * open, what is found goes to it. True when it is new.
   */
  async raise(tx: Sql, kind: IncidentKind, found: IncidentDetails): Promise<boolean> {
    const standing = (await this.open(tx)).find((one) => one.kind === kind);
    const before = standing && (await this.lock(tx, standing.id));
    if (before && !before.closedAt) {
      await tx.query('UPDATE incident SET details = $2 WHERE id = $1', [
        before.id,
        JSON.stringify({ ...before.details, ...added(before.details, found) }),
      ]);
      return false;
    }
    const id = newId();
    await tx.query(
      `INSERT INTO incident (id, kind, opened_at, details) VALUES ($1, $2, clock_timestamp(), $3)`,
      [id, kind, JSON.stringify(found)],
    );
    const subject = { type: 'incident', id };
    await this.audit.record(tx, SYSTEM, 'incident.opened', subject, { kind });
    await this.hold(tx);
    this.log.error(`incident ${id} (${kind}): all sending is held until somebody closes it`);
    return true;
  }

  /** Again at every look: fails closed also when a channel was let go past us. */
  async holdAgain(): Promise<void> {
    await this.db.tx(async (tx) => {
      const open = await tx.query(`SELECT 1 FROM incident WHERE closed_at IS NULL FOR SHARE`);
      if (open.length > 0) await this.hold(tx);
    });
  }

  /** Lets go what incidents held; what is held for another reason stays so. */
  async release(tx: Sql): Promise<void> {
    if ((await this.open(tx)).length > 0) return;
    for (const { channel, heldBecause } of await this.channels.list(tx)) {
      if (heldBecause === HELD_BECAUSE) await this.channels.release(tx, channel);
    }
  }

  private async hold(tx: Sql): Promise<void> {
    for (const channel of CHANNELS) await this.channels.hold(channel, HELD_BECAUSE, tx);
  }
}

/** Messages that an incident names; more than these it counts. */
const MOST_NAMED = 1000;

/** What an incident tells of such permits. */
export function permitsFound(ids: readonly string[]): IncidentDetails {
  return { permits: ids.length, messageIds: ids.slice(0, MOST_NAMED) };
}

/** Runs are counted anew at each look; a permit is found once, or again by a look at everything. */
function added(before: IncidentDetails, found: IncidentDetails): IncidentDetails {
  if (found.runs) return { runs: found.runs };
  const known = new Set(before.messageIds);
  const again = found.messageIds!.filter((id) => known.has(id)).length;
  return {
    permits: (before.permits ?? 0) + found.permits! - again,
    messageIds: [...new Set([...known, ...found.messageIds!])].slice(0, MOST_NAMED),
  };
}
