import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsString, MaxLength } from 'class-validator';
import type { Channel } from '../../domain/address';
import type { LedgerScope } from '../../domain/registry-state';
import { Optional } from '../../platform/http/validation';
import { HandedOverCount } from '../registry/opt-outs.dto';
import { Told } from './cases/cases.dto';

const SCOPES = ['all', 'channel', 'topic'] as const satisfies readonly LedgerScope[];

/** A no that somebody said to us. Name the person by one of address and contactId; nobody is asked to prove who they are. */
export class RecordNoInput extends Told {
  /** Left out: all marketing on all channels. `channel`: that of the address, or the one in `channel`. */
  @Optional()
  @IsIn(SCOPES)
  scope?: LedgerScope;
  /** Key of the topic, with `scope: topic`. */
  @Optional()
  @IsString()
  @MaxLength(40)
  topic?: string;
}

/** Another address of the same person. */
export class OtherAddress {
  channel: Channel;
  /** Masked. */
  address: string;
  /** Whether this no keeps what it names from being sent there, too. */
  covered: boolean;
}

export class NoRecorded {
  /** To give to the person: A-2026-000123. */
  reference: string;
  caseId: string;
  /** false: the same no already stood; `at` and `entryId` are the first one's. */
  recorded: boolean;
  /** What holds now, in one sentence to read out. */
  holds: string;
  at: Date;
  @ApiProperty({ enum: SCOPES })
  scope: LedgerScope;
  entryId: string;
  handedOver: HandedOverCount;
  otherAddresses: OtherAddress[];
}
