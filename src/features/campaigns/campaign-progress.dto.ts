import type { DispatchState } from '../delivery/dispatches';
import type { CampaignState } from './campaign';

/** Where everybody is; the sum of all is the audience, at every moment. */
export class MessageBuckets {
  withheld: number;
  cancelled: number;
  /** Waits for its turn. */
  pending: number;
  /** Handed over, and the provider has not answered yet. */
  in_flight: number;
  rejected: number;
  accepted: number;
  /** Handed over, and nobody knows whether it arrived; never sent again by itself. */
  unknown: number;
}

export class WithheldCount {
  reason: string;
  count: number;
}

export class RunCounts {
  audience: number;
  buckets: MessageBuckets;
  /** Messages by state, only states that occur. */
  states: Record<string, number>;
  withheld: WithheldCount[];
  /** audience − sum of buckets: 0 while all is well. */
  gap: number;
}

export class CampaignProgress {
  /** What staff see: the campaign's own state, or the run's once there is one. */
  state: CampaignState | DispatchState | 'sending';
  /** Null until it has started. */
  counts: RunCounts | null;
}
