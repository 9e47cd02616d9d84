import { Injectable } from '@nestjs/common';
import { normaliseAddress, type Channel } from '../../domain/address';
import { RECIPIENT, type Actor } from '../../platform/http/actor';
import { Database, type Sql } from '../../platform/database/database';
import { Invalid, NotFound } from '../../platform/errors';
import { Metrics } from '../../platform/operations/metrics';
import { AddressKeys } from '../contacts/address-keys';
import type { AddressRef, Door, LedgerAct, RecordedAct } from './ledger/ledger-act';
import { LinkTokens, mask, type LinkTokenRow } from './link-tokens';
import { contactOfId, handedOverTo, holdersOfKey, type HandedOver } from './opt-outs.queries';
import { Registry } from './registry.service';

/** What the person says no to: everything everywhere unless they said less. */
export type OptOutScope =
  { scope: 'all' } | { scope: 'channel'; channel: Channel } | { scope: 'topic'; topicId: string };

export interface OptOutReceipt {
  /** false: the same no already stood, and `at` and `entryId` are the first one's. */
  recorded: boolean;
  at: Date;
  scope: OptOutScope['scope'];
  entryId: string;
  /** Messages that had left us before this no was committed, to any address of the person. */
  handedOver: HandedOver;
  maskedAddress: string | null;
}

export interface OptOutSource {
  door: Door;
  actor: Pick<Actor, 'type' | 'id'>;
  detail?: string;
  what?: OptOutScope;
  messageId?: string | null;
  campaignId?: string | null;
  /** Codes and references; never an address or a name. */
  evidence?: Record<string, unknown>;
}

const EVERYTHING: OptOutScope = { scope: 'all' };

/** Every door ends here: one transaction, committed before the answer (P-12), idempotent (P-11). */
@Injectable()
export class OptOuts {
  constructor(
    private readonly db: Database,
    private readonly registry: Registry,
    private readonly tokens: LinkTokens,
    private readonly keys: AddressKeys,
    private readonly metrics: Metrics,
  ) {}

  /**
   * The no of a link's holder. Throws NotFound `unknown_link`. A test link is answered `null`: it belongs to
   * nobody, and changes nothing (P-18).
   */
  async byToken(
    token: string,
    options: { detail: string; door?: Door; what?: OptOutScope },
  ): Promise<OptOutReceipt | null> {
    const link = await this.tokens.find(token);
    if (!link) throw new NotFound('unknown_link');
    return this.byLink(link, options);
  }

  /** As `byToken`, for a link already found. */
  async byLink(
    link: LinkTokenRow,
    options: { detail: string; door?: Door; what?: OptOutScope },
  ): Promise<OptOutReceipt | null> {
    if (link.class === 'test') return null;
    return this.db.tx((tx) => this.byLinkIn(tx, link, options));
  }

  /** `byLink` as part of the caller's transaction, for a link that is not of a test. */
  async byLinkIn(
    tx: Sql,
    link: LinkTokenRow,
    options: { detail: string; door?: Door; what?: OptOutScope },
  ): Promise<OptOutReceipt> {
    const address = { channel: link.channel, key: link.addressKey, version: link.keyVersion };
    const source: OptOutSource = {
      door: options.door ?? (link.channel === 'sms' ? 'sms_link' : 'link'),
      detail: options.detail,
      what: options.what,
      actor: RECIPIENT,
      messageId: link.messageId,
      campaignId: link.campaignId,
    };
    // After erasure the link names nobody: then whoever has the address now.
    const people = link.contactId ? [link.contactId] : await holdersOfKey(tx, address.key);
    const receipt = await this.record(tx, aboutEach(people, address), source);
    return { ...receipt, maskedAddress: link.maskedAddress };
  }

  /** Known or unknown address; binds everyone registered with it. Throws Invalid `invalid_address`. */
  async byAddress(channel: Channel, raw: string, source: OptOutSource): Promise<OptOutReceipt> {
    return this.db.tx((tx) => this.byAddressIn(tx, channel, raw, source));
  }

  /** `byAddress` as part of the caller's transaction. */
  async byAddressIn(
    tx: Sql,
    channel: Channel,
    raw: string,
    source: OptOutSource,
  ): Promise<OptOutReceipt> {
    const normalised = normaliseAddress(channel, raw);
    if (!normalised.ok) {
      throw new Invalid('invalid_address', {
        errors: [{ path: 'address', code: normalised.code, message: normalised.code }],
      });
    }
    const { canonical } = normalised;
    const resolved = (await this.keys.resolve(tx, channel, [canonical])).get(canonical)!;
    const receipt = await this.byKeysIn(tx, [{ channel, ...resolved }], source);
    return { ...receipt, maskedAddress: mask(channel, normalised.value) };
  }

  /** The same where only keys of addresses are known; several at once, so that their rows are locked in one order. */
  async byKeysIn(
    tx: Sql,
    addresses: readonly AddressRef[],
    source: OptOutSource,
  ): Promise<OptOutReceipt> {
    const about: Subject[] = [];
    for (const address of addresses)
      about.push(...aboutEach(await holdersOfKey(tx, address.key), address));
    return this.record(tx, about, source);
  }

  /** All addresses of one person, also those to come. Throws NotFound `unknown_contact`. */
  async byContact(id: string, source: OptOutSource): Promise<OptOutReceipt> {
    return this.db.tx((tx) => this.byContactIn(tx, id, source));
  }

  /** `byContact` as part of the caller's transaction. */
  async byContactIn(tx: Sql, id: string, source: OptOutSource): Promise<OptOutReceipt> {
    const contactId = await contactOfId(tx, id);
    if (!contactId) throw new NotFound('unknown_contact');
    return this.record(tx, [{ contactId, address: null }], source);
  }

  private async record(
    tx: Sql,
    about: readonly Subject[],
    source: OptOutSource,
  ): Promise<OptOutReceipt> {
    const { what = EVERYTHING, ...rest } = source;
    const act: Omit<LedgerAct, 'contactId' | 'address'> = {
      ...rest,
      kind: 'opt_out',
      scope: what.scope,
      channel: what.scope === 'channel' ? what.channel : null,
      topicId: what.scope === 'topic' ? what.topicId : undefined,
    };
    const results = await this.registry.record(
      tx,
      about.map((subject) => ({ ...act, ...subject })),
    );
    // In a statement after the locks: every permit before this no is visible, and none can follow.
    const seen = source.messageId ?? null;
    const people = about.flatMap(({ contactId }) => contactId ?? []);
    const handedOver = await handedOverTo(tx, about[0]?.address?.key ?? null, people, seen);
    const receipt = toReceipt(results);
    if (receipt.recorded) this.metrics.optOuts.inc({ door: source.door });
    return { ...receipt, scope: what.scope, handedOver, maskedAddress: null };
  }
}

/** Whom an act is about. */
type Subject = Pick<LedgerAct, 'contactId' | 'address'>;

/** Everybody who has the address, or nobody we know. */
function aboutEach(people: readonly string[], address: AddressRef): Subject[] {
  if (people.length === 0) return [{ contactId: null, address }];
  return people.map((contactId) => ({ contactId, address }));
}

function toReceipt(results: RecordedAct[]): Pick<OptOutReceipt, 'recorded' | 'at' | 'entryId'> {
  const recorded = results.some(({ outcome }) => outcome === 'recorded');
  const [first] = results
    .filter(({ outcome }) => !recorded || outcome === 'recorded')
    .sort((a, b) => a.seq! - b.seq!);
  return { recorded, at: first!.at!, entryId: first!.entryId! };
}
