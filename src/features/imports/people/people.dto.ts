import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  IsArray,
  IsBoolean,
  IsIn,
  IsISO8601,
  IsObject,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
  MinLength,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { CONTACT_KINDS, type ContactKind } from '../../../domain/allowed-data';
import type { FieldFault } from '../../../platform/errors';
import { LANGUAGES, type Language } from '../../../platform/i18n/i18n';
import { Optional } from '../../../platform/http/validation';

/** May be left out; null removes the datum. */
const Text = (longest: number) => (target: object, property: string) => {
  ValidateIf((_, value) => value !== undefined && value !== null)(target, property);
  IsString()(target, property);
  MaxLength(longest)(target, property);
};

export const API_SOURCES = ['crm_sync', 'company_contact', 'employer_import', 'support'] as const;
export type ApiSource = (typeof API_SOURCES)[number];

export class PersonNotice {
  @IsString()
  @MinLength(1)
  @MaxLength(50)
  version: string;

  @IsISO8601({ strict: true })
  at: string;
}

/** The employer has told its people that it hands them over to us (policy, "Generellt" 4): it is their notice too. */
export class PersonAttestation {
  /** Its name. A company that is not known becomes one of the organisations. */
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  company: string;

  @IsISO8601({ strict: true })
  at: string;

  /** What they were told: the version of the privacy policy that is in force. */
  @IsString()
  @MaxLength(50)
  policyVersion: string;

  /** Your own id of where the attestation is kept. */
  @Matches(/^[\w.:/-]{1,100}$/)
  reference: string;
}

/** There is no field that says yes to anything: this door can never raise consent. */
export class PersonInput {
  @IsIn(CONTACT_KINDS)
  kind: ContactKind;

  /** Where the data comes from; by default crm_sync, and always the employer for a learner. */
  @Optional()
  @IsIn(API_SOURCES)
  source?: ApiSource;

  /** The person has been told what we do with their data. */
  @Optional()
  @IsObject()
  @ValidateNested()
  @Type(() => PersonNotice)
  notice?: PersonNotice;

  /** Of learners only. Whose people they are, and without it nobody may write to them. */
  @Optional()
  @IsObject()
  @ValidateNested()
  @Type(() => PersonAttestation)
  attestation?: PersonAttestation;

  @Text(1000)
  email?: string | null;
  @Text(1000)
  phone?: string | null;
  @Text(1000)
  firstName?: string | null;
  @Text(1000)
  lastName?: string | null;
  @Text(1000)
  title?: string | null;
  @Text(1000)
  city?: string | null;
  @Text(1000)
  organisation?: string | null;

  @Optional()
  @IsString()
  @MaxLength(50)
  language?: string;

  @Optional()
  @IsString()
  @MaxLength(50)
  timeZone?: string;

  @Optional()
  @IsBoolean()
  minor?: boolean;

  /** Values of declared attributes by their keys; null removes. */
  @Optional()
  @IsObject()
  @ApiPropertyOptional({ type: 'object', additionalProperties: true })
  attributes?: Record<string, unknown>;
}

export class BatchPersonInput extends PersonInput {
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  externalId: string;
}

export class PeopleInput {
  /** At most 1 000, each as in PUT with its `externalId`; each is judged alone. */
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(1000)
  @IsObject({ each: true })
  items: object[];
}

/** What is left out stays; null removes. A changed address needs its own consent, and keeps every no. */
export class ContactChange {
  @Text(1000)
  firstName?: string | null;
  @Text(1000)
  lastName?: string | null;
  @Text(1000)
  title?: string | null;
  @Text(1000)
  city?: string | null;
  @Text(1000)
  organisation?: string | null;
  @Text(1000)
  email?: string | null;
  @Text(1000)
  phone?: string | null;

  @Optional()
  @IsIn(LANGUAGES)
  language?: Language;
}

export class ContactChanged {
  /** Names of the data that are different now. */
  changed: string[];
}

const OUTCOMES = ['created', 'changed', 'unchanged', 'refused', 'erased'] as const;

export class PersonResult {
  /** `erased`: a person who asked to be erased is not stored. */
  @ApiProperty({ enum: OUTCOMES })
  outcome: (typeof OUTCOMES)[number];
  id: string | null;
  changed: string[];
  /** Keys of attributes for profiling that may not be kept of this person: a no to marketing, a restriction, a minor. */
  attributesNotKept: string[];
}

export class Fault implements FieldFault {
  path: string;
  code: string;
  message: string;
}

export class BatchPersonResult extends PersonResult {
  index: number;
  externalId: string | null;
  errors: Fault[];
}

export class PeopleResult {
  items: BatchPersonResult[];
}

export class MergeInput {
  /** The contact that goes into the one of the path. */
  @IsUUID()
  from: string;
}
