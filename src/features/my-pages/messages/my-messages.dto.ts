import { ApiProperty } from '@nestjs/swagger';
import type { Channel } from '../../../domain/address';
import { GROUNDS, type Ground } from '../../registry/ledger/ledger-act';

/** How far it is known to have come: on its way, sent, delivered, came back, or nobody knows. */
export const SENT_STATES = ['on_its_way', 'sent', 'delivered', 'not_delivered', 'unknown'] as const;
export type SentState = (typeof SENT_STATES)[number];

/** How many of the latest are told. */
export const MOST = 50;

export class SentMessage {
  at: Date;
  channel: Channel;
  /** The subject, or the topic's name where there is none. */
  title: string;
  topic: string;
  @ApiProperty({ enum: SENT_STATES })
  state: SentState;
  /** The ground it was sent on. */
  @ApiProperty({ enum: GROUNDS, nullable: true })
  ground: Ground | null;
  /** Since when that ground stood. */
  @ApiProperty({ type: Date, nullable: true })
  groundSince: Date | null;
}

export class WithheldMessages {
  /** suppressed_address, suppressed_person, ground_withdrawn, paused or fewer. */
  reason: string;
  count: number;
}

export class MyMessages {
  /** Newest first, the latest 50. */
  items: SentMessage[];
  /** Not sent because the person had said no. */
  withheld: WithheldMessages[];
}
