import { ApiProperty } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsString,
  Length,
  Matches,
  ValidateIf,
} from 'class-validator';
import { ATTRIBUTE_TYPES, type AttributeType } from '../../../../domain/learning';
import { KEEPING_IDS, type KeepingPurpose } from '../../../../domain/policy';
import { Optional } from '../../../../platform/http/validation';

export const KEY = /^[a-z][a-z0-9_]{0,39}$/;
const CHOICE = /^(?!\s)[^\p{Cc}]{1,100}(?<!\s)$/u;

/** A datum of our own, declared before any value of it can be stored. */
export class CreateAttribute {
  /** Stable name for programs: lower-case letters, digits and underscores. */
  @Matches(KEY)
  key: string;

  @IsIn(ATTRIBUTE_TYPES)
  type: AttributeType;

  @IsString()
  @Length(1, 80)
  nameSv: string;

  @IsString()
  @Length(1, 80)
  nameEn: string;

  /** Row of the privacy policy it is kept under: R-08, R-09 (one year) or R-10 (ends with an objection). */
  @IsIn(KEEPING_IDS)
  purpose: KeepingPurpose['id'];

  /** What can be chosen; of a choice only. */
  @ValidateIf(({ type, choices }: CreateAttribute) => type === 'choice' || choices !== undefined)
  @IsArray()
  @ArrayMaxSize(200)
  @ArrayUnique()
  @Matches(CHOICE, { each: true })
  choices?: string[];
}

/** Type and purpose may change only while nobody has a value. */
export class ChangeAttribute {
  @Optional()
  @IsIn(ATTRIBUTE_TYPES)
  type?: AttributeType;

  @Optional()
  @IsString()
  @Length(1, 80)
  nameSv?: string;

  @Optional()
  @IsString()
  @Length(1, 80)
  nameEn?: string;

  @Optional()
  @IsIn(KEEPING_IDS)
  purpose?: KeepingPurpose['id'];

  /** All of them; one that somebody has cannot be left out. */
  @Optional()
  @IsArray()
  @ArrayMaxSize(200)
  @ArrayUnique()
  @Matches(CHOICE, { each: true })
  choices?: string[];

  /** true removes every value, for good. */
  @Optional()
  @IsBoolean()
  archived?: boolean;
}

export class Attribute {
  id: string;
  key: string;
  @ApiProperty({ enum: ATTRIBUTE_TYPES })
  type: AttributeType;
  nameSv: string;
  nameEn: string;
  @ApiProperty({ enum: KEEPING_IDS })
  purpose: KeepingPurpose['id'];
  choices: string[];
  /** How many people have a value. */
  values: number;
  createdAt: Date;
  archivedAt: Date | null;
}

export class AttributeList {
  items: Attribute[];
}
