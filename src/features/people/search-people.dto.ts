import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsInt, IsString, IsUUID, Max, MaxLength, Min } from 'class-validator';
import type { Channel } from '../../domain/address';
import { CONTACT_KINDS, type ContactKind } from '../../domain/allowed-data';
import { Optional } from '../../platform/http/validation';
import { LANGUAGES, type Language } from '../../platform/i18n/i18n';
import { CHANNELS } from '../registry/ledger/ledger-act';

export class PeopleSearch {
  /** A name or its beginnings, an organisation, an external id, or one whole address in any spelling. */
  @Optional()
  @IsString()
  @MaxLength(320)
  q?: string;
  @Optional()
  @IsUUID()
  organisationId?: string;
  @Optional()
  @IsIn(CONTACT_KINDS)
  kind?: ContactKind;
  @Optional()
  @IsIn(LANGUAGES)
  language?: Language;
  /** Only those who get something on this channel now, by the gate's own rules. */
  @Optional()
  @IsIn(CHANNELS)
  reachableBy?: Channel;
  /** `next` of the page before. */
  @Optional()
  @IsString()
  @MaxLength(100)
  cursor?: string;
  @Optional()
  @IsInt()
  @Min(1)
  @Max(200)
  limit?: number;
}

export class FoundPerson {
  id: string;
  @ApiProperty({ type: String, nullable: true })
  externalId: string | null;
  @ApiProperty({ enum: CONTACT_KINDS, isArray: true })
  kinds: ContactKind[];
  @ApiProperty({ type: String, nullable: true })
  firstName: string | null;
  @ApiProperty({ type: String, nullable: true })
  lastName: string | null;
  @ApiProperty({ type: String, nullable: true })
  email: string | null;
  @ApiProperty({ type: String, nullable: true })
  phone: string | null;
  @ApiProperty({ type: String, nullable: true })
  organisation: string | null;
  @ApiProperty({ enum: LANGUAGES })
  language: Language;
  @ApiProperty({
    enum: CHANNELS,
    isArray: true,
    description: 'Channels on which some topic may be sent to them now.',
  })
  reachableBy: Channel[];
}

export class PeopleFound {
  items: FoundPerson[];
  /** `cursor` of the next page; null on the last. */
  @ApiProperty({ type: String, nullable: true })
  next: string | null;
  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'How many there are in all; null on later pages.',
  })
  total: number | null;
  /** Counting was ended at `total`: there may be more. */
  atLeast: boolean;
}
