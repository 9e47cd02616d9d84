import { performance } from 'node:perf_hooks';
import { Logger } from '@nestjs/common';
import type { Clock } from '../../../../platform/clock';
import type {
  EmailChannel,
  EmailContent,
  EmailRecipient,
  EmailRequest,
  Outcome,
  Verdict,
} from '../email-channel';
import { contentFault, recipientFault } from '../outgoing-checks';
import { DkimSigner, type DkimSettings } from './dkim';
import { compileMime, composeMime, toWire, type MimeTemplate } from './mime-message';
import { NoConnection, SmtpConnections } from './smtp-connections';
import { handOverBySmtp } from './smtp-hand-over';

export interface SmtpSettings {
  url: string;
  /** Absent where the server signs. */
  dkim?: DkimSettings;
}

const FIRST_GUESS = 50;
const MOST = 500;

interface Run extends EmailRequest {
  queue: EmailRecipient[];
  verdicts: Map<EmailRecipient, Verdict>;
  /** For those that never got a session. */
  noSession: Verdict;
}

/** Email by SMTP: one message per recipient, several sessions side by side. */
export class SmtpChannel implements EmailChannel {
  readonly name = 'smtp';
  private perSecond = FIRST_GUESS;
  private readonly log = new Logger('smtp');
  private readonly connections: SmtpConnections;
  private readonly dkim: DkimSigner | null;
  private readonly templates = new WeakMap<EmailContent, MimeTemplate>();

  constructor(
    settings: SmtpSettings,
    private readonly clock: Clock,
  ) {
    this.connections = new SmtpConnections(settings.url);
    this.dkim = settings.dkim ? new DkimSigner(settings.dkim) : null;
  }

  /** What was managed in a second of late: a permit lasts two, and what is not begun by then has to be permitted again. */
  get maxRecipients(): number {
    return Math.min(Math.max(Math.floor(this.perSecond), this.connections.size), MOST);
  }

  async handOver(request: EmailRequest): Promise<Outcome[]> {
    const { content, recipients } = request;
    const run: Run = {
      ...request,
      verdicts: new Map(),
      queue: [],
      noSession: { kind: 'not_sent', code: 'no_session' },
    };
    const fault = contentFault(content);
    for (const recipient of recipients) {
      const faulty = fault ?? recipientFault(content, recipient);
      if (faulty) run.verdicts.set(recipient, faulty);
      else run.queue.push(recipient);
    }
    const sessions = Math.min(this.connections.size, run.queue.length);
    const start = performance.now();
    await Promise.all(Array.from({ length: sessions }, () => this.work(run)));
    this.learn(run, performance.now() - start);
    return recipients.map((recipient) => ({
      messageId: recipient.messageId,
      ...(run.verdicts.get(recipient) ?? run.noSession),
    }));
  }

  close(): void {
    this.connections.close();
  }

  private learn(run: Run, milliseconds: number): void {
    const done = [...run.verdicts.values()].filter(({ kind }) => kind !== 'not_sent').length;
    // Short runs say little about what a full one would manage.
    if (run.recipients.length < this.connections.size) return;
    this.perSecond += ((done * 1000) / Math.max(milliseconds, 1) - this.perSecond) / 2;
  }

  /** Hands over what is next in the queue, session by session, until there is no more, no connection, or no time. */
  private async work(run: Run): Promise<void> {
    for (let next = run.queue.shift(); next; next = run.queue.shift()) {
      try {
        run.verdicts.set(next, await this.handOverOne(run, next));
      } catch (error) {
        if (error instanceof NoConnection) {
          // It and what is left in the queue were not begun; others may still hold sessions and go on.
          run.noSession = error.verdict;
          return;
        }
        this.report(error);
        run.verdicts.set(next, { kind: 'unknown', code: 'channel_fault' });
      }
    }
  }

  private async handOverOne(run: Run, recipient: EmailRecipient): Promise<Verdict> {
    if (performance.now() >= run.startBy) return { kind: 'not_sent', code: 'start_too_late' };
    const wire = this.compose(run.content, recipient);
    if (!wire) return { kind: 'refused', code: 'cannot_compose', detail: '', permanent: false };
    const session = await this.connections.take(run.startBy);
    const letter = { from: run.content.from.email, to: recipient.to, wire };
    const { verdict, usable } = await handOverBySmtp(session, letter, run);
    if (usable) this.connections.give(session);
    else this.connections.discard(session);
    return verdict;
  }

  /** The signed message; null, and a line in the log, when it cannot be made: nothing leaves unsigned. */
  private compose(content: EmailContent, recipient: EmailRecipient): Buffer | null {
    try {
      let template = this.templates.get(content);
      if (!template) this.templates.set(content, (template = compileMime(content)));
      const message = composeMime(template, content, recipient, this.clock.now());
      return toWire(message, this.dkim?.sign(message) ?? '');
    } catch (error) {
      this.report(error);
      return null;
    }
  }

  private report(error: unknown): void {
    this.log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
}
