import { toSqlCase, type FactName } from '../../domain/gate';
import { cappedUntil } from '../registry/marketing-cap';
import { lastSent } from '../registry/sent-lately';

/** What the surroundings of a question know: our own SQL expressions, never input. */
interface Surroundings {
  topicId: string;
  channel: string;
  alreadySent: string;
  capped: string;
  dispatchState: string;
  windowEnd: string;
}

/**
 * What the gate asks, over the aliases `g` (gate, left-joined), `c` (contact), `a` (address)
 * and `t` (topic). At the permit, `g` is locked by an earlier statement of the same transaction.
 */
export function gateColumns(around: Surroundings): Record<FactName, string> {
  return {
    hasGateRow: '(g.address_key IS NOT NULL)',
    allowed: "COALESCE(g.allowed, '{}')",
    pending: "COALESCE(g.pending, '{}')",
    withdrawn: "COALESCE(g.withdrawn, '{}')",
    noAll: 'COALESCE(g.no_all, false)',
    noTopics: "COALESCE(g.no_topics, '{}')",
    noBy: 'g.no_by',
    pausedUntil: 'g.paused_until',
    fewer: 'COALESCE(g.fewer, false)',
    undeliverableAt: 'g.undeliverable_at',
    restricted: 'COALESCE(g.restricted, false)',
    erased: 'COALESCE(g.erased, false)',
    kinds: 'c.kinds',
    source: 'a.source',
    minor: 'c.minor',
    noticeAt: 'c.notice_at',
    attestedAt: 'c.attested_at',
    topicId: around.topicId,
    channel: around.channel,
    // Fixed within a statement, and read after the locks of the statement before it.
    now: 'statement_timestamp()',
    alreadySent: around.alreadySent,
    sentLately: `(${lastSent('c.id')} IS NOT NULL)`,
    capped: around.capped,
    dispatchState: around.dispatchState,
    windowEnd: around.windowEnd,
    purposeAssessed:
      "COALESCE(t.assessed_at > statement_timestamp() - interval '12 months', false)",
  };
}

/** The gate's reason (NULL = may go), over the same aliases. */
export const gateReason = (around: Surroundings): string => toSqlCase(gateColumns(around));

/** The gate's reason for a message `m` of a dispatch `d`. The cap's two parameters are numbered from `cap`. */
export const messageReason = (cap: number): string =>
  gateReason({
    topicId: 'd.topic_id',
    channel: 'd.channel',
    alreadySent: '(m.copy > 0)',
    capped: `(${cappedUntil('m.contact_id', cap)} IS NOT NULL)`,
    dispatchState: 'd.state',
    windowEnd: 'd.window_end',
  });
