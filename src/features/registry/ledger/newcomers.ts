import type { Sql } from '../../../platform/database/database';
import type { LedgerAct } from './ledger-act';
import { knownContacts, sharingContacts } from './ledger.queries';

interface Named {
  contactId: string;
  key: string;
}

/**
 * The people of one call of whom nothing is known yet: no entry, no gate row, nobody else at their addresses; and
 * of whom the call says nothing but yes, once to each topic. Then there is nothing to weigh: each yes stands, and
 * their gate rows are written once, as they shall be. Should one of those rows turn out to be there when they are
 * made, somebody was faster, and the person is weighed with the rest.
 */
export class Newcomers {
  private constructor(
    private readonly contactIds: Set<string>,
    private readonly topics: Map<string, string[]>,
  ) {}

  /** After their contact rows have been locked. `made`: contacts that this transaction has made. */
  static async among(
    sql: Sql,
    acts: readonly LedgerAct[],
    made: ReadonlySet<string>,
  ): Promise<Newcomers> {
    const { named, topics } = onlyYes(acts);
    const ids = new Set(named.map(({ contactId }) => contactId));
    const own = named.filter(({ contactId }) => made.has(contactId));
    const others = named.filter(({ contactId }) => !made.has(contactId));
    if (own.length > 0) for (const id of await sharingContacts(sql, own)) ids.delete(id);
    if (others.length > 0) {
      const otherIds = [...new Set(others.map(({ contactId }) => contactId))];
      for (const id of await knownContacts(sql, otherIds, others)) ids.delete(id);
    }
    return new Newcomers(ids, topics);
  }

  has({ contactId }: Pick<LedgerAct, 'contactId'>): boolean {
    return contactId !== null && this.contactIds.has(contactId);
  }

  /** Topics that their gate row shall allow, in the order the fold gives them; null: not a newcomer's address. */
  topicsOf(act: LedgerAct, key: string): string[] | null {
    const topics = this.has(act) ? this.topics.get(key) : undefined;
    return (topics && (topics.length > 1 ? topics.sort() : topics)) ?? null;
  }

  drop(contactId: string | null): void {
    if (contactId !== null) this.contactIds.delete(contactId);
  }
}

function onlyYes(acts: readonly LedgerAct[]) {
  const ownerOf = new Map<string, string | null>();
  const topics = new Map<string, string[]>();
  const others = new Set<string | null>([null]);
  for (const act of acts) {
    const { address, contactId, topicId } = act;
    if (!address) {
      others.add(contactId);
      continue;
    }
    const key = address.key.toString('hex');
    const owner = ownerOf.get(key);
    const earlier = topics.get(key);
    if (owner === undefined) ownerOf.set(key, contactId);
    else if (owner !== contactId) others.add(contactId).add(owner);
    if (!isPlainYes(act) || earlier?.includes(topicId!)) others.add(contactId);
    else if (earlier) earlier.push(topicId!);
    else topics.set(key, [topicId!]);
  }
  const named: Named[] = [];
  for (const [key, contactId] of ownerOf) {
    if (contactId !== null && !others.has(contactId)) named.push({ contactId, key });
  }
  return { named, topics };
}

function isPlainYes({ kind, scope, channel, address, topicId }: LedgerAct): boolean {
  return kind === 'grant' && scope === 'topic' && channel === address!.channel && !!topicId;
}
