import { Type } from 'class-transformer';
import { ApiExtraModels, ApiProperty, getSchemaPath } from '@nestjs/swagger';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import type { Channel } from '../../domain/address';
import {
  CONTACT_KINDS,
  type ContactKind,
  DATA_SOURCES,
  type DataSource,
} from '../../domain/allowed-data';
import { LANGUAGES, type Language } from '../../platform/i18n/i18n';
import { AgreementView } from './learning/agreements/agreements.dto';

export class OrganisationQuery {
  /** The beginning of a name, or an external id. */
  @IsOptional()
  @IsString()
  @MaxLength(200)
  q?: string;

  /** `next` of the page before. */
  @IsOptional()
  @IsString()
  @MaxLength(100)
  cursor?: string;

  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(200)
  limit?: number;
}

export class OrganisationInput {
  @IsString()
  @MaxLength(200)
  name: string;

  @IsOptional()
  @IsString()
  @MaxLength(100)
  city?: string;
}

export class OrganisationId {
  id: string;
}

export class OrganisationRef {
  id: string;
  name: string;
}

export class AddressView {
  id: string;
  channel: Channel;
  value: string;
  @ApiProperty({ enum: DATA_SOURCES })
  source: DataSource;
  sourceRef: string | null;
  @ApiProperty({ type: String, format: 'date-time' })
  collectedAt: string;
}

/** Where a datum came from and when. */
export class Origin {
  source: string;
  @ApiProperty({ type: String, format: 'date-time' })
  at: string;
  ref: string | null;
}

@ApiExtraModels(Origin)
export class Contact {
  id: string;
  externalId: string | null;
  @ApiProperty({ enum: CONTACT_KINDS, isArray: true })
  kinds: ContactKind[];
  firstName: string | null;
  lastName: string | null;
  title: string | null;
  city: string | null;
  @ApiProperty({ enum: LANGUAGES })
  language: Language;
  timeZone: string;
  minor: boolean;
  organisation: OrganisationRef | null;
  /** Of a learner, who belongs to no company: the one that handed them over and attested that it had told them. */
  employer: OrganisationRef | null;
  /** Of the company, the latest first. */
  agreements: AgreementView[];
  addresses: AddressView[];
  @ApiProperty({
    type: 'object',
    additionalProperties: { $ref: getSchemaPath(Origin) },
    description: 'Per datum, by its column.',
  })
  sources: Record<string, Origin>;
  noticeVersion: string | null;
  noticeAt: Date | null;
  attestedAt: Date | null;
  attestationRef: string | null;
  createdAt: Date;
  updatedAt: Date;
}

export class Organisation {
  id: string;
  externalId: string | null;
  name: string;
  city: string | null;
  contacts: number;
}

export class OrganisationPage {
  items: Organisation[];
  next: string | null;
}
