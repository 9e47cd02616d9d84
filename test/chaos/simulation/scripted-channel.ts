import type {
  EmailChannel,
  EmailRecipient,
  EmailRequest,
} from '../../../src/features/channels/email/email-channel';
import type { Outcome, Verdict } from '../../../src/features/channels/hand-over';
import type { Answer } from './acts';

/** What the provider would swear to: independent of anything that the product writes. */
export class ProviderLedger {
  /** How often each message was handed to it, and how often it was taken. */
  readonly requests = new Map<string, number>();
  readonly taken = new Map<string, number>();
  readonly answers = new Map<Answer, number>();
  private readonly adrift: string[] = [];

  ask(messageId: string): void {
    add(this.requests, messageId);
  }

  take(messageId: string): void {
    add(this.taken, messageId);
  }

  leaveAdrift(messageId: string): void {
    this.adrift.push(messageId);
  }

  mayStillTake(messageId: string): boolean {
    return this.adrift.includes(messageId);
  }

  /** What was on the wire when everybody had stopped waiting. */
  takeAdrift(): void {
    for (const messageId of this.adrift.splice(0)) this.take(messageId);
  }
}

/** A provider that answers as it is told, one answer after the other. */
export class ScriptedChannel implements EmailChannel {
  readonly name = 'sendgrid';
  private turn = 0;

  constructor(
    private readonly ledger: ProviderLedger,
    private readonly answers: readonly Answer[],
    readonly maxRecipients: number,
    private readonly watch: {
      before(recipients: readonly EmailRecipient[]): Promise<void>;
      after(): Promise<void>;
    },
  ) {}

  async handOver({ recipients, startBy }: EmailRequest): Promise<Outcome[]> {
    await this.watch.before(recipients);
    const late = performance.now() >= startBy;
    const outcomes = recipients.map(({ messageId }) => {
      const answer = late ? 'is too slow to start' : this.next();
      add(this.ledger.answers, answer);
      if (!NOTHING_SENT.includes(answer)) this.ledger.ask(messageId);
      if (answer.startsWith('takes') && !answer.includes('later')) this.ledger.take(messageId);
      if (answer.includes('later')) this.ledger.leaveAdrift(messageId);
      return { messageId, ...VERDICTS[answer] };
    });
    await this.watch.after();
    return outcomes;
  }

  private next(): Answer {
    const answer = this.answers[this.turn % this.answers.length]!;
    this.turn += 1;
    return answer;
  }
}

const NOTHING_SENT: readonly Answer[] = ['cannot be reached', 'is too slow to start'];

const VERDICTS: Readonly<Record<Answer, Verdict>> = {
  takes: { kind: 'accepted', providerId: 'provider-id' },
  'takes and says nothing': { kind: 'unknown', code: 'ETIMEDOUT' },
  'takes it later and says nothing': { kind: 'unknown', code: 'ECONNRESET' },
  loses: { kind: 'unknown', code: '502' },
  refuses: { kind: 'refused', code: '400', detail: '', permanent: true },
  'refuses for now': {
    kind: 'refused',
    code: '451',
    detail: '',
    permanent: false,
    retryAfterSeconds: 5,
  },
  'refuses our key': { kind: 'refused', code: '401', detail: '', permanent: false, breaker: true },
  'is busy': { kind: 'rate_limited', retryAfterSeconds: 3 },
  'cannot be reached': { kind: 'not_sent', code: 'ECONNREFUSED' },
  'is too slow to start': { kind: 'not_sent', code: 'start_too_late' },
};

function add<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
