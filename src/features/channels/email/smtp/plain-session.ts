import { performance } from 'node:perf_hooks';
import { Readable, type Transform } from 'node:stream';
import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { SmtpResult } from '../../../../domain/outcome';
import type { Verdict } from '../../hand-over';
import { readError, type SmtpError } from './smtp-error';
import {
  TOO_LARGE,
  TOO_LATE,
  type Errand,
  type Letter,
  type Session,
  type SessionLimits,
} from './smtp-session';

/** The verdict, and whether the session can carry another message. */
interface HandedOver {
  verdict: Verdict;
  usable: boolean;
}

/** A session in nodemailer's dialogue, for servers that do not announce pipelining or do not bear it. */
export class PlainSession implements Session {
  private carried = 0;

  constructor(
    readonly connection: SMTPConnection,
    private readonly limits: SessionLimits,
  ) {}

  async carry(first: Letter, errand: Errand): Promise<boolean> {
    for (let letter: Letter | undefined = first; letter; letter = errand.next()) {
      if (performance.now() >= errand.startBy) {
        errand.settle(letter, TOO_LATE);
        continue;
      }
      this.carried += 1;
      const { verdict, usable } = await handOver(this.connection, letter, errand);
      errand.settle(letter, verdict);
      if (!usable || this.connection.destroyed) return false;
      if (this.carried >= this.limits.messages) return false;
    }
    return true;
  }
}

const STAGES: Record<string, SmtpResult['stage']> = { 'MAIL FROM': 'mail', DATA: 'data' };

/**
 * Hands one message over. The body is read only after the server has said 354, and only while the permit is fresh;
 * until then nothing can have been accepted. After that only the reply to the final dot is proof.
 */
function handOver(
  connection: SMTPConnection,
  letter: Letter,
  limits: { startBy: number; deadline: number },
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
    const envelope = { from: letter.from, to: [letter.recipient.to], size: letter.wire.length };
    connection.send(envelope, body, (error: SmtpError | null) => {
      if (!error) return settle({ kind: 'accepted' }, true);
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

function verdictOf(error: SmtpError, begun: boolean): Verdict {
  if (error.code === 'EMESSAGE' && !error.responseCode && !begun) return TOO_LARGE;
  // A body that broke off counts as ended by its dot: nobody can tell.
  return readError(error, begun ? 'after_dot' : (STAGES[error.command ?? ''] ?? 'rcpt'));
}
