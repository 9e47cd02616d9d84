import {
  bucketOf,
  type MessageState,
  MESSAGE_STATES,
  MOVES,
  saysNeverSent,
} from '../../../src/domain/message-state';
import { Reports } from '../../../src/features/delivery/reports';
import type { Cast } from './cast';
import type { Product } from './product';
import type { ProviderLedger } from './scripted-channel';

export interface MessageNow {
  id: string;
  state: MessageState;
  reason: string | null;
  attempts: number;
  batchState: string;
}

export function messagesOf({ db }: Product, { dispatchId }: Cast): Promise<MessageNow[]> {
  return db.query<MessageNow & Record<string, unknown>>(
    `SELECT m.id, m.state, m.reason, m.attempts, b.state AS "batchState"
     FROM message_status m LEFT JOIN batch b ON b.id = m.batch_id WHERE m.dispatch_id = $1`,
    [dispatchId],
  );
}

/** Where a message may be some moves later. */
const REACHABLE = new Map(MESSAGE_STATES.map((state) => [state, reachableFrom(state)]));

function reachableFrom(state: MessageState): Set<MessageState> {
  const seen = new Set([state]);
  for (const at of seen) for (const { from, to } of MOVES) if (from === at) seen.add(to);
  return seen;
}

/** Lost, duplicated, false state, the equation: what has to be so whenever no worker is at work. */
export class CheckRun {
  private before = new Map<string, MessageState>();

  constructor(
    private readonly product: Product,
    private readonly cast: Cast,
    private readonly ledger: ProviderLedger,
  ) {}

  /** Only the moves since the last look: also while a worker is at work. */
  async moves(): Promise<string[]> {
    return this.movesOf(await messagesOf(this.product, this.cast));
  }

  async faults(): Promise<string[]> {
    const messages = await messagesOf(this.product, this.cast);
    const faults = [...this.movesOf(messages), ...messages.flatMap((one) => this.ofOne(one))];
    if (messages.length !== this.cast.people.length) faults.push(`lost: ${messages.length} rows`);
    const { gap } = await this.product.get(Reports).counts(this.cast.dispatchId);
    if (gap !== 0) faults.push(`equation: ${gap} people are nowhere`);
    return faults;
  }

  private movesOf(messages: MessageNow[]): string[] {
    const illegal = messages.flatMap(({ id, state }) => {
      const before = this.before.get(id);
      return before && !REACHABLE.get(before)!.has(state)
        ? [`illegal move of message ${id} from ${before} to ${state}`]
        : [];
    });
    this.before = new Map(messages.map(({ id, state }) => [id, state]));
    return illegal;
  }

  private ofOne({ id, state, reason, attempts, batchState }: MessageNow): string[] {
    const faults: string[] = [];
    const taken = this.ledger.taken.get(id) ?? 0;
    const requests = this.ledger.requests.get(id) ?? 0;
    if (taken > 1) faults.push(`duplicated: taken ${taken} times`);
    if (requests > attempts)
      faults.push(`duplicated: ${requests} requests for ${attempts} permits`);
    if (bucketOf(state) === 'accepted' && taken === 0) faults.push(`false_state: never taken`);
    if (saysNeverSent(state) && (taken > 0 || this.ledger.mayStillTake(id))) {
      faults.push('false_state: the provider has it or may get it');
    }
    if (state === 'WITHHELD' && !reason) faults.push('false_state: withheld without a reason');
    const open = ['pending', 'in_flight'].includes(bucketOf(state));
    if (open && batchState === 'DONE') faults.push('lost: its batch is done');
    return faults.map((fault) => `${fault} (message ${id} is ${state})`);
  }
}
