import type { Outcome } from '../channels/hand-over';

export interface OutcomeRow {
  id: string;
  state: 'ACCEPTED' | 'REJECTED' | 'RETRY_WAIT' | 'UNKNOWN';
  code: string | null;
  providerId: string | null;
  retrySeconds: number | null;
}

/** After so many permits without a single byte sent, a message is given up as REJECTED. */
const MOST_ATTEMPTS = 12;
const NOT_SENT_SECONDS = 5;
/** The permit's time, or the hour, was too short for all of the batch; that says nothing of the message or the provider. */
const HURRIED = new Set(['start_too_late', 'no_session', 'outside_hours']);

/**
 * What an outcome means for the message. Only proof that the provider has nothing leads back to another
 * try; everything else that is not a clear answer is UNKNOWN and stays so until evidence comes.
 */
export function toRow(outcome: Outcome, attempts: number): OutcomeRow {
  const { messageId: id } = outcome;
  switch (outcome.kind) {
    case 'accepted':
      return row(id, 'ACCEPTED', null, { providerId: outcome.providerId ?? null });
    case 'refused':
      return outcome.permanent
        ? row(id, 'REJECTED', outcome.code)
        : again(id, outcome.code, outcome.retryAfterSeconds ?? 60, attempts);
    case 'rate_limited':
      return again(id, 'rate_limited', outcome.retryAfterSeconds, attempts);
    case 'not_sent':
      return HURRIED.has(outcome.code)
        ? row(id, 'RETRY_WAIT', outcome.code, { retrySeconds: 0.5 })
        : again(id, outcome.code, NOT_SENT_SECONDS * 2 ** Math.min(attempts, 6), attempts);
    case 'unknown':
      return row(id, 'UNKNOWN', outcome.code);
  }
}

function again(id: string, code: string, seconds: number, attempts: number): OutcomeRow {
  return attempts >= MOST_ATTEMPTS
    ? row(id, 'REJECTED', `gave_up_${code}`)
    : row(id, 'RETRY_WAIT', code, { retrySeconds: seconds });
}

function row(
  id: string,
  state: OutcomeRow['state'],
  code: string | null,
  more: Partial<OutcomeRow> = {},
): OutcomeRow {
  return { id, state, code, providerId: null, retrySeconds: null, ...more };
}

export interface OutcomeRows {
  /** What most came to; written once, on the batch. */
  common: OutcomeRow | null;
  /** Those that came to something else; written each on its own row. */
  others: OutcomeRow[];
}

/** What most of a batch came to, and the rest. */
export function inCommon(rows: OutcomeRow[]): OutcomeRows {
  const sameAs = new Map<string, OutcomeRow[]>();
  for (const one of rows) {
    const key = [one.state, one.code, one.providerId, one.retrySeconds].join('\n');
    const same = sameAs.get(key);
    if (same) same.push(one);
    else sameAs.set(key, [one]);
  }
  const groups = [...sameAs.values()].sort((a, b) => b.length - a.length);
  return { common: groups[0]?.[0] ?? null, others: groups.slice(1).flat() };
}
