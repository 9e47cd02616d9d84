import type { ViolationKind } from './checker/violation';
import type { ChaosResult } from './run-chaos';
import { isCaught, type BugResult } from './seeded/run-bugs';

const SHOWN = 40;
const OTHERS: ViolationKind[] = [
  'false_state',
  'missing_opt_out',
  'unexplained_unknown',
  'unresolved_unknown',
  'event_order',
  'event_repeated',
  'deadlock',
];

/** A run in lines; the last one is for machines. */
export function chaosReport({
  history,
  verdict,
  broken,
  crashes,
  slowest,
  seconds,
}: ChaosResult): string[] {
  const { violations } = verdict;
  const count = (kind: ViolationKind) => violations.filter((one) => one.kind === kind).length;
  const people = new Set(history.optOuts.map(({ address }) => address)).size;
  return [
    `faults by kind: ${list(tally(history.faults.map(({ kind }) => kind)))}`,
    `states: ${list(tally(history.messages.map(({ state }) => state)))}`,
    `opt-outs: ${history.optOuts.length} acknowledged, of ${people} people; slowest ${slowest.milliseconds} ms (${slowest.door})`,
    `unknown because: ${list(verdict.unknownBecause) || 'none'}; ${verdict.resolved} more were resolved by events`,
    `others: ${list(Object.fromEntries(OTHERS.map((kind) => [kind, count(kind)])))}`,
    `processes that ended by themselves: ${crashes}; ${seconds} s`,
    ...broken.map((fault) => `the rig could not: ${fault}`),
    ...violations.slice(0, SHOWN).map(({ kind, text }) => `${kind}: ${text}`),
    ...(violations.length > SHOWN ? [`… and ${violations.length - SHOWN} more`] : []),
    `faults=${history.faults.length} messages=${verdict.messages} lost=${count('lost')} ` +
      `duplicated=${count('duplicated')} after_opt_out=${count('after_opt_out')} unknown=${verdict.unknown}`,
  ];
}

/** Every message that is still unknown: its id, when it was permitted, and what we know of its end. */
export function unknownReport({ history }: ChaosResult): string[] {
  return history.messages
    .filter(({ state }) => state === 'UNKNOWN' || state === 'NO_EVIDENCE')
    .map(({ id, permitAt, outcomeCode }) =>
      [id, permitAt && new Date(permitAt).toISOString(), outcomeCode].join(' '),
    );
}

/** One line per bug, and how many were caught. */
export function bugReport(results: readonly BugResult[]): string[] {
  const lines = results.map((result) => {
    const { scenario, bugged, clean, failures, seconds } = result;
    const by = bugged.find(({ kind }) => kind === scenario.caughtAs);
    const caught = by ? `caught as ${by.kind}: ${by.text}` : 'NOT CAUGHT';
    const without = clean.length === 0 ? 'clean without' : `WITHOUT IT: ${clean[0]!.text}`;
    return `${scenario.name} (${scenario.what}): ${caught}; ${[without, ...failures].join('; ')}; ${seconds} s`;
  });
  return [...lines, `${results.filter(isCaught).length}/${results.length} caught`];
}

function tally(values: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of [...values].sort()) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}

const list = (counts: Record<string, number>): string =>
  Object.entries(counts)
    .map(([name, count]) => `${name}=${count}`)
    .join(' ');
