import { Injectable } from '@nestjs/common';
import { Database, type Sql } from '../../platform/database/database';
import { Metrics } from '../../platform/operations/metrics';
import {
  EQUATION_GAPS,
  GAPS_OF,
  MARK,
  NEXT_STRETCH,
  PERMITS_AFTER_OPT_OUT,
  PERMITS_AFTER_OPT_OUT_IN,
  STILL_PERMITTED_AFTER_OPT_OUT,
  YOUNG_RUNS,
} from './audit.queries';
import { Incidents, permitsFound } from './incidents';
import type { EquationGap, Incident, IncidentDetails } from './incidents.dto';

/** A permit is used within two seconds and its transaction may be silent for two: later it is void. */
const UNUSABLE_SECONDS = 12;
/** Of permits that one statement looks at; less where sending is so fast that it takes too long. */
const STRETCH_SECONDS = 60;
/** Far from the 60 s after which a statement is ended, and the same stretch would be tried for ever. */
const LONG_MS = 20_000;
const SHORT_MS = 5_000;
/** After a long silence of the scheduler, one look catches up for so long and the next goes on. */
const CATCH_UP_MS = 2_000;
/** A look may take this part of the time, so that the watching never becomes the load. */
const SHARE_OF_TIME = 1 / 20;

export interface Findings {
  /** Recipients that no state accounts for, in the runs looked at. */
  equationGap: number;
  /** Permits given after an acknowledged no, of incidents that are open. */
  permitsAfterOptOut: number;
}

/**
 * The two promises, asked of the database itself while it works. A fault is a fact: it opens an incident, and
 * nothing more is sent until a person has closed it.
 */
@Injectable()
export class AuditDelivery {
  private restUntil = 0;
  private stretchSeconds = STRETCH_SECONDS;

  constructor(
    private readonly db: Database,
    private readonly incidents: Incidents,
    private readonly metrics: Metrics,
  ) {}

  /** The timer's: what is new since the last look; rests after a long one. */
  async run(): Promise<void> {
    const begun = performance.now();
    if (begun < this.restUntil) return;
    await this.check();
    const took = performance.now() - begun;
    this.restUntil = begun + took / SHARE_OF_TIME;
  }

  /** `everything`: all runs of the last week with all their permits, up to now. */
  async check({ everything = false } = {}): Promise<Findings> {
    await this.incidents.holdAgain();
    const gaps = everything ? await this.lookAtEverything() : await this.lookAtWhatIsNew();
    const open = await this.incidents.open();
    const findings = {
      equationGap: gaps.reduce((sum, { gap }) => sum + Math.abs(gap), 0),
      permitsAfterOptOut: open.reduce((sum, { details }) => sum + (details.permits ?? 0), 0),
    };
    this.metrics.equationGap.set(findings.equationGap);
    this.metrics.permitsAfterOptOut.set(findings.permitsAfterOptOut);
    return findings;
  }

  /** What of an incident is still so; null when its cause is gone. */
  async standing(sql: Sql, { kind, details }: Incident): Promise<IncidentDetails | null> {
    if (kind === 'equation_gap') {
      const ids = (details.runs ?? []).map(({ dispatchId }) => dispatchId);
      const runs = await sql.query<EquationGap & Record<string, unknown>>(GAPS_OF, [ids]);
      return runs.length > 0 ? { runs } : null;
    }
    const permits = await sql.query<{ id: string }>(STILL_PERMITTED_AFTER_OPT_OUT, [
      details.messageIds ?? [],
    ]);
    return permits.length > 0 ? permitsFound(permits.map(({ id }) => id)) : null;
  }

  private async lookAtWhatIsNew(): Promise<EquationGap[]> {
    const known = (await this.incidents.open()).flatMap(({ details }) => details.runs ?? []);
    const gaps = await this.db.query<EquationGap & Record<string, unknown>>(EQUATION_GAPS, [
      known.map(({ dispatchId }) => dispatchId),
    ]);
    await this.raiseGaps(gaps);
    const end = performance.now() + CATCH_UP_MS;
    while ((await this.lookAtNextStretch()) && performance.now() < end);
    return gaps;
  }

  /** True when there is more to look at. The mark moves in the transaction that raises what was found before it. */
  private async lookAtNextStretch(): Promise<boolean> {
    const begun = performance.now();
    try {
      return await this.db.tx(async (tx) => {
        const [stretch] = await tx.query<{ since: Date; until: Date; more: boolean }>(
          NEXT_STRETCH,
          [UNUSABLE_SECONDS, this.stretchSeconds],
        );
        if (!stretch) return false;
        await this.raisePermits(
          tx,
          await tx.query<{ id: string }>(PERMITS_AFTER_OPT_OUT, [stretch.since, stretch.until]),
        );
        await tx.query(MARK, [stretch.until]);
        return stretch.more;
      });
    } finally {
      const took = performance.now() - begun;
      if (took > LONG_MS) this.stretchSeconds = Math.max(1, this.stretchSeconds / 2);
      else if (took < SHORT_MS)
        this.stretchSeconds = Math.min(STRETCH_SECONDS, this.stretchSeconds * 2);
    }
  }

  /** Run by run, so that no statement is long. */
  private async lookAtEverything(): Promise<EquationGap[]> {
    const found: EquationGap[] = [];
    for (const { id } of await this.db.query<{ id: string }>(YOUNG_RUNS)) {
      found.push(...(await this.db.query<EquationGap & Record<string, unknown>>(GAPS_OF, [[id]])));
      const permits = await this.db.query<{ id: string }>(PERMITS_AFTER_OPT_OUT_IN, [id]);
      await this.db.tx((tx) => this.raisePermits(tx, permits));
    }
    await this.raiseGaps(found);
    return found;
  }

  private async raiseGaps(runs: EquationGap[]): Promise<void> {
    if (runs.length > 0)
      await this.db.tx((tx) => this.incidents.raise(tx, 'equation_gap', { runs }));
  }

  private async raisePermits(tx: Sql, permits: { id: string }[]): Promise<void> {
    if (permits.length === 0) return;
    const found = permitsFound(permits.map(({ id }) => id));
    await this.incidents.raise(tx, 'permit_after_opt_out', found);
  }
}
