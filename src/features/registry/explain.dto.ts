import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsString, MaxLength } from 'class-validator';
import { CHANNELS } from './ledger/ledger-act';
import { GATE_REASONS, type GateReason } from '../../domain/gate';
import type { Channel } from '../../domain/address';

export class LookUpAddress {
  @IsIn(CHANNELS)
  channel: Channel;
  /** An email address or a mobile number in any spelling. Sent in the body, so that no log holds it. */
  @IsString()
  @MaxLength(320)
  address: string;
}

/** May this topic be sent to this address now, and if not, why. */
export class TopicVerdict {
  topicId: string;
  topicKey: string;
  topic: string;
  allowed: boolean;
  @ApiProperty({ enum: GATE_REASONS, nullable: true })
  reason: GateReason | null;
  /** When what stands in the way began, where that is known. */
  @ApiProperty({ type: Date, nullable: true })
  since: Date | null;
  /** Where it came in. */
  @ApiProperty({ type: String, nullable: true })
  door: string | null;
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'What they answered with it, if it was one of our own.',
  })
  campaign: string | null;
  /** The ledger entry behind it. */
  @ApiProperty({ type: String, nullable: true })
  entryId: string | null;
  sentence: string;
}

export class AddressExplanation {
  channel: Channel;
  /** Masked. */
  @ApiProperty({ type: String, nullable: true })
  address: string | null;
  /** Keyed hash, in hex: the address's name in the registry, the change feed and exports. */
  addressKey: string;
  @ApiProperty({ type: String, nullable: true })
  contactId: string | null;
  /** The whole in one sentence. */
  sentence: string;
  topics: TopicVerdict[];
}

export class LedgerEntryView {
  id: string;
  at: Date;
  kind: string;
  scope: string;
  @ApiProperty({ type: String, nullable: true })
  channel: Channel | null;
  @ApiProperty({ type: String, nullable: true })
  addressKey: string | null;
  @ApiProperty({ type: String, nullable: true })
  topicKey: string | null;
  @ApiProperty({ type: String, nullable: true })
  ground: string | null;
  door: string;
  @ApiProperty({ type: String, nullable: true })
  detail: string | null;
  @ApiProperty({ type: String, nullable: true })
  method: string | null;
  actorType: string;
  @ApiProperty({ type: String, nullable: true })
  actorId: string | null;
  @ApiProperty({ type: String, nullable: true })
  campaignId: string | null;
  @ApiProperty({ type: String, nullable: true })
  wordingVersion: string | null;
  policyVersion: string;
  @ApiProperty({ type: Object })
  evidence: Record<string, unknown>;
}

export class Explanation {
  /** Whether anything is known: a person, a consent or a no. */
  known: boolean;
  /** Whether anything may be sent to any of the addresses. */
  mayWrite: boolean;
  /** "Can we write to them, and why not", over all addresses, in one sentence. */
  sentence: string;
  addresses: AddressExplanation[];
  /** Newest first, at most 200. */
  entries: LedgerEntryView[];
}
