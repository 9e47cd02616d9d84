import { decide, type GateFacts } from '../../../src/domain/gate';
import {
  type Bucket,
  bucketOf,
  mergeEvent,
  MESSAGE_STATES,
  type MessageState,
  type Move,
  type MoveCause,
  MOVES,
  type ProviderEvent,
  saysNeverSent,
} from '../../../src/domain/message-state';
import { foldLedger, type LedgerFact } from '../../../src/domain/registry-state';
import type { Outcome, Verdict } from '../../../src/features/channels/hand-over';
import { toRow } from '../../../src/features/delivery/outcome-rows';

/** What the hand-over of one message can come to, as a worker sees it. */
export const ANSWERS = ['accepted', 'refused', 'not sent', 'unknown'] as const;
export type Answer = (typeof ANSWERS)[number];

export const stateNumber = (state: MessageState): number => MESSAGE_STATES.indexOf(state);
export const stateName = (number: number): MessageState => MESSAGE_STATES[number]!;

/** What the product says that it does. The model does all of this, at every moment, and nothing else. */
export interface Rules {
  moves: readonly Move[];
  /** Where the outcome's row may say that the message goes. */
  rowStates: Readonly<Record<Answer, readonly MessageState[]>>;
  /** The gate's reason, or null: it may go. */
  reason(saidNo: boolean, dispatch: string): string | null;
  shownAfter(state: MessageState, event: ProviderEvent): MessageState;
}

const VERDICTS: Readonly<Record<Answer, readonly Verdict[]>> = {
  accepted: [{ kind: 'accepted' }],
  refused: [
    { kind: 'refused', code: '400', detail: '', permanent: true },
    { kind: 'refused', code: '401', detail: '', permanent: false, breaker: true },
    { kind: 'rate_limited', retryAfterSeconds: 1 },
  ],
  'not sent': [
    { kind: 'not_sent', code: 'ECONNREFUSED' },
    { kind: 'not_sent', code: 'start_too_late' },
  ],
  unknown: [{ kind: 'unknown', code: 'timeout' }],
};

/** One permit, and so many that the message is given up. */
const ATTEMPTS = [1, 100];

export const PRODUCT: Rules = {
  moves: MOVES,
  rowStates: rowStates(),
  reason: (saidNo, dispatch) => {
    const verdict = decide(facts(saidNo, dispatch));
    return verdict.verdict === 'deny' ? verdict.reason : null;
  },
  shownAfter: (state, event) => mergeEvent({ state, eventRank: 0 }, event).state,
};

/** A reader who agreed, with or without a later no, as the ledger's own fold makes the gate row of it. */
function facts(saidNo: boolean, dispatchState: string): GateFacts {
  const entry = (seq: number, kind: 'grant' | 'opt_out'): LedgerFact => ({
    seq,
    kind,
    at: new Date(seq),
    channel: kind === 'grant' ? 'email' : null,
    addressKey: 'key',
    contactId: null,
    scope: kind === 'grant' ? 'topic' : 'all',
    topicId: kind === 'grant' ? 'topic' : null,
    method: null,
  });
  const said = saidNo ? [entry(1, 'grant'), entry(2, 'opt_out')] : [entry(1, 'grant')];
  return {
    ...foldLedger(said, { key: 'key', contactId: null }, 'email'),
    hasGateRow: true,
    kinds: ['newsletter_subscriber'],
    source: 'newsletter_form',
    minor: false,
    noticeAt: null,
    attestedAt: null,
    topicId: 'topic',
    channel: 'email',
    now: new Date(0),
    alreadySent: false,
    sentLately: false,
    capped: false,
    dispatchState,
    windowEnd: null,
    purposeAssessed: true,
  };
}

function rowStates(): Record<Answer, MessageState[]> {
  const of = (answer: Answer): MessageState[] => [
    ...new Set(
      VERDICTS[answer].flatMap((verdict) =>
        ATTEMPTS.map((attempts) => toRow({ messageId: '', ...verdict } as Outcome, attempts).state),
      ),
    ),
  ];
  return {
    accepted: of('accepted'),
    refused: of('refused'),
    'not sent': of('not sent'),
    unknown: of('unknown'),
  };
}

/** The rules as the tables that the search reads, by state number. */
export class Tables {
  /** Where a cause may move a message that is in this state. */
  private readonly targets = new Map<MoveCause, number[][]>();
  readonly rowStates: number[][];
  readonly bucket: Bucket[] = MESSAGE_STATES.map(bucketOf);
  readonly neverSent: boolean[] = MESSAGE_STATES.map(saysNeverSent);
  readonly takenByProvider: boolean[] = MESSAGE_STATES.map((s) => bucketOf(s) === 'accepted');
  /** States from which a claimed message gets its permit. A claim is on the batch, so a row never says CLAIMED. */
  readonly permitFrom: boolean[];

  constructor(readonly rules: Rules) {
    for (const { from, to, by } of rules.moves) {
      const rows = this.targets.get(by) ?? MESSAGE_STATES.map(() => []);
      this.targets.set(by, rows);
      rows[stateNumber(from)]!.push(stateNumber(to));
    }
    this.rowStates = ANSWERS.map((answer) => rules.rowStates[answer].map(stateNumber));
    const claimed = stateNumber('CLAIMED');
    const handedOver = stateNumber('HANDED_OVER');
    this.permitFrom = MESSAGE_STATES.map(
      (_, from) =>
        this.may(from, handedOver, 'permit') ||
        (this.may(from, claimed, 'claim') && this.may(claimed, handedOver, 'permit')),
    );
  }

  may(from: number, to: number, by: MoveCause): boolean {
    return this.from(from, by).includes(to);
  }

  from(state: number, by: MoveCause): readonly number[] {
    return this.targets.get(by)?.[state] ?? [];
  }
}
