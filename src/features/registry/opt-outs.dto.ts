import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  IsIn,
  IsInt,
  IsString,
  IsUUID,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import type { Channel } from '../../domain/address';
import { Optional } from '../../platform/http/validation';
import { CHANNELS, type Door } from './ledger/ledger-act';

/** Doors that another system or a member of staff may name. */
const NAMED_DOORS = [
  'api',
  'service_desk',
  'privacy_officer',
  'mina_sidor',
  'crm_sync',
] as const satisfies readonly Door[];

/** Whom something is about: an address, or a person of ours. */
export class About {
  /** An email address or a mobile number, in any spelling; whether or not anybody is registered with it. */
  @Optional()
  @IsString()
  @Length(1, 320)
  address?: string;
  /** Channel of `address`; left out: email if it holds an @. */
  @Optional()
  @IsIn(CHANNELS)
  channel?: Channel;
  @Optional()
  @IsUUID()
  contactId?: string;
}

/** A no that came to us some other way. Name the person by exactly one of address, contactId and externalId. */
export class RecordOptOut extends About {
  @Optional()
  @IsString()
  @Length(1, 200)
  externalId?: string;
  /** Key of one topic; left out: all marketing on all channels. */
  @Optional()
  @IsString()
  @MaxLength(40)
  topic?: string;
  /** Your own id of this no: the same reference twice is recorded once, also years later. */
  @Optional()
  @Matches(/^[\w.:/-]{1,100}$/)
  reference?: string;
  /** Where the person said it; left out: `api` for a key, `service_desk` for a member of staff. */
  @Optional()
  @IsIn(NAMED_DOORS)
  door?: (typeof NAMED_DOORS)[number];
}

export class HandedOverCount {
  /** Messages to the person that left in the last 72 hours and may still arrive. */
  last72h: number;
  /** Of these, those the provider has not answered for yet. */
  inFlight: number;
}

export class OptOutRecorded {
  /** false: the same no already stood; `at` and `entryId` are the first one's. */
  recorded: boolean;
  at: Date;
  scope: string;
  /** Reference to give to the person. */
  entryId: string;
  handedOver: HandedOverCount;
  @ApiProperty({ type: String, nullable: true, description: 'Masked.' })
  address: string | null;
}

export class ChangesQuery {
  /** `next` of the answer before; left out: from the beginning. */
  @Optional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  after?: number;
  @Optional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1000)
  limit?: number;
}

/** One thing that changes what an address may get. Apply in order; the same position never changes. */
export class RegistryChange {
  position: number;
  at: Date;
  /** opt_out, withdraw, pause, undeliverable, restrict and erase close; grant, deliverable and unrestrict may open. */
  kind: string;
  /** all, channel or topic. */
  scope: string;
  @ApiProperty({ type: String, nullable: true, description: 'null: every channel.' })
  channel: Channel | null;
  @ApiProperty({ type: String, nullable: true })
  topic: string | null;
  @ApiProperty({ type: String, nullable: true, description: 'Keyed hash of the address, in hex.' })
  addressKey: string | null;
  @ApiProperty({ type: Number, nullable: true })
  keyVersion: number | null;
  @ApiProperty({ type: String, nullable: true })
  contactId: string | null;
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Your id of the contact, if it has one.',
  })
  externalId: string | null;
  door: string;
  @ApiProperty({ type: String, nullable: true, description: 'End of a pause, ISO 8601.' })
  until: string | null;
}

export class RegistryChanges {
  items: RegistryChange[];
  /** Give it as `after`; when `items` is empty, ask again later with the same. */
  next: number;
}
