import { Injectable } from '@nestjs/common';
import { normaliseAddress, type Channel } from '../../domain/address';
import { RECIPIENT, type Actor } from '../../platform/http/actor';
import { Database, type Sql } from '../../platform/database/database';
import { Invalid, NotFound } from '../../platform/errors';
import { Together } from '../../platform/together';
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
/** How long noes that are written together wait for a lock. */
const PATIENCE_MS = 250;

/** Whom an act is about. */
type Subject = Pick<LedgerAct, 'contactId' | 'address'>;

interface No {
  about: readonly Subject[];
  source: OptOutSource;
}

interface NoByLink {
  link: LinkTokenRow;
  detail: string;
  door?: Door;
  what?: OptOutScope;
}

/** Every door ends here: one transaction, committed before the answer (P-12), idempotent (P-11). */
@Injectable()
export class OptOuts {
  private readonly together = new Together((noes: NoByLink[]) => this.byLinks(noes));

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
  async byToken(token: string, options: Omit<NoByLink, 'link'>): Promise<OptOutReceipt | null> {
    const link = await this.tokens.find(token);
    if (!link) throw new NotFound('unknown_link');
    return this.byLink(link, options);
  }

  /** As `byToken`, for a link already found. */
  async byLink(link: LinkTokenRow, options: Omit<NoByLink, 'link'>): Promise<OptOutReceipt | null> {
    return link.class === 'test' ? null : this.together.do({ link, ...options });
  }

  /** `byLink` as part of the caller's transaction, for a link that is not of a test. */
  async byLinkIn(
    tx: Sql,
    link: LinkTokenRow,
    options: Omit<NoByLink, 'link'>,
  ): Promise<OptOutReceipt> {
    const [receipt] = await this.byLinksIn(tx, [{ link, ...options }]);
    return receipt!;
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
    const [receipt] = await this.record(tx, [{ about, source }]);
    return receipt!;
  }

  /** All addresses of one person, also those to come. Throws NotFound `unknown_contact`. */
  async byContact(id: string, source: OptOutSource): Promise<OptOutReceipt> {
    return this.db.tx((tx) => this.byContactIn(tx, id, source));
  }

  /** `byContact` as part of the caller's transaction. */
  async byContactIn(tx: Sql, id: string, source: OptOutSource): Promise<OptOutReceipt> {
    const contactId = await contactOfId(tx, id);
    if (!contactId) throw new NotFound('unknown_contact');
    const about = [{ contactId, address: null }];
    const [receipt] = await this.record(tx, [{ about, source }]);
    return receipt!;
  }

  /**
   * A storm of clicks is written in few transactions. Together they do not wait for a permit that holds one of them up:
   * then each waits by itself.
   */
  private byLinks(noes: NoByLink[]): Promise<OptOutReceipt[]> {
    return this.db.tx(
      (tx) => this.byLinksIn(tx, noes),
      noes.length > 1 ? { lockMs: PATIENCE_MS } : {},
    );
  }

  private async byLinksIn(tx: Sql, noes: readonly NoByLink[]): Promise<OptOutReceipt[]> {
    const named: No[] = [];
    for (const { link, door, detail, what } of noes) {
      const { channel, addressKey: key, keyVersion: version, messageId, campaignId } = link;
      // After erasure the link names nobody: then whoever has the address now.
      const people = link.contactId ? [link.contactId] : await holdersOfKey(tx, key);
      named.push({
        about: aboutEach(people, { channel, key, version }),
        source: {
          door: door ?? (channel === 'sms' ? 'sms_link' : 'link'),
          detail,
          what,
          actor: RECIPIENT,
          messageId,
          campaignId,
        },
      });
    }
    const receipts = await this.record(tx, named);
    return receipts.map((receipt, at) => ({
      ...receipt,
      maskedAddress: noes[at]!.link.maskedAddress,
    }));
  }

  private async record(tx: Sql, noes: readonly No[]): Promise<OptOutReceipt[]> {
    const acts = noes.map(toActs);
    const results = await this.registry.record(tx, acts.flat());
    // In a statement after the locks: every permit before these noes is visible, and none can follow.
    const handedOver = await handedOverTo(
      tx,
      noes.map(({ about, source }) => ({
        addressKeys: about.flatMap(({ address }) => address?.key ?? []),
        contactIds: about.flatMap(({ contactId }) => contactId ?? []),
        seen: source.messageId ?? null,
      })),
    );
    let from = 0;
    return noes.map(({ source }, at) => {
      const own = results.slice(from, (from += acts[at]!.length));
      const receipt = toReceipt(own);
      if (receipt.recorded) this.metrics.optOuts.inc({ door: source.door });
      const { scope } = source.what ?? EVERYTHING;
      return { ...receipt, scope, handedOver: handedOver[at]!, maskedAddress: null };
    });
  }
}

/** Everybody who has the address, or nobody we know. */
function aboutEach(people: readonly string[], address: AddressRef): Subject[] {
  if (people.length === 0) return [{ contactId: null, address }];
  return people.map((contactId) => ({ contactId, address }));
}

function toActs({ about, source }: No): LedgerAct[] {
  const { what = EVERYTHING, ...rest } = source;
  return about.map((subject) => ({
    ...rest,
    ...subject,
    kind: 'opt_out',
    scope: what.scope,
    channel: what.scope === 'channel' ? what.channel : null,
    topicId: what.scope === 'topic' ? what.topicId : undefined,
  }));
}

function toReceipt(results: RecordedAct[]): Pick<OptOutReceipt, 'recorded' | 'at' | 'entryId'> {
  const recorded = results.some(({ outcome }) => outcome === 'recorded');
  const [first] = results
    .filter(({ outcome }) => !recorded || outcome === 'recorded')
    .sort((a, b) => a.seq! - b.seq!);
  return { recorded, at: first!.at!, entryId: first!.entryId! };
}
