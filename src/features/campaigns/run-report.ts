import { Injectable } from '@nestjs/common';
import type { MessageState } from '../../domain/message-state';
import { Database } from '../../platform/database/database';
import type { Dispatch } from '../delivery/dispatches';
import { countsOf, type Counts } from '../delivery/reports';
import type {
  CampaignMeasures,
  CampaignReport,
  DoorCount,
  FaultCount,
  HourCount,
  LinkCount,
  Measure,
  UnknownCount,
} from './campaign-report.dto';
import { RUN_EVENTS, RUN_ROWS } from './campaign-report.queries';
import { CampaignTallies, type Medians } from './campaign-tallies';
import { SmsCostReport } from './sms-cost';

const HOUR = 3_600_000;
const HOURS_SHOWN = 72;
/** After which nothing is heard of an unknown message any more (see SettleSilence). */
const NO_EVIDENCE_HOURS = 24;

interface Row {
  audience: number;
  state: MessageState | null;
  reason: string | null;
  code: string | null;
  hour: Date | null;
  lastPermitAt: Date | null;
  count: number;
  complaints: number;
}

interface EventRow {
  type: 'delivered' | 'bounce' | 'dropped' | 'expired';
  code: string | null;
  /** Of those that arrived. */
  hour: Date | null;
  count: number;
}

/** What is counted elsewhere. */
interface Beside {
  optOuts: DoorCount[];
  links: LinkCount[] | null;
  clicks: { hour: Date; count: number }[];
}

type RunReport = Pick<
  CampaignReport,
  'counts' | 'measures' | 'faults' | 'unknown' | 'hours' | 'sms'
>;

const NOTHING: RunReport = {
  counts: null,
  measures: null,
  faults: [],
  unknown: { open: 0, closed: 0, closedBy: null },
  hours: [],
  sms: null,
};

/** The part of a report that is read from the messages of its run. */
@Injectable()
export class RunReports {
  constructor(
    private readonly db: Database,
    private readonly tallies: CampaignTallies,
    private readonly costs: SmsCostReport,
  ) {}

  async report(dispatch: Dispatch | undefined, beside: Beside): Promise<RunReport> {
    if (!dispatch) return NOTHING;
    const { id, campaignId, createdAt, channel } = dispatch;
    const [rows, events, medians, sms] = await Promise.all([
      this.db.query<Row & Record<string, unknown>>(RUN_ROWS, [id]),
      this.db.query<EventRow & Record<string, unknown>>(RUN_EVENTS, [id, createdAt]),
      this.tallies.before(campaignId),
      channel === 'sms' ? this.costs.actual(id) : null,
    ]);
    const counts = countsOf(rows[0]?.audience ?? 0, rows);
    return {
      counts,
      measures: measuresOf(
        counts,
        sum(rows, ({ complaints }) => complaints),
        beside,
        medians,
      ),
      faults: faultsOf(rows, events),
      unknown: unknownOf(rows),
      hours: hoursOf(createdAt, rows, events, beside.clicks),
      sms,
    };
  }
}

function measuresOf(
  { audience, buckets, states }: Counts,
  complaints: number,
  { optOuts, links }: Beside,
  medians: Medians,
): CampaignMeasures {
  const { accepted } = buckets;
  const measure = (count: number, median: number | null, of = accepted): Measure => ({
    count,
    share: of > 0 ? count / of : null,
    median,
  });
  const { DELIVERED = 0, BOUNCED = 0, DROPPED = 0, EXPIRED = 0 } = states;
  const bounced = BOUNCED + DROPPED + EXPIRED;
  const clicks = links && sum(links, ({ clicks }) => clicks);
  return {
    accepted: measure(accepted, medians.accepted, audience),
    delivered: DELIVERED + bounced > 0 ? measure(DELIVERED, medians.delivered) : null,
    bounced: measure(bounced, medians.bounced),
    complaints: measure(complaints, medians.complaints),
    optOuts: measure(
      sum(optOuts, ({ count }) => count),
      medians.optOuts,
    ),
    clicks: clicks === null ? null : measure(clicks, medians.clicks),
  };
}

const OF_EVENT = { bounce: 'BOUNCED', dropped: 'DROPPED', expired: 'EXPIRED' } as const;

function faultsOf(rows: Row[], events: EventRow[]): FaultCount[] {
  const found = new Map<string, FaultCount>();
  const add = (state: FaultCount['state'], code: string | null, count: number) => {
    const key = `${state} ${code}`;
    const known = found.get(key) ?? { state, code, count: 0 };
    found.set(key, { ...known, count: known.count + count });
  };
  for (const { state, code, count } of rows)
    if (state === 'REJECTED' || state === 'UNKNOWN' || state === 'NO_EVIDENCE')
      add(state, code, count);
  for (const { type, code, count } of events)
    if (type !== 'delivered') add(OF_EVENT[type], code, count);
  return [...found.values()].sort((a, b) => b.count - a.count);
}

function unknownOf(rows: Row[]): UnknownCount {
  const open = rows.filter(({ state }) => state === 'UNKNOWN');
  const last = Math.max(0, ...open.map(({ lastPermitAt }) => lastPermitAt?.getTime() ?? 0));
  return {
    open: sum(open, ({ count }) => count),
    closed: sum(
      rows.filter(({ state }) => state === 'NO_EVIDENCE'),
      ({ count }) => count,
    ),
    closedBy: last > 0 ? new Date(last + NO_EVIDENCE_HOURS * HOUR) : null,
  };
}

function hoursOf(
  began: Date,
  rows: Row[],
  events: EventRow[],
  clicks: { hour: Date; count: number }[],
): HourCount[] {
  const hours = new Map<number, HourCount>();
  const add = (hour: Date | null, what: 'sent' | 'delivered' | 'clicks', count: number) => {
    if (!hour || hour.getTime() > began.getTime() + HOURS_SHOWN * HOUR) return;
    const known = hours.get(hour.getTime()) ?? { at: hour, sent: 0, delivered: 0, clicks: 0 };
    hours.set(hour.getTime(), { ...known, [what]: known[what] + count });
  };
  for (const { hour, count } of rows) add(hour, 'sent', count);
  for (const { type, hour, count } of events)
    if (type === 'delivered') add(hour, 'delivered', count);
  for (const { hour, count } of clicks) add(hour, 'clicks', count);
  return [...hours.values()].sort((a, b) => a.at.getTime() - b.at.getTime());
}

function sum<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
