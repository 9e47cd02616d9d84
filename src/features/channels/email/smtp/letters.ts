import { performance } from 'node:perf_hooks';
import { Logger } from '@nestjs/common';
import type { EmailContent, EmailRecipient, EmailRequest } from '../email-channel';
import type { Verdict } from '../../hand-over';
import type { DkimSigner } from './dkim';
import { composeMime, mailDate, type MimeMessage, type MimeTemplate } from './mime-message';
import { TOO_LATE, type Errand, type Letter } from './smtp-session';
import type { WireBuffers } from './wire-buffers';

/** Signatures being made at a time; the thread pool has four threads. */
const SIGNING = 8;
/** Letters that are ready and wait for a session. */
const AHEAD = 16;

const UNWRITABLE: Verdict = {
  kind: 'refused',
  code: 'cannot_compose',
  detail: '',
  permanent: false,
};

/** What letters are made with. */
export interface LetterPress {
  templateOf(this: void, content: EmailContent): MimeTemplate;
  signer: DkimSigner | null;
  buffers: WireBuffers;
}

/** The letters of one hand-over, written a little before a session asks for them. */
export class Letters implements Errand {
  readonly startBy: number;
  readonly deadline: number;
  private readonly log = new Logger('smtp');
  private readonly content: EmailContent;
  private readonly date: string;
  private readonly verdicts = new Map<EmailRecipient, Verdict>();
  private readonly atHand: Letter[] = [];
  private readonly waiting: (() => void)[] = [];
  private unwritten = 0;
  private signing = 0;
  private writing = false;
  /** For those that no session took. */
  private leftOver: Verdict = TOO_LATE;

  constructor(
    request: EmailRequest,
    private readonly recipients: readonly EmailRecipient[],
    private readonly press: LetterPress,
    now: Date,
  ) {
    this.content = request.content;
    this.startBy = Math.min(request.startBy, request.deadline);
    this.deadline = request.deadline;
    this.date = mailDate(now);
  }

  next(): Letter | undefined {
    if (performance.now() >= this.startBy) return undefined;
    const ready = this.atHand.shift();
    const { signer } = this.press;
    if (signer) this.signAhead(signer);
    else this.writeAhead();
    return ready ?? (signer ? undefined : this.write());
  }

  /** The next letter, when it has been signed; undefined when there is none any more. */
  async take(): Promise<Letter | undefined> {
    for (;;) {
      const letter = this.next();
      if (letter || this.signing === 0) return letter;
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  putBack(letter: Letter): void {
    this.atHand.unshift(letter);
    this.wake();
  }

  settle({ recipient }: Letter, verdict: Verdict): void {
    this.verdicts.set(recipient, verdict);
  }

  free({ wire }: Letter): void {
    this.press.buffers.give(wire);
  }

  /** Takes back a letter for which there was no session, and says so of all that will be left. */
  leave(letter: Letter, because: Verdict): void {
    this.putBack(letter);
    if (because !== TOO_LATE) this.leftOver = because;
  }

  isSettled({ recipient }: Letter): boolean {
    return this.verdicts.has(recipient);
  }

  verdictOf(recipient: EmailRecipient): Verdict {
    return this.verdicts.get(recipient) ?? this.leftOver;
  }

  private write(): Letter | undefined {
    for (let recipient = this.draw(); recipient; recipient = this.draw()) {
      const message = this.compose(recipient);
      if (message) return this.toLetter(recipient, message.wire);
    }
    return undefined;
  }

  /**
   * When all sockets that are ready have been served: a server that has several letters to read at a time need not be
   * woken for each, which costs more than the letter.
   */
  private writeAhead(): void {
    if (this.writing || this.atHand.length > AHEAD / 2) return;
    this.writing = true;
    setImmediate(() => {
      this.writing = false;
      while (this.atHand.length < AHEAD && performance.now() < this.startBy) {
        const letter = this.write();
        if (!letter) return;
        this.atHand.push(letter);
      }
    });
  }

  private signAhead(signer: DkimSigner): void {
    while (this.signing < SIGNING && this.atHand.length + this.signing < AHEAD) {
      const recipient = this.draw();
      if (!recipient) return;
      const message = this.compose(recipient);
      if (message) void this.sign(signer, recipient, message);
    }
  }

  /** Never rejects: what cannot be signed does not leave. */
  private async sign(
    signer: DkimSigner,
    recipient: EmailRecipient,
    { own, wire, bodyAt }: MimeMessage,
  ): Promise<void> {
    this.signing += 1;
    try {
      const { before, after } = this.press.templateOf(this.content);
      const signature = await signer.sign([...before, ...own, ...after], wire.subarray(bodyAt));
      const signed = this.press.buffers.take(signature.length + wire.length);
      signed.set(wire, signed.write(signature, 'latin1'));
      this.press.buffers.give(wire);
      this.atHand.push(this.toLetter(recipient, signed));
    } catch (error) {
      this.fault(recipient, error);
    }
    this.signing -= 1;
    this.wake();
  }

  private compose(recipient: EmailRecipient): MimeMessage | undefined {
    try {
      return composeMime(
        this.press.templateOf(this.content),
        this.content,
        recipient,
        this.date,
        this.press.buffers,
      );
    } catch (error) {
      this.fault(recipient, error);
      return undefined;
    }
  }

  private fault(recipient: EmailRecipient, error: unknown): void {
    this.log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
    this.verdicts.set(recipient, UNWRITABLE);
  }

  private draw(): EmailRecipient | undefined {
    return this.recipients[this.unwritten++];
  }

  private toLetter(recipient: EmailRecipient, wire: Buffer): Letter {
    return { recipient, from: this.content.from.email, wire };
  }

  private wake(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}
