import type { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { Logger } from '@nestjs/common';
import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { SmtpResult } from '../../../../domain/outcome';
import type { Verdict } from '../../hand-over';
import type { Manner } from './manner';
import { ReplyReader, type Reply } from './reply-reader';
import { readError, type SmtpError } from './smtp-error';
import {
  TOO_LARGE,
  TOO_LATE,
  type Errand,
  type Letter,
  type Session,
  type SessionLimits,
} from './smtp-session';

/** A letter on its way. */
interface Turn {
  readonly letter: Letter;
  /** Announced behind the message before it. */
  readonly early: boolean;
  /** What its sender or its recipient was refused with. */
  refusal?: { verdict: Verdict; of: 'mail' | 'rcpt' };
  /** Its final dot may have been written: only the answer to it is proof. */
  begun: boolean;
}

/** What the server is to answer next. `void`: the dot after a DATA that it should have refused; it belongs to nobody. */
type Due = { step: 'rset' | 'mail' | 'rcpt' | 'data' | 'dot'; turn: Turn } | { step: 'void' };

/** Why a session ends: a socket's code, our own, or the server's last words. */
type End = Omit<SmtpError, keyof Error>;

/**
 * A dialogue of our own, on a connection that nodemailer has opened, encrypted and logged in. MAIL, RCPT and DATA go in one
 * group, right behind the message before (RFC 2920 3.1 lets a message's text begin a group and DATA end it), so that a message
 * costs one round trip. Its text is written only after the 354 to it, in one piece, and only while the permit is fresh.
 */
export class PipelinedSession implements Session {
  private readonly log = new Logger('smtp');
  private readonly due: Due[] = [];
  private carried = 0;
  /** A transaction was left open: RSET goes before the next MAIL. */
  private open = false;
  private ended = false;
  private held: Letter | undefined;
  private errand!: Errand;
  private finish: (usable: boolean) => void = () => undefined;

  constructor(
    readonly connection: SMTPConnection,
    private readonly socket: Socket,
    private readonly limits: SessionLimits,
    private readonly manner: Manner,
  ) {
    const replies = new ReplyReader((reply) => this.hear(reply));
    socket.removeAllListeners('data');
    socket.on('data', (chunk: Buffer) => replies.read(chunk));
    // nodemailer goes on listening to the rest of the socket's life, and tells of its end.
    let end: End = { code: 'connection_closed' };
    connection.once('error', (error: SmtpError) => (end = error));
    connection.once('end', () => this.end(end));
  }

  carry(first: Letter, errand: Errand): Promise<boolean> {
    return new Promise((resolve) => {
      const left = Math.max(0, errand.deadline - performance.now());
      const timer = setTimeout(() => this.runOut(), left);
      this.finish = (usable) => {
        clearTimeout(timer);
        this.finish = () => undefined;
        resolve(usable && !this.ended && this.carried < this.limits.messages);
      };
      this.errand = errand;
      this.held = first;
      if (this.ended) this.giveUp();
      else this.goOn();
    });
  }

  /** Announces the next letter, when no answer is due that would lead on. */
  private goOn(): void {
    if (this.ended || this.due.length > 0) return;
    const letter = this.nextLetter();
    if (letter) this.socket.write(this.announce(letter, false), 'latin1');
    else this.finish(true);
  }

  private nextLetter(): Letter | undefined {
    for (;;) {
      const spent = this.carried >= this.limits.messages;
      const letter = this.held ?? (spent ? undefined : this.errand.next());
      this.held = undefined;
      if (!letter) return undefined;
      const { size } = this.limits;
      if (performance.now() >= this.errand.startBy) this.errand.settle(letter, TOO_LATE);
      else if (size > 0 && letter.wire.length > size) this.errand.settle(letter, TOO_LARGE);
      else return letter;
    }
  }

  /** The commands that begin a message; DATA only ever ends a group. */
  private announce(letter: Letter, early: boolean): string {
    const turn: Turn = { letter, early, begun: false };
    const { from, recipient, wire } = letter;
    const size = this.limits.size > 0 ? ` SIZE=${wire.length}` : '';
    const group = `MAIL FROM:<${from}>${size}\r\nRCPT TO:<${recipient.to}>\r\nDATA\r\n`;
    const reset = this.open;
    this.open = false;
    this.carried += 1;
    if (reset) this.due.push({ step: 'rset', turn });
    for (const step of ['mail', 'rcpt', 'data'] as const) this.due.push({ step, turn });
    return reset ? `RSET\r\n${group}` : group;
  }

  private hear(reply: Reply): void {
    if (this.ended) return;
    const due = this.due[0];
    // Closing, which a server may announce at any time (RFC 5321 3.8).
    if (reply.code === 421) return this.end(asError(reply));
    if (!due || reply.code === 0) return this.stepBack('plain', 'its answers cannot be followed');
    try {
      this.answer(due, reply);
    } catch (error) {
      this.log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
      this.end({ code: 'channel_fault' });
    }
  }

  /** What a reply means for the first thing due. Until it is taken from the list, an end of the session still concerns it. */
  private answer(due: Due, reply: Reply): void {
    const { code } = reply;
    const good = code < 300;
    if (due.step === 'void') {
      this.due.shift();
      return this.goOn();
    }
    const { step, turn } = due;
    if (code === 503 && turn.early && !turn.refusal && !turn.begun) {
      return this.stepBack('grouped', 'calls it a bad sequence of commands');
    }
    if (step === 'rset' && !good) return this.end({ code: 'no_reset' });
    if (step === 'data') return this.answerToData(turn, reply);
    if (!good && code < 400) return this.stepBack('plain', 'answers neither yes nor no');
    this.due.shift();
    if (step === 'dot') {
      this.settle(turn, good ? { kind: 'accepted' } : verdictOf(reply, 'after_dot'));
      if (this.socket.writableLength === 0) this.errand.free(turn.letter);
      return this.goOn();
    }
    if (!good && step !== 'rset') turn.refusal ??= { verdict: verdictOf(reply, step), of: step };
  }

  private answerToData(turn: Turn, reply: Reply): void {
    const { refusal } = turn;
    if (reply.code < 300) return this.stepBack('plain', 'answers DATA with neither yes nor no');
    if (!refusal && reply.code < 400) return this.begin(turn);
    this.due.shift();
    this.settle(turn, refusal?.verdict ?? verdictOf(reply, 'data'));
    if (reply.code >= 400) this.open = true;
    // It waits for a text that is for nobody: RFC 2920 3.1 says to end it with a single dot.
    else if (refusal?.of === 'rcpt') {
      this.due.push({ step: 'void' });
      this.socket.write('.\r\n', 'latin1');
    } else return this.end({ code: 'sender_refused' });
    this.goOn();
  }

  /** The message itself, with the commands of the next one behind it. */
  private begin(turn: Turn): void {
    const follower = this.manner.allows('early') ? this.nextLetter() : undefined;
    // Same tick as the write: nobody is begun with once the permit is stale. Only hanging up gets out of DATA.
    if (performance.now() >= this.errand.startBy) {
      if (follower) this.errand.settle(follower, TOO_LATE);
      return this.end({ code: 'start_too_late' });
    }
    turn.begun = true;
    this.due[0] = { step: 'dot', turn };
    const group = follower ? this.announce(follower, true) : '';
    const { buffer, length } = turn.letter.wire;
    const behind = `.\r\n${group}`;
    const whole = Buffer.from(buffer, 0, length + behind.length);
    whole.write(behind, length, 'latin1');
    this.socket.write(whole);
  }

  private settle(turn: Turn, verdict: Verdict): void {
    this.errand.settle(turn.letter, verdict);
  }

  private runOut(): void {
    const due = this.due[0];
    if (due && due.step !== 'void' && due.turn.early && !due.turn.begun) {
      this.manner.stepBackTo('grouped', 'is silent to what comes behind a message');
    }
    this.end({ code: 'deadline' });
  }

  private stepBack(manner: 'plain' | 'grouped', because: string): void {
    this.manner.stepBackTo(manner, because);
    this.end({ code: 'not_understood' });
  }

  /** Hangs up. Only what may have been written to its end is in doubt. */
  private end(end: End): void {
    if (this.ended) return;
    this.ended = true;
    const turns = this.due.splice(0).map((due) => (due.step === 'void' ? undefined : due.turn));
    for (const turn of new Set(turns)) {
      if (!turn) continue;
      if (turn.begun) this.settle(turn, readError(end, 'after_dot'));
      else if (turn.refusal) this.settle(turn, turn.refusal.verdict);
      else if (turn.early) this.errand.putBack(turn.letter);
      else this.settle(turn, readError(end, 'mail'));
    }
    this.connection.close();
    this.finish(false);
  }

  /** For a session that ended while it was lent out. */
  private giveUp(): void {
    if (this.held) this.errand.putBack(this.held);
    this.held = undefined;
    this.finish(false);
  }
}

function asError({ code, text }: Reply): End {
  return { responseCode: code, response: Buffer.from(text, 'latin1').toString() };
}

function verdictOf(reply: Reply, stage: SmtpResult['stage']): Verdict {
  return readError(asError(reply), stage);
}
