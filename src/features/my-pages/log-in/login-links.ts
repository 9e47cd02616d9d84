import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock';
import { Env } from '../../../platform/config/env';
import { Database, type Sql } from '../../../platform/database/database';
import { newId } from '../../../platform/ids';
import { ServiceMail } from '../../service-mail/service-mail.service';
import type { Identified } from '../learner';
import { People } from './people';
import { hashToken, newToken } from '../../../platform/tokens';

export const VALID_MINUTES = 15;
/** Whoever asks for more only fills somebody's inbox. */
const MAILS_PER_HOUR = 5;

/** A log-in by a link that is mailed: whoever reads the mailbox may see and say what it gets. */
@Injectable()
export class LoginLinks {
  constructor(
    private readonly env: Env,
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly people: People,
    private readonly serviceMail: ServiceMail,
  ) {}

  /**
   * Mails a link if somebody we know reads this mailbox; tells nobody whether it did (F-63). Of several people at
   * one mailbox a learner goes first, as Mina sidor is theirs, then whom we have known longest.
   */
  async request(canonical: string): Promise<void> {
    const mailId = await this.db.tx(async (tx) => {
      const [person] = await this.people.byMailbox(canonical, tx);
      if (!person || !(await mayMail(tx, person.addressKey))) return null;
      const { token, hash } = newToken(256);
      const now = this.clock.now();
      const expiresAt = new Date(now.getTime() + VALID_MINUTES * 60_000);
      await tx.query(
        `INSERT INTO login_link (token_hash, contact_id, mailbox_key, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5)`,
        [hash, person.contactId, person.addressKey, now, expiresAt],
      );
      return this.serviceMail.queue(tx, {
        template: 'login-link',
        language: person.language,
        to: person.email,
        addressKey: person.addressKey,
        data: {
          loginUrl: this.env.link(`/mina-sidor/link/${token}`),
          validMinutes: String(VALID_MINUTES),
        },
        idempotencyKey: `login-link:${newId()}`,
      });
    });
    await this.serviceMail.ring([mailId]);
  }

  /** Whether the link would log somebody in now; changes nothing, since scanners open links (P-13). */
  async isLive(token: string): Promise<boolean> {
    const rows = await this.db.query(
      'SELECT FROM login_link WHERE token_hash = $1 AND expires_at > $2',
      [hashToken(token), this.clock.now()],
    );
    return rows.length > 0;
  }

  /** Burns the link: whose it was, and the mailbox it came to, for the first who asks in time, else null. */
  async use(token: string): Promise<Identified | null> {
    const [link] = await this.db.query<Identified & Record<string, unknown>>(
      `DELETE FROM login_link WHERE token_hash = $1 AND expires_at > $2
       RETURNING contact_id AS "contactId", mailbox_key AS "mailboxKey"`,
      [hashToken(token), this.clock.now()],
    );
    const contactId = link ? await this.people.byContact(link.contactId) : null;
    return contactId === null ? null : { contactId, mailboxKey: link!.mailboxKey };
  }
}

/** Counted by the mails themselves, one request for a mailbox at a time. */
async function mayMail(tx: Sql, addressKey: Buffer): Promise<boolean> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('login-link:' || $1, 0))`, [
    addressKey.toString('hex'),
  ]);
  const [row] = await tx.query<{ count: number }>(
    `SELECT count(*) FROM service_message
     WHERE address_key = $1 AND template = 'login-link'
       AND created_at > clock_timestamp() - interval '1 hour'`,
    [addressKey],
  );
  return row!.count < MAILS_PER_HOUR;
}
