import { Injectable } from '@nestjs/common';
import { Database } from '../../../platform/database/database';
import { LinkTokens } from '../../registry/link-tokens';

/** The opt-out link of a text message. */
const LINK = /\/s\/([A-Za-z0-9]{16})(?![A-Za-z0-9])/g;

/** Knows our text messages again by the link that only one message had: a proof that needs no id of ours at Twilio. */
@Injectable()
export class SmsLinks {
  constructor(
    private readonly db: Database,
    private readonly links: LinkTokens,
  ) {}

  /** Each text's message; null where the text is not of ours, or of a test. */
  async messagesOf(texts: readonly string[]): Promise<(string | null)[]> {
    const hashes = texts.map((text) =>
      [...text.matchAll(LINK)].map(([, token]) => this.links.hash(token!)),
    );
    const rows = await this.db.query<{ hash: string; messageId: string }>(
      `SELECT encode(hash, 'hex') AS hash, message_id AS "messageId" FROM link_token
       WHERE hash = ANY($1::bytea[]) AND class = 'message' AND channel = 'sms' AND message_id IS NOT NULL`,
      [hashes.flat()],
    );
    const known = new Map(rows.map(({ hash, messageId }) => [hash, messageId]));
    return hashes.map(
      (found) => found.flatMap((hash) => known.get(hash.toString('hex')) ?? [])[0] ?? null,
    );
  }
}
