import type { GateRow, History, Instant, MessageRow, RegistryEntry } from './history';
import { violation, type Violation } from './violation';

/** A permit lives 2 s and a call 10 s: nothing of ours may reach the provider later than this after a no. */
export const DRAIN_MS = 12_000;
/** Times are stored to the millisecond, rounded; two that are equal are in no order. */
const ROUNDING_MS = 1;

interface No {
  ackedAt: Instant;
  door: string;
  /** Its place in the registry, if it is there. */
  entry: RegistryEntry | undefined;
  /** The gate's epoch that the no made; null when something changed the gate since. */
  epoch: number | null;
}

/** No permit after an acknowledged no, by four measures that do not depend on each other. */
export function afterOptOut(history: History): Violation[] {
  const noes = firstNoes(history);
  const byId = new Map(history.messages.map((message) => [message.id, message]));
  const found = history.messages.flatMap((message) => {
    const no = noes.get(message.address);
    const why = no && permitAfter(message, no);
    return why ? [violation('after_opt_out', `message ${message.id}: ${why}`)] : [];
  });
  for (const record of history.provider) {
    if (record.kind !== 'request') continue;
    const no = noes.get(byId.get(record.messageId)?.address ?? '');
    const late = no ? record.at - no.ackedAt : 0;
    if (late > DRAIN_MS)
      found.push(
        violation(
          'after_opt_out',
          `message ${record.messageId} reached the provider ${late} ms after the no (${no!.door})`,
        ),
      );
  }
  return found;
}

/** Why this message's permit came after the no, or null. */
function permitAfter(message: MessageRow, no: No): string | null {
  const { permitAt, permitCommittedAt, epoch } = message;
  if (permitAt === null) return null;
  if (permitAt > no.ackedAt + ROUNDING_MS)
    return `permitted ${permitAt - no.ackedAt} ms after the no (${no.door}) was acknowledged`;
  if (permitCommittedAt !== null && permitCommittedAt > no.ackedAt + ROUNDING_MS)
    return `its permit was committed ${Math.round(permitCommittedAt - no.ackedAt)} ms after the no (${no.door}) was acknowledged`;
  if (no.entry && permitAt > no.entry.at + ROUNDING_MS)
    return `permitted ${permitAt - no.entry.at} ms after the registry's entry ${no.entry.seq}`;
  if (no.epoch !== null && epoch !== null && epoch >= no.epoch)
    return `permitted at epoch ${epoch}; the no made it ${no.epoch}`;
  return null;
}

/** Each address's earliest acknowledged no. */
function firstNoes({ optOuts, entries, gates }: History): Map<string, No> {
  const gateOf = new Map<string, GateRow>(gates.map((gate) => [gate.address, gate]));
  const entriesOf = new Map<string, RegistryEntry[]>();
  for (const entry of entries) {
    const list = entriesOf.get(entry.address);
    if (list) list.push(entry);
    else entriesOf.set(entry.address, [entry]);
  }
  const noes = new Map<string, No>();
  for (const { address, ackedAt, door } of optOuts) {
    const known = noes.get(address);
    if (known && known.ackedAt <= ackedAt) continue;
    const own = entriesOf.get(address) ?? [];
    const entry = own.find(({ kind }) => kind === 'opt_out');
    const newest = own.reduce((last, { seq }) => Math.max(last, seq), 0);
    const epoch = entry && entry.seq === newest ? (gateOf.get(address)?.epoch ?? null) : null;
    noes.set(address, { ackedAt, door, entry, epoch });
  }
  return noes;
}

/** What was acknowledged is in the registry, and the gate says so. And nobody is kept out without a cause. */
export function missingOptOuts(history: History): Violation[] {
  const closed = new Set(history.gates.filter(({ noAll }) => noAll).map(({ address }) => address));
  const written = new Set(
    history.entries.filter(({ kind }) => kind === 'opt_out').map(({ address }) => address),
  );
  const said = new Set(history.optOuts.map(({ address }) => address));
  const missing = [...said].flatMap((address) => {
    if (!written.has(address))
      return [violation('missing_opt_out', `${short(address)} said no; the ledger has no entry`)];
    if (!closed.has(address))
      return [violation('missing_opt_out', `${short(address)} said no; the gate is open`)];
    return [];
  });
  const mayHave = new Set([...said, ...history.unansweredOptOuts]);
  const withheld = history.messages
    .filter(({ reason, address }) => reason?.startsWith('suppressed') && !mayHave.has(address))
    .map(({ id, reason }) =>
      violation('lost', `message ${id} is withheld (${reason}), and nobody said no`),
    );
  return [...missing, ...withheld];
}

const short = (address: string): string => address.slice(0, 12);
