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
import type { Channel } from '../../../domain/address';
import { Optional } from '../../../platform/http/validation';
import { About } from '../../registry/opt-outs.dto';

export const CASE_KINDS = ['stop', 'question', 'rights', 'other'] as const;
export type CaseKind = (typeof CASE_KINDS)[number];
export const CAME_BY = ['phone', 'letter', 'chat', 'email', 'sms', 'visit'] as const;
export type CameBy = (typeof CAME_BY)[number];
export const CASE_STATES = ['open', 'closed'] as const;
export type CaseState = (typeof CASE_STATES)[number];
export const CLOSED_AS = ['stopped', 'answered', 'passed_on'] as const;
export type ClosedAs = (typeof CLOSED_AS)[number];

export const LONGEST_WORDS = 500;

/** Whom something is about, and what they said; by at most one of address and contactId. */
export class Told extends About {
  /** How it reached us. */
  @IsIn(CAME_BY)
  cameBy: CameBy;
  /** What the person said, in short; kept until a year after the case was closed, and never in the registry. */
  @Optional()
  @IsString()
  @MaxLength(LONGEST_WORDS)
  words?: string;
  /** Your own id of it: the same reference twice is one case. */
  @Optional()
  @Matches(/^[\w.:/-]{1,100}$/)
  reference?: string;
}

/** A case that cannot be closed at once. */
export class OpenCase extends Told {
  /** `stop` must name whom it is about. */
  @IsIn(CASE_KINDS)
  kind: CaseKind;
}

export class CloseCaseInput {
  /** A `stop` case: only `stopped`, with the entry that stops it; passed on to a colleague it stays open. */
  @IsIn(CLOSED_AS)
  as: ClosedAs;
  /** The opt-out from everything of this very address or person; needed for `stopped`. */
  @Optional()
  @IsUUID()
  ledgerEntryId?: string;
  @Optional()
  @IsString()
  @Length(1, LONGEST_WORDS)
  note?: string;
}

export class CasesQuery {
  @Optional()
  @IsIn(CASE_STATES)
  state?: CaseState;
  @Optional()
  @IsIn(CASE_KINDS)
  kind?: CaseKind;
  /** `next` of the page before. */
  @Optional()
  @IsString()
  @MaxLength(100)
  cursor?: string;
  @Optional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(200)
  limit?: number;
}

export class CaseView {
  id: string;
  /** To give to the person: A-2026-000123. */
  reference: string;
  @ApiProperty({ enum: CASE_KINDS })
  kind: CaseKind;
  @ApiProperty({ enum: CASE_STATES })
  state: CaseState;
  @ApiProperty({ enum: CAME_BY })
  cameBy: CameBy;
  @ApiProperty({ type: String, nullable: true })
  contactId: string | null;
  @ApiProperty({ type: String, nullable: true })
  channel: Channel | null;
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Masked; null when it is held nowhere.',
  })
  address: string | null;
  @ApiProperty({ type: String, nullable: true, description: 'Gone a year after it was closed.' })
  words: string | null;
  @ApiProperty({ type: String, nullable: true })
  note: string | null;
  openedAt: Date;
  openedBy: string;
  @ApiProperty({ enum: CLOSED_AS, nullable: true })
  closedAs: ClosedAs | null;
  @ApiProperty({ type: Date, nullable: true })
  closedAt: Date | null;
  @ApiProperty({ type: String, nullable: true })
  closedBy: string | null;
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The opt-out that it was closed with.',
  })
  ledgerEntryId: string | null;
}

export class CasePage {
  items: CaseView[];
  /** `cursor` of the next page; null on the last. */
  @ApiProperty({ type: String, nullable: true })
  next: string | null;
}
