import { performance } from 'node:perf_hooks';
import { parseConnectionUrl } from 'nodemailer/lib/shared';
import SMTPConnection, {
  type SMTPConnectionAuth,
  type SMTPConnectionOptions,
} from 'nodemailer/lib/smtp-connection';
import type { Verdict } from '../../hand-over';
import { Manner } from './manner';
import { PipelinedSession } from './pipelined-session';
import { PlainSession } from './plain-session';
import { readError, type SmtpError } from './smtp-error';
import { TOO_LATE, type Session } from './smtp-session';

/** No connection could be had; nothing was written to one. */
export class NoConnection extends Error {
  constructor(readonly verdict: Verdict) {
    super(verdict.kind);
  }
}

interface Settings {
  options: SMTPConnectionOptions;
  auth?: SMTPConnectionAuth;
  maxConnections: number;
  maxMessages: number;
}

// Shorter than the five minutes a server must wait (RFC 5321 4.5.3.2.7), so that we close first.
const IDLE_MS = 30_000;

/**
 * Connected, logged-in sessions, lent out one by one. Our own, because nodemailer's pool puts a message back
 * in its queue when a connection dies (maxRequeues): a hidden retry, past the moment the permit allowed.
 */
export class SmtpConnections {
  private readonly settings: Settings;
  private readonly manner = new Manner();
  private readonly idle: { session: Session; since: number }[] = [];
  private readonly waiting: (() => void)[] = [];
  private open = 0;

  constructor(url: string) {
    this.settings = readSmtpUrl(url);
  }

  get size(): number {
    return this.settings.maxConnections;
  }

  /** A ready session; rejects with NoConnection when none comes about, or none is free before `startBy`. */
  async take(startBy: number): Promise<Session> {
    while (this.idle.length === 0 && this.open >= this.settings.maxConnections) {
      await this.turn(startBy);
    }
    const kept = this.idle.pop();
    if (kept) return kept.session;
    this.open += 1;
    try {
      return this.converse(await this.connect());
    } catch (error) {
      this.release();
      throw error;
    }
  }

  /** Takes a session back that is ready for another message. */
  give(session: Session): void {
    if (session.connection.destroyed) return this.discard(session);
    const since = performance.now();
    this.idle.push({ session, since });
    setTimeout(() => this.retire(session, since), IDLE_MS).unref();
    this.waiting.shift()?.();
  }

  /** Ends a session that has carried its share, or whose state is not known. */
  discard(session: Session): void {
    this.release();
    session.connection.close();
  }

  close(): void {
    for (const { session } of this.idle.splice(0)) this.discard(session);
  }

  private retire(session: Session, since: number): void {
    const place = this.idle.findIndex((one) => one.session === session && one.since === since);
    if (place < 0) return;
    this.idle.splice(place, 1);
    this.release();
    session.connection.quit();
  }

  private release(): void {
    this.open -= 1;
    this.waiting.shift()?.();
  }

  private turn(startBy: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const left = startBy - performance.now();
      if (left <= 0) return reject(new NoConnection(TOO_LATE));
      const woken = () => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        this.waiting.splice(this.waiting.indexOf(woken), 1);
        reject(new NoConnection(TOO_LATE));
      }, left);
      this.waiting.push(woken);
    });
  }

  private connect(): Promise<{ connection: SMTPConnection; greeting: string }> {
    const { options, auth } = this.settings;
    const connection = new SMTPConnection(options);
    return new Promise((resolve, reject) => {
      const fail = (error: SmtpError) => {
        connection.close();
        reject(new NoConnection(readError(error, 'before_mail')));
      };
      // Stays for the life of the session: a server may hang up at any time, and an unheard 'error' ends the process.
      connection.on('error', fail);
      connection.once('end', () => {
        const place = this.idle.findIndex(({ session }) => session.connection === connection);
        if (place >= 0) {
          this.idle.splice(place, 1);
          this.release();
        }
      });
      connection.connect((error?: Error | null) => {
        if (error) return fail(error);
        // The answer to EHLO, to the one inside TLS where there is TLS.
        const ready = { connection, greeting: connection.lastServerResponse || '' };
        if (!auth || !connection.allowsAuth) return resolve(ready);
        connection.login(auth, (refused) => (refused ? fail(refused) : resolve(ready)));
      });
    });
  }

  /** Our own dialogue where the server announces that it can be spoken to so, nodemailer's elsewhere. */
  private converse(ready: { connection: SMTPConnection; greeting: string }): Session {
    const { connection, greeting } = ready;
    const size = Number(/^250[ -]SIZE +(\d+)/im.exec(greeting)?.[1] ?? 0);
    const limits = { messages: this.settings.maxMessages, size };
    const socket = connection._socket;
    const pipelining = /^250[ -]PIPELINING\s*$/im.test(greeting);
    return pipelining && socket && this.manner.allows('grouped')
      ? new PipelinedSession(connection, socket, limits, this.manner)
      : new PlainSession(connection, limits);
  }
}

/** Reads SMTP_URL. TLS is required except to this machine, or where the URL says `?requireTLS=false`. */
export function readSmtpUrl(url: string): Settings {
  const parsed = parseConnectionUrl(url) as SMTPConnectionOptions & {
    auth?: SMTPConnectionAuth;
    maxConnections?: number;
    maxMessages?: number;
  };
  const { auth, maxConnections, maxMessages, ...options } = parsed;
  const local = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/.test(options.host ?? 'localhost');
  return {
    options: {
      connectionTimeout: 5_000,
      greetingTimeout: 5_000,
      socketTimeout: 60_000,
      requireTLS: !options.secure && !local,
      ...options,
    },
    ...(auth && { auth }),
    maxConnections: Number(maxConnections ?? 10),
    maxMessages: Number(maxMessages ?? 1000),
  };
}
