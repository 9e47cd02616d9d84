import type { Fault, History, MessageRow, ProviderRecord } from './history';
import { violation, type Violation } from './violation';

/** Modes in which the provider gives no clear answer. */
const UNCLEAR =
  /^(accept_then_drop|accept_then_hang|hang|drop|drop_connections|trickle|unreadable|late|http_5\d\d)$/;
/** Faults that can lose an answer or its recording, wherever the provider stood. */
const LOSES_ANSWERS =
  /^(kill_worker|freeze_worker|block_worker|stop_worker|clock_|postgres_|partition_|commit_lost|wrong_reaper)/;
/** From a permit until the reaper may speak: permit, call, outcome, lease, and a sweep. */
const WINDOW_MS = 60_000;
const BEFORE_MS = 10_000;

export interface Unknowns {
  violations: Violation[];
  unknown: number;
  because: Record<string, number>;
  /** Unknowns that the provider's events made known. */
  resolved: number;
}

/** Every UNKNOWN has a cause that we put there, and none remains of which an event has told. */
export function explainUnknowns(
  history: History,
  taken: ReadonlyMap<string, ProviderRecord[]>,
): Unknowns {
  const requests = new Map<string, ProviderRecord[]>();
  for (const record of history.provider) {
    if (record.kind !== 'request') continue;
    requests.set(record.messageId, [...(requests.get(record.messageId) ?? []), record]);
  }
  const told = new Set(history.events.map(({ messageId }) => messageId));
  const loses = history.faults.filter(({ kind }) => LOSES_ANSWERS.test(kind));
  const result: Unknowns = { violations: [], unknown: 0, because: {}, resolved: 0 };
  for (const message of history.messages) {
    const unknown = message.state === 'UNKNOWN' || message.state === 'NO_EVIDENCE';
    if (!unknown) {
      if (wasUnknown(message, requests.get(message.id))) result.resolved += 1;
      continue;
    }
    result.unknown += 1;
    if (taken.has(message.id) && told.has(message.id))
      result.violations.push(
        violation('unresolved_unknown', `message ${message.id}: an event told that it was taken`),
      );
    const cause = causeOf(message, requests.get(message.id) ?? [], loses);
    if (cause) result.because[cause] = (result.because[cause] ?? 0) + 1;
    else
      result.violations.push(
        violation(
          'unexplained_unknown',
          `message ${message.id} (${message.outcomeCode}): no fault of ours explains it`,
        ),
      );
  }
  return result;
}

/** The provider gave no clear answer, and now it is known all the same. */
function wasUnknown({ outcomeCode }: MessageRow, requests: ProviderRecord[] = []): boolean {
  return outcomeCode === 'no_outcome' || requests.some(({ mode }) => UNCLEAR.test(mode));
}

function causeOf(
  { permitAt }: MessageRow,
  requests: ProviderRecord[],
  loses: readonly Fault[],
): string | null {
  const unclear = requests.find(({ mode }) => UNCLEAR.test(mode));
  if (unclear) return `provider ${unclear.mode}`;
  if (permitAt === null) return null;
  const near = loses.filter(
    ({ from, to }) => from < permitAt + WINDOW_MS && to > permitAt - BEFORE_MS,
  );
  return (
    near.sort((a, b) => Math.abs(a.from - permitAt) - Math.abs(b.from - permitAt))[0]?.kind ?? null
  );
}
