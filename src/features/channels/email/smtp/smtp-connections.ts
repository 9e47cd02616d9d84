import { performance } from 'node:perf_hooks';
import { parseConnectionUrl } from 'nodemailer/lib/shared';
import SMTPConnection, {
  type SMTPConnectionAuth,
  type SMTPConnectionOptions,
} from 'nodemailer/lib/smtp-connection';
import type { Verdict } from '../email-channel';
import { readError, type SmtpError } from './smtp-error';

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

const TOO_LATE: Verdict = { kind: 'not_sent', code: 'start_too_late' };

// Shorter than the five minutes a server must wait (RFC 5321 4.5.3.2.7), so that we close first.
const IDLE_MS = 30_000;

/**
 * Connected, logged-in SMTP sessions, lent to one message at a time. Our own, because nodemailer's pool puts a message back
 * in its queue when a connection dies (maxRequeues): a hidden retry, past the moment the permit allowed.
 */
export class SmtpConnections {
  private readonly settings: Settings;
  private readonly idle: SMTPConnection[] = [];
  private readonly used = new WeakMap<SMTPConnection, number>();
  private readonly waiting: (() => void)[] = [];
  private open = 0;

  constructor(url: string) {
    this.settings = readSmtpUrl(url);
  }

  get size(): number {
    return this.settings.maxConnections;
  }

  /** A ready session; rejects with NoConnection when none comes about, or none is free before `startBy`. */
  async take(startBy: number): Promise<SMTPConnection> {
    while (this.idle.length === 0 && this.open >= this.settings.maxConnections) {
      await this.turn(startBy);
    }
    const kept = this.idle.pop();
    if (kept) return kept;
    this.open += 1;
    try {
      return await this.connect();
    } catch (error) {
      this.release();
      throw error;
    }
  }

  /** Takes a session back that is ready for another message. */
  give(connection: SMTPConnection): void {
    const messages = (this.used.get(connection) ?? 0) + 1;
    this.used.set(connection, messages);
    if (connection.destroyed || messages >= this.settings.maxMessages)
      return this.discard(connection);
    this.idle.push(connection);
    setTimeout(() => this.retire(connection, messages), IDLE_MS).unref();
    this.waiting.shift()?.();
  }

  /** Ends a session whose state is not known. */
  discard(connection: SMTPConnection): void {
    this.release();
    connection.close();
  }

  close(): void {
    for (const connection of this.idle.splice(0)) this.discard(connection);
  }

  private retire(connection: SMTPConnection, messages: number): void {
    const place = this.idle.indexOf(connection);
    if (place < 0 || this.used.get(connection) !== messages) return;
    this.idle.splice(place, 1);
    this.release();
    connection.quit();
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

  private connect(): Promise<SMTPConnection> {
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
        const place = this.idle.indexOf(connection);
        if (place >= 0) {
          this.idle.splice(place, 1);
          this.release();
        }
      });
      connection.connect((error?: Error | null) => {
        if (error) return fail(error);
        if (!auth || !connection.allowsAuth) return resolve(connection);
        connection.login(auth, (refused) => (refused ? fail(refused) : resolve(connection)));
      });
    });
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
    maxMessages: Number(maxMessages ?? 100),
  };
}
