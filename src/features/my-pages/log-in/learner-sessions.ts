import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Audit } from '../../../platform/audit/audit';
import { Clock } from '../../../platform/clock';
import { Env } from '../../../platform/config/env';
import { Database, type Sql } from '../../../platform/database/database';
import { Forbidden } from '../../../platform/errors';
import type { Actor } from '../../../platform/http/actor';
import { newId } from '../../../platform/ids';
import { isFromOurselves, SAFE_METHODS } from '../../accounts/origin.guard';
import type { Identified, Learner } from '../learner';
import { LearnerCookie, SESSION_MS } from './learner-cookies';
import { WHO_MAY_ENTER } from './people';
import { hashToken, newToken } from '../../../platform/tokens';

const MINUTE = 60_000;
export const IDLE_MS = 30 * MINUTE;

/**
 * Whether the mailbox that was shown to be read is still held by whom it was shown for, in a row `s` of
 * learner_session: no merge hands the proof to another contact, and with the address the proof is gone.
 */
export const MAILBOX_IS_HELD = `
  EXISTS (SELECT FROM address box WHERE box.contact_id = s.contact_id AND box.address_key = s.mailbox_key)`;

interface Session extends Record<string, unknown> {
  id: string;
  contactId: string;
  via: Learner['via'];
  mailboxKey: Buffer | null;
  lastSeenAt: Date;
}

/**
 * People logged in to Mina sidor. Every request reads the row and the person anew, so that a log-out, a restriction
 * or an erasure counts from the next one, and a merge leads to the contact that was kept.
 */
@Injectable()
export class LearnerSessions {
  constructor(
    private readonly env: Env,
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly cookie: LearnerCookie,
    private readonly audit: Audit,
  ) {}

  /** Who the browser is logged in as, or null; throws Forbidden when another site sends it to change something. */
  async of(request: Request): Promise<Learner | null> {
    const token = this.cookie.read(request);
    if (token === null) return null;
    const isSafe = SAFE_METHODS.has(request.method);
    if (!isSafe && !isFromOurselves(request, new URL(this.env.PUBLIC_URL).origin)) {
      throw new Forbidden('cross_site_request');
    }
    const session = await this.find(token);
    if (!session) return null;
    const { id: sessionId, contactId, via, mailboxKey } = session;
    return { contactId, via, mailboxKey, sessionId };
  }

  /** Logs in: always a new session, and the one that the browser had is over. */
  async open(
    request: Request,
    response: Response,
    { contactId, mailboxKey, via }: Identified & Pick<Learner, 'via'>,
  ): Promise<void> {
    const { token, hash } = newToken(256);
    const now = this.clock.now();
    const id = newId(now.getTime());
    await this.db.tx(async (tx) => {
      await this.endEarlier(tx, request);
      await tx.query(
        `INSERT INTO learner_session
           (token_hash, id, contact_id, via, mailbox_key, created_at, last_seen_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $6, $7)`,
        [hash, id, contactId, via, mailboxKey, now, new Date(now.getTime() + SESSION_MS)],
      );
      const subject = { type: 'learner_session', id };
      await this.audit.record(tx, asActor(contactId), 'learner_session.opened', subject, { via });
    });
    this.cookie.set(response, token);
  }

  /** Logs out; nothing happens to who was not logged in. */
  async end(request: Request, response: Response): Promise<void> {
    if (this.cookie.read(request) === null) return;
    await this.db.tx((tx) => this.endEarlier(tx, request));
    this.cookie.clear(response);
  }

  private async find(token: string): Promise<Session | null> {
    const now = this.clock.now();
    const hash = hashToken(token);
    const [session] = await this.db.query<Session>(
      `SELECT s.id, c.id AS "contactId", s.via, s.last_seen_at AS "lastSeenAt",
         CASE WHEN ${MAILBOX_IS_HELD} THEN s.mailbox_key END AS "mailboxKey"
       FROM learner_session s JOIN contact known ON known.id = s.contact_id ${WHO_MAY_ENTER}
       WHERE s.token_hash = $1 AND s.expires_at > $2 AND s.last_seen_at > $3`,
      [hash, now, new Date(now.getTime() - IDLE_MS)],
    );
    if (!session) return null;
    if (now.getTime() - session.lastSeenAt.getTime() > MINUTE) {
      await this.db.query('UPDATE learner_session SET last_seen_at = $2 WHERE token_hash = $1', [
        hash,
        now,
      ]);
    }
    return session;
  }

  private async endEarlier(tx: Sql, request: Request): Promise<void> {
    const token = this.cookie.read(request);
    if (token === null) return;
    const [ended] = await tx.query<{ id: string; contactId: string }>(
      'DELETE FROM learner_session WHERE token_hash = $1 RETURNING id, contact_id AS "contactId"',
      [hashToken(token)],
    );
    if (!ended) return;
    const subject = { type: 'learner_session', id: ended.id };
    await this.audit.record(tx, asActor(ended.contactId), 'learner_session.ended', subject);
  }
}

function asActor(contactId: string): Actor {
  return { type: 'learner', id: contactId, permissions: new Set() };
}
