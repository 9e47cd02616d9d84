import { performance } from 'node:perf_hooks';
import { Logger } from '@nestjs/common';
import type { Clock } from '../../../../platform/clock';
import type { EmailChannel, EmailContent, EmailRecipient, EmailRequest } from '../email-channel';
import type { Outcome, Verdict } from '../../hand-over';
import { Pace } from '../../pace';
import { contentFault, recipientFault } from '../outgoing-checks';
import { DkimSigner, type DkimSettings } from './dkim';
import { Letters, type LetterPress } from './letters';
import { compileMime, type MimeTemplate } from './mime-message';
import { NoConnection, SmtpConnections } from './smtp-connections';
import type { Letter, Session } from './smtp-session';
import { WireBuffers } from './wire-buffers';

export interface SmtpSettings {
  url: string;
  /** Absent where the server signs. */
  dkim?: DkimSettings;
}

/** Email by SMTP: one message per recipient, several sessions side by side. */
export class SmtpChannel implements EmailChannel {
  readonly name = 'smtp';
  private readonly log = new Logger('smtp');
  private readonly connections: SmtpConnections;
  private readonly pace: Pace;
  private readonly press: LetterPress;
  private readonly templates = new WeakMap<EmailContent, MimeTemplate>();

  constructor(
    settings: SmtpSettings,
    private readonly clock: Clock,
  ) {
    this.connections = new SmtpConnections(settings.url);
    this.pace = new Pace(this.connections.size);
    this.press = {
      templateOf: (content) => this.templateOf(content),
      signer: settings.dkim ? new DkimSigner(settings.dkim) : null,
      buffers: new WireBuffers(),
    };
  }

  get maxRecipients(): number {
    return this.pace.most;
  }

  async handOver(request: EmailRequest): Promise<Outcome[]> {
    const { content, recipients } = request;
    const faults = new Map<EmailRecipient, Verdict>();
    const fault = contentFault(content);
    for (const recipient of recipients) {
      const faulty = fault ?? recipientFault(content, recipient);
      if (faulty) faults.set(recipient, faulty);
    }
    const sound = recipients.filter((recipient) => !faults.has(recipient));
    const start = performance.now();
    const letters = new Letters(request, sound, this.press, this.clock.now());
    const sessions = Math.min(this.connections.size, sound.length);
    await Promise.all(Array.from({ length: sessions }, () => this.work(letters)));
    const outcomes = recipients.map((recipient) => ({
      messageId: recipient.messageId,
      ...(faults.get(recipient) ?? letters.verdictOf(recipient)),
    }));
    const begun = outcomes.filter(({ kind }) => kind !== 'not_sent').length;
    this.pace.learn(begun, outcomes.length, performance.now() - start);
    return outcomes;
  }

  close(): void {
    this.connections.close();
  }

  /** Lets sessions carry letters, until there are no more, no connection, or no time. */
  private async work(letters: Letters): Promise<void> {
    for (let letter = await letters.take(); letter; letter = await letters.take()) {
      let session: Session;
      try {
        session = await this.connections.take(letters.startBy);
      } catch (error) {
        // It and what is left were not begun; others may still hold sessions and go on.
        if (!(error instanceof NoConnection)) this.report(error);
        const verdict = error instanceof NoConnection ? error.verdict : NO_SESSION;
        return letters.leave(letter, verdict);
      }
      if (await this.carry(session, letter, letters)) this.connections.give(session);
      else this.connections.discard(session);
    }
  }

  private async carry(session: Session, letter: Letter, letters: Letters): Promise<boolean> {
    try {
      return await session.carry(letter, letters);
    } catch (error) {
      this.report(error);
      if (!letters.isSettled(letter)) letters.settle(letter, CHANNEL_FAULT);
      return false;
    }
  }

  private templateOf(content: EmailContent): MimeTemplate {
    let template = this.templates.get(content);
    if (!template) this.templates.set(content, (template = compileMime(content)));
    return template;
  }

  private report(error: unknown): void {
    this.log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
}

const NO_SESSION: Verdict = { kind: 'not_sent', code: 'no_session' };
const CHANNEL_FAULT: Verdict = { kind: 'unknown', code: 'channel_fault' };
