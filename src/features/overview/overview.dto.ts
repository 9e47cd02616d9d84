import type { Channel } from '../../domain/address';

export class SendingNow {
  campaignId: string;
  name: string;
  channel: Channel;
  state: 'sending' | 'paused';
  audience: number;
  /** Handed over, whatever becomes of it. */
  left: number;
  pending: number;
  withheld: number;
  /** Handed over in the last minute, about. */
  perMinute: number;
  secondsLeft: number | null;
}

export class Planned {
  campaignId: string;
  name: string;
  channel: Channel;
  sendAt: Date;
  timeZone: string;
  /** Approved, or still waiting for somebody to approve it. */
  approved: boolean;
}

export const ATTENTION_KINDS = [
  'incident',
  'channel_held',
  'provider_away',
  'webhook_silent',
  'webhook_failing',
  'bounces',
  'complaints',
  'failed',
  'unknown',
  'domain',
  'approval',
] as const;
export type AttentionKind = (typeof ATTENTION_KINDS)[number];

/** One thing that somebody should look at. */
export class Attention {
  kind: AttentionKind;
  since: Date | null;
  /** The campaign it is about. */
  campaignId: string | null;
  name: string | null;
  channel: Channel | null;
  /** Messages it is about. */
  count: number | null;
  /** Of those that the provider took, 0 to 1. */
  share: number | null;
  /** The incident's kind, why a channel is held, the domain, or the host of a webhook. */
  detail: string | null;
}

export class RecentCampaign {
  campaignId: string;
  name: string;
  channel: Channel;
  launchedAt: Date;
  accepted: number;
  /** Refused by the provider at once. */
  rejected: number;
  /** Handed over, and nobody knows whether it arrived. */
  unknown: number;
  /** Null as long as the provider has told of nothing. */
  delivered: number | null;
  bounced: number;
  complaints: number;
  optOuts: number;
  /** About; null where links were not counted. */
  clicks: number | null;
}

export class GrowthWeek {
  /** Its Monday. */
  week: string;
  /** Addresses for which somebody said yes. */
  consents: number;
  /** Addresses or people who said no. */
  optOuts: number;
}

export class FirstStep {
  key: 'sender' | 'domain' | 'topics' | 'people' | 'campaign';
  done: boolean;
}

export class Overview {
  sending: SendingNow[];
  planned: Planned[];
  attention: Attention[];
  /** The last five that were started. */
  recent: RecentCampaign[];
  /** The last twelve weeks, by the clock of Stockholm. */
  growth: GrowthWeek[];
  /** What a new installation needs before its first campaign. */
  steps: FirstStep[];
}

/** Null: not for the eyes of whoever asks. */
export class WaitingCounts {
  /** Campaigns of others that wait for approval. */
  approvals: number | null;
  /** Replies that a person has to read. */
  replies: number | null;
  /** Open cases of customer service. */
  cases: number | null;
}
