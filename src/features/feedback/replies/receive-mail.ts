import { Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { normaliseEmail } from '../../../domain/address';
import {
  meaningOfMail,
  ownWords,
  tokensOf,
  whyAutomatic,
  withoutTokens,
  type Automatic,
} from '../../../domain/inbound-mail';
import { Clock } from '../../../platform/clock';
import { Database, type Sql } from '../../../platform/database/database';
import { newId } from '../../../platform/ids';
import { AddressKeys } from '../../contacts/address-keys';
import type { AddressRef } from '../../registry/ledger/ledger-act';
import { LinkTokens, type LinkTokenRow } from '../../registry/link-tokens';
import { OptOuts } from '../../registry/opt-outs';
import type { InboundMail } from './inbound-mail';
import { storeReply } from './reply.queries';

/** What a mail became. `waits`: a person reads it. */
export type Became = 'opted_out' | 'waits' | 'known' | 'test' | Automatic;

/**
 * P-14: a mail that names a link of ours, in its address or subject, and says no, is a no; `From` is believed by
 * nobody. What a machine sent is let be, and everything else waits for a person.
 */
@Injectable()
export class ReceiveMail {
  constructor(
    private readonly db: Database,
    private readonly keys: AddressKeys,
    private readonly links: LinkTokens,
    private readonly optOuts: OptOuts,
    private readonly clock: Clock,
  ) {}

  /** `host`: where the mailbox is that we offer. */
  async run(mail: InboundMail, host?: string): Promise<Became> {
    const automatic = whyAutomatic(mail);
    if (automatic) return automatic;
    const link = await this.firstKnown(tokensOf(mail.recipients, mail.subject, host));
    if (link?.class === 'test') return 'test';
    return this.db.tx(async (tx) => {
      const meaning = meaningOfMail(mail.subject, mail.text);
      const isNo = link !== null && meaning === 'stop';
      const isNew = await storeReply(tx, {
        id: newId(),
        at: this.clock.now(),
        channel: 'email',
        provider: 'sendgrid_inbound',
        providerId: fingerprint(mail),
        address: link ? keyOf(link) : await this.keyOfSender(tx, mail),
        sender: mail.from,
        body: withoutTokens(`${mail.subject}\n\n${ownWords(mail.text)}`),
        meaning,
        open: !isNo,
      });
      if (!isNew) return 'known';
      if (!isNo) return 'waits';
      await this.optOuts.byLinkIn(tx, link, { door: 'reply_mail', detail: 'keyword' });
      return 'opted_out';
    });
  }

  private async firstKnown(tokens: string[]): Promise<LinkTokenRow | null> {
    for (const token of tokens) {
      const link = await this.links.find(token);
      if (link) return link;
    }
    return null;
  }

  private async keyOfSender(tx: Sql, { from }: InboundMail): Promise<Key | null> {
    const address = normaliseEmail(from);
    if (!address.ok) return null;
    return (await this.keys.resolve(tx, 'email', [address.canonical])).get(address.canonical)!;
  }
}

type Key = Omit<AddressRef, 'channel'>;

const keyOf = ({ addressKey, keyVersion }: LinkTokenRow): Key => ({
  key: addressKey,
  version: keyVersion,
});

/** A mail that comes twice is one; a Message-ID may hold an address, so only its hash is kept. */
function fingerprint({ messageId, from, subject, text }: InboundMail): string {
  return createHash('sha256')
    .update(messageId ?? `${from}\n${subject}\n${text}`)
    .digest('hex');
}
