/** All times are milliseconds of the one machine's clock: rig, provider and database share it. */
export type Instant = number;

/** One recipient of one campaign as the database shows it at the end. */
export interface MessageRow {
  id: string;
  campaignId: string;
  /** Keyed hash of the address, in hex. */
  address: string;
  state: string;
  reason: string | null;
  epoch: number | null;
  permitAt: Instant | null;
  /** When the transaction of its first permit committed, by Postgres' own record of commits. */
  permitCommittedAt: Instant | null;
  attempts: number;
  outcomeCode: string | null;
  copy: number;
}

export interface CampaignRow {
  id: string;
  /** State of its run; null = it never got one. */
  runState: string | null;
  /** How many people the run says it has. */
  audience: number;
}

export interface GateRow {
  address: string;
  epoch: number;
  noAll: boolean;
}

export interface RegistryEntry {
  seq: number;
  address: string;
  kind: string;
  at: Instant;
}

/** What the provider would swear to about one message of one request. */
export interface ProviderRecord {
  messageId: string;
  request: number;
  kind: 'request' | 'taken' | 'refused' | 'fault';
  /** How the provider behaved in that request. */
  mode: string;
  at: Instant;
}

/** A no that was answered with success; noted by whoever said it, not by the product. */
export interface AcknowledgedOptOut {
  address: string;
  door: string;
  askedAt: Instant;
  ackedAt: Instant;
}

/** An event of the provider that the webhook took; copies are listed once each. */
export interface DeliveredEvent {
  messageId: string;
  type: string;
  at: Instant;
}

export interface Fault {
  kind: string;
  target: string;
  from: Instant;
  to: Instant;
}

/** Everything a run left behind, from four accounts that do not know of each other. */
export interface History {
  campaigns: CampaignRow[];
  /** Whom the rig put in every campaign's audience. */
  audience: readonly string[];
  messages: MessageRow[];
  gates: GateRow[];
  entries: RegistryEntry[];
  provider: ProviderRecord[];
  optOuts: AcknowledgedOptOut[];
  /** Said but never answered: they may or may not hold. */
  unansweredOptOuts: readonly string[];
  events: DeliveredEvent[];
  /** Events that the database holds more than once. */
  repeatedEvents: number;
  faults: Fault[];
  /** Postgres' own count. */
  deadlocks: number;
}
