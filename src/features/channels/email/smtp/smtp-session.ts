import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { EmailRecipient } from '../email-channel';
import type { Verdict } from '../../hand-over';

/** One message, ready to go. */
export interface Letter {
  recipient: EmailRecipient;
  from: string;
  /** Headers and body, in memory from WireBuffers: ends with CRLF, has no bare CR or LF and no line that starts with a dot. */
  wire: Buffer;
}

/** What sessions have to carry, and where the verdicts go. */
export interface Errand {
  /** No byte of a message is written at or after this `performance.now()`. */
  readonly startBy: number;
  /** At this `performance.now()` the wait for answers ends. */
  readonly deadline: number;
  /** A further letter that may go now, if there is one at hand. */
  next(): Letter | undefined;
  /** Takes back a letter that was announced to the server but not begun; another session may carry it. */
  putBack(letter: Letter): void;
  settle(letter: Letter, verdict: Verdict): void;
  /** All bytes of the letter have left the process: its memory may serve another. */
  free(letter: Letter): void;
}

/** A connection to a server that has let us in. */
export interface Session {
  readonly connection: SMTPConnection;
  /** Carries `first`, and then what the errand has at hand. True when the session can carry more. Never rejects. */
  carry(first: Letter, errand: Errand): Promise<boolean>;
}

/** What a session is told at its start. */
export interface SessionLimits {
  /** Messages that it may carry. */
  messages: number;
  /** Bytes of a message that the server takes; 0: it has not said. */
  size: number;
}

export const TOO_LATE: Verdict = { kind: 'not_sent', code: 'start_too_late' };

export const TOO_LARGE: Verdict = {
  kind: 'refused',
  code: 'too_large',
  detail: 'Larger than the server takes.',
  permanent: true,
};
