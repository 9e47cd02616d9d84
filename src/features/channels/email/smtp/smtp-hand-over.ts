import { performance } from 'node:perf_hooks';
import { Readable, type Transform } from 'node:stream';
import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { SmtpResult } from '../../../../domain/outcome';
import type { Verdict } from '../email-channel';
import { readError, type SmtpError } from './smtp-error';

interface Letter {
  from: string;
  to: string;
  wire: Buffer;
}

interface Limits {
  startBy: number;
  deadline: number;
}

/** The verdict, and whether the session can carry another message. */
export interface HandedOver {
  verdict: Verdict;
  usable: boolean;
}

const STAGES: Record<string, SmtpResult['stage']> = { 'MAIL FROM': 'mail', DATA: 'data' };

/**
 * Hands one message over an SMTP session. The body is read only after the server has said 354, and only while the permit is fresh;
 * until then nothing can have been accepted. After that only the reply to the final dot is proof. `wire` ends with CRLF,
 * has no bare CR or LF and no line that starts with a dot.
 */
export function handOverBySmtp(
  connection: SMTPConnection,
  letter: Letter,
  limits: Limits,
): Promise<HandedOver> {
  return new Promise((resolve) => {
    const body = new GatedBody(letter.wire, limits.startBy);
    const settle = (verdict: Verdict, usable: boolean) => {
      clearTimeout(timer);
      resolve({ verdict, usable });
    };
    const timer = setTimeout(
      () =>
        settle(
          body.begun
            ? { kind: 'unknown', code: 'deadline' }
            : { kind: 'not_sent', code: 'deadline' },
          false,
        ),
      Math.max(0, limits.deadline - performance.now()),
    );
    const envelope = { from: letter.from, to: [letter.to], size: letter.wire.length };
    connection.send(envelope, body, (error: SmtpError | null, info?: { response: string }) => {
      if (!error) return settle(accepted(info?.response ?? ''), true);
      const verdict = verdictOf(error, body.begun);
      // A refusal leaves the session in order once it is reset; anything else does not.
      if (verdict.kind !== 'refused') return settle(verdict, false);
      connection.reset((failed) => settle(verdict, !failed));
    });
  });
}

/** The message, behind the same look at the clock as every hand-over. */
class GatedBody extends Readable {
  begun = false;

  constructor(
    private readonly wire: Buffer,
    private readonly startBy: number,
  ) {
    super();
  }

  /** Called by nodemailer after 354, with the stream that it has joined to the socket. */
  override pipe<T extends NodeJS.WritableStream>(destination: T): T {
    if (performance.now() >= this.startBy) {
      this.destroy(Object.assign(new Error('start_too_late'), { code: 'start_too_late' }));
      return destination;
    }
    this.begun = true;
    // Straight to the way out: the stream's own work is to look at every byte for dots to double and line ends to
    // mend (a third of the cost of a message), and a composed message has neither.
    const out = destination as unknown as Transform;
    out.push(this.wire);
    out.push(FINAL_DOT);
    out.push(null);
    return destination;
  }

  override _read(): void {
    this.destroy(new Error('A gated body is piped, never read'));
  }
}

const FINAL_DOT = Buffer.from('.\r\n');

function accepted(response: string): Verdict {
  const providerId = /\bqueued as <?([\w.@-]+)>?/i.exec(response)?.[1];
  return { kind: 'accepted', ...(providerId && { providerId }) };
}

function verdictOf(error: SmtpError, begun: boolean): Verdict {
  if (error.code === 'EMESSAGE' && !error.responseCode && !begun) {
    return {
      kind: 'refused',
      code: 'too_large',
      detail: 'Larger than the server takes.',
      permanent: true,
    };
  }
  // A body that broke off counts as ended by its dot: nobody can tell.
  return readError(error, begun ? 'after_dot' : (STAGES[error.command ?? ''] ?? 'rcpt'));
}
