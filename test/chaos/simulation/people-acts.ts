import { Contacts } from '../../../src/features/contacts/contacts.service';
import { ApplyEvents } from '../../../src/features/feedback/apply-events';
import { ReceiveEvents } from '../../../src/features/feedback/receive-events';
import { MergeContacts } from '../../../src/features/imports/people/merge-contacts';
import { OptOuts } from '../../../src/features/registry/opt-outs';
import { Conflict, NotFound } from '../../../src/platform/errors';
import { OPERATOR, RECIPIENT, SYSTEM } from '../../../src/platform/http/actor';
import { doubleOptIn, grant } from '../../integration/registry/world';
import type { Cast } from './cast';
import type { Knowledge } from './knowledge';
import type { Product } from './product';
import type { ProviderLedger } from './scripted-channel';

/** What people say, what is done about them, and what the provider reports of them. */
export class PeopleActs {
  constructor(
    private readonly product: Product,
    private readonly cast: Cast,
    private readonly ledger: ProviderLedger,
    private readonly knowledge: Knowledge,
  ) {}

  async sayNo(person: number, door: string): Promise<void> {
    const { topicId, world } = this.product;
    const optOuts = this.product.get(OptOuts);
    const { contactId, addresses, messageId } = this.cast.people[person]!;
    const address = addresses.at(-1)!;
    const byAddress = (what?: { scope: 'topic'; topicId: string }) =>
      optOuts.byAddress('email', address, { door: 'manual_form', actor: RECIPIENT, what });
    // Nobody is left behind an erased address: such a no is about the address alone.
    const whose = this.knowledge.isErased(person) ? [address] : this.knowledge.addressesOf(person);
    if (door === 'complaint' && this.ledger.taken.has(messageId)) {
      await this.report([[messageId, 'spamreport']], 2);
    } else if (door === 'link') {
      const link = world.tokens.tokenFor(messageId);
      // No link before the first permit.
      await orElse(optOuts.byToken(link, { detail: 'form' }), byAddress);
    } else if (door === 'contact') {
      const source = { door: 'service_desk', actor: OPERATOR } as const;
      await orElse(optOuts.byContact(contactId, source), byAddress);
    } else await byAddress(door === 'topic' ? { scope: 'topic', topicId } : undefined);
    this.knowledge.acknowledged(whose);
  }

  async sayYes(person: number, proven: boolean): Promise<void> {
    const { world, topicId } = this.product;
    if (this.knowledge.isErased(person)) return;
    const address = this.cast.people[person]!.addresses.at(-1)!;
    const { contactId } = this.cast.people[this.knowledge.survivor(person)]!;
    const keep = proven ? this.knowledge.lift(address) : () => undefined;
    const yes = (proven ? doubleOptIn : grant)(world.ref(address), contactId, topicId);
    const [recorded] = await world.record(yes);
    if (recorded!.outcome === 'refused') keep();
  }

  async erase(person: number): Promise<void> {
    const { world, db } = this.product;
    if (this.knowledge.isErased(person)) return;
    const self = this.knowledge.survivor(person);
    const gone = this.cast.people.filter((_, n) => this.knowledge.survivor(n) === self);
    const { contactId } = this.cast.people[self]!;
    await db.tx(async (tx) => {
      await world.registry.record(
        tx,
        this.knowledge.addressesOf(person).map((address) => ({
          kind: 'erase' as const,
          scope: 'all' as const,
          channel: null,
          address: world.ref(address),
          contactId,
          door: 'privacy_officer' as const,
          actor: SYSTEM,
        })),
      );
      await this.product.get(Contacts).remove(
        tx,
        gone.map((one) => one.contactId),
      );
    });
    this.knowledge.erase(person);
  }

  async merge(keep: number, drop: number): Promise<void> {
    const [a, b] = [this.knowledge.survivor(keep), this.knowledge.survivor(drop)];
    if (a === b || this.knowledge.isErased(a) || this.knowledge.isErased(b)) return;
    const id = (person: number) => this.cast.people[person]!.contactId;
    const merged = this.product
      .get(MergeContacts)
      .run(id(a), id(b), OPERATOR)
      .then(() => true);
    if (await orElse(merged, async () => false)) this.knowledge.merge(a, b);
  }

  /** Only of what the provider has; the same event is the same event, however often it comes. */
  async report(events: (readonly [string, string])[], copies: number): Promise<void> {
    const ofTaken = events.filter(([messageId]) => this.ledger.taken.has(messageId));
    const incoming = ofTaken.map(([messageId, type]) => ({
      providerEventId: `${messageId}-${type}`,
      type: type === 'blocked' ? 'bounce' : type,
      subtype: type === 'blocked' ? 'blocked' : null,
      code: null,
      occurredAt: null,
      messageId,
      email: null,
    }));
    for (let copy = 0; copy < copies; copy += 1) {
      await this.product.get(ReceiveEvents).run('sendgrid', incoming);
      await this.product.get(ApplyEvents).run();
    }
  }
}

/** Refusals that the product gives politely are part of the story. */
export async function orElse<T>(work: Promise<T>, otherwise: () => Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof NotFound || error instanceof Conflict) return otherwise();
    throw error;
  }
}
