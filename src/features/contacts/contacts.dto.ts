import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, IsUUID, Max, MaxLength, Min } from 'class-validator';
import type { Channel } from '../../domain/address';
import { CONTACT_KINDS, type ContactKind } from '../../domain/allowed-data';
import type { DatumSource } from './contact-data';

class PageQuery {
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

export class ContactQuery extends PageQuery {
  /** A name or its beginnings, an organisation, an external id, or one whole address in any spelling. */
  @IsOptional()
  @IsString()
  @MaxLength(320)
  q?: string;

  @IsOptional()
  @IsUUID()
  organisationId?: string;

  @IsOptional()
  @IsIn(CONTACT_KINDS)
  kind?: ContactKind;
}

export class OrganisationQuery extends PageQuery {
  /** The beginning of a name, or an external id. */
  @IsOptional()
  @IsString()
  @MaxLength(200)
  q?: string;
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

export class ContactItem {
  id: string;
  externalId: string | null;
  kinds: string[];
  firstName: string | null;
  lastName: string | null;
  email: string | null;
  phone: string | null;
  organisation: string | null;
  language: string;
}

export class ContactPage {
  items: ContactItem[];
  /** `cursor` of the next page; null on the last. */
  next: string | null;
}

export class OrganisationRef {
  id: string;
  name: string;
}

export class AddressView {
  id: string;
  channel: Channel;
  value: string;
  source: string;
  sourceRef: string | null;
  collectedAt: string;
}

export class Contact {
  id: string;
  externalId: string | null;
  kinds: string[];
  firstName: string | null;
  lastName: string | null;
  title: string | null;
  city: string | null;
  language: string;
  timeZone: string;
  minor: boolean;
  organisation: OrganisationRef | null;
  addresses: AddressView[];
  /** Per datum: where it came from and when. */
  sources: Record<string, DatumSource>;
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
