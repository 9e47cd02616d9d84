import { afterOptOut, missingOptOuts } from './check-opt-outs';
import { explainUnknowns } from './explain-unknowns';
import type { History, MessageRow, ProviderRecord } from './history';
import { violation, type Violation } from './violation';

export interface Verdict {
  violations: Violation[];
  messages: number;
  unknown: number;
  /** How many unknowns each cause explains. */
  unknownBecause: Record<string, number>;
  resolved: number;
}

/** Where a message may stay for good. UNKNOWN is visible; the others before an outcome are not an end. */
const ENDS = new Set([
  'ACCEPTED',
  'DELIVERED',
  'BOUNCED',
  'DROPPED',
  'EXPIRED',
  'NO_TERMINAL_EVENT',
  'REJECTED',
  'UNKNOWN',
  'NO_EVIDENCE',
  'WITHHELD',
  'CANCELLED',
]);
const SAYS_TAKEN = new Set([
  'ACCEPTED',
  'DELIVERED',
  'BOUNCED',
  'DROPPED',
  'EXPIRED',
  'NO_TERMINAL_EVENT',
]);
const SAYS_NOT_TAKEN = new Set(['REJECTED', 'WITHHELD', 'CANCELLED', 'PLANNED', 'RETRY_WAIT']);

/** What the provider, the database and those who said no have to tell each other. Pure: no product code, no clock. */
export function check(history: History): Verdict {
  const taken = takenByMessage(history.provider);
  const unknowns = explainUnknowns(history, taken);
  const violations = [
    ...lost(history),
    ...duplicated(history, taken),
    ...afterOptOut(history),
    ...missingOptOuts(history),
    ...falseStates(history.messages, taken),
    ...unknowns.violations,
    ...eventOrder(history),
  ];
  if (history.repeatedEvents > 0)
    violations.push({
      kind: 'event_repeated',
      text: `${history.repeatedEvents} events are stored more than once`,
    });
  if (history.deadlocks > 0)
    violations.push({ kind: 'deadlock', text: `Postgres broke ${history.deadlocks} deadlocks` });
  return {
    violations,
    messages: history.messages.length,
    unknown: unknowns.unknown,
    unknownBecause: unknowns.because,
    resolved: unknowns.resolved,
  };
}

export function takenByMessage(records: readonly ProviderRecord[]): Map<string, ProviderRecord[]> {
  const taken = new Map<string, ProviderRecord[]>();
  for (const record of records) {
    if (record.kind !== 'taken') continue;
    const list = taken.get(record.messageId);
    if (list) list.push(record);
    else taken.set(record.messageId, [record]);
  }
  return taken;
}

/** Everyone in the audience has one row, the run's own sum agrees, and every row has come to an end. */
function lost({ campaigns, audience, messages }: History): Violation[] {
  const rows = new Map<string, MessageRow[]>();
  for (const message of messages) {
    const list = rows.get(message.campaignId);
    if (list) list.push(message);
    else rows.set(message.campaignId, [message]);
  }
  return campaigns.flatMap(({ id, runState, audience: claimed }) => {
    const own = rows.get(id) ?? [];
    const faults: string[] = [];
    if (runState !== 'finished') faults.push(`its run is ${runState ?? 'not there'}`);
    if (claimed !== own.length) faults.push(`its run counts ${claimed} people, has ${own.length}`);
    const reached = new Set(own.filter(({ copy }) => copy === 0).map(({ address }) => address));
    const missing = audience.filter((address) => !reached.has(address));
    if (missing.length > 0) faults.push(`${missing.length} of its people have no row`);
    return [
      ...faults.map((fault) => violation('lost', `campaign ${id}: ${fault}`)),
      ...own
        .filter(({ state }) => !ENDS.has(state))
        .map((row) => violation('lost', `message ${row.id} is left ${row.state}`)),
    ];
  });
}

function duplicated(
  { messages }: History,
  taken: ReadonlyMap<string, ProviderRecord[]>,
): Violation[] {
  const found: Violation[] = [];
  for (const [id, records] of taken) {
    if (records.length < 2) continue;
    const requests = records.map(({ request, mode }) => `${request} (${mode})`).join(', ');
    found.push(violation('duplicated', `message ${id} was taken in requests ${requests}`));
  }
  const byPerson = new Map<string, string[]>();
  for (const { id, campaignId, address } of messages) {
    if (!taken.has(id)) continue;
    const person = `${campaignId} ${address}`;
    byPerson.set(person, [...(byPerson.get(person) ?? []), id]);
  }
  for (const [person, ids] of byPerson) {
    if (ids.length > 1)
      found.push(violation('duplicated', `${person} got ${ids.length} messages: ${ids.join(' ')}`));
  }
  const known = new Set(messages.map(({ id }) => id));
  for (const id of taken.keys()) {
    if (!known.has(id))
      found.push(violation('lost', `message ${id} was taken, and no row tells of it`));
  }
  return found;
}

function falseStates(
  messages: readonly MessageRow[],
  taken: ReadonlyMap<string, ProviderRecord[]>,
): Violation[] {
  return messages.flatMap(({ id, state, outcomeCode }) => {
    const has = taken.has(id);
    if (SAYS_TAKEN.has(state) && !has)
      return [violation('false_state', `message ${id} is ${state}; the provider never took it`)];
    if (SAYS_NOT_TAKEN.has(state) && has)
      return [
        violation('false_state', `message ${id} is ${state} (${outcomeCode}); the provider has it`),
      ];
    return [];
  });
}

/** How bad an event is; what is shown at the end must be the worst that was told, in whatever order. */
const SHOWN: Record<string, { rank: number; state: string }> = {
  processed: { rank: 1, state: 'ACCEPTED' },
  deferred: { rank: 1, state: 'ACCEPTED' },
  delivered: { rank: 2, state: 'DELIVERED' },
  dropped: { rank: 3, state: 'DROPPED' },
  bounce: { rank: 4, state: 'BOUNCED' },
};

function eventOrder({ messages, events }: History): Violation[] {
  const worst = new Map<string, { rank: number; state: string }>();
  for (const { messageId, type } of events) {
    const shown = SHOWN[type];
    if (shown && shown.rank > (worst.get(messageId)?.rank ?? 0)) worst.set(messageId, shown);
  }
  return messages.flatMap(({ id, state }) => {
    const told = worst.get(id);
    if (!told || told.state === state || !SAYS_TAKEN.has(state)) return [];
    return [violation('event_order', `message ${id} is ${state}; its events say ${told.state}`)];
  });
}
