import { ApiProperty } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsInt,
  IsISO8601,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
  MinLength,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import type { Channel } from '../../domain/address';
import type { DataSource } from '../../domain/allowed-data';
import type { ColumnProblem } from './columns';
import type { ImportKind, ImportState } from './import-record';
import { SOURCES_OF } from './import-record';
import { Fault } from './people/people.dto';

const KINDS = Object.keys(SOURCES_OF) as ImportKind[];
const SOURCES = [...new Set(Object.values(SOURCES_OF).flat())];
const NotNull = () => ValidateIf((_, value) => value !== undefined);
const words = ({ value }: { value: unknown }): unknown =>
  typeof value === 'string'
    ? value
        .split(',')
        .map((word) => word.trim())
        .filter(Boolean)
    : value;

/** The form fields beside `file`. */
export class UploadInput {
  /** company_contact, learner or newsletter_subscriber. */
  @IsIn(KINDS)
  kind: ImportKind;

  /** Where the data counts as coming from; by default what belongs to the kind. */
  @IsOptional()
  @IsIn(SOURCES)
  source?: DataSource;

  /** Keys of topics, with commas, for rows that name none. */
  @IsOptional()
  @Transform(words)
  @IsArray()
  @ArrayMaxSize(50)
  @IsString({ each: true })
  topics?: string[];
}

export class ColumnInput {
  @IsInt()
  @Min(0)
  index: number;

  /** A field, `consent:<topic>:<channel>`, `consent:*:<channel>`; null leaves the column out. */
  @ValidateIf((_, value) => value !== null)
  @IsString()
  @MaxLength(200)
  use: string | null;
}

export class AttestationInput {
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  company: string;

  /** Who at the company says so. */
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  attestedBy: string;

  @IsISO8601({ strict: true })
  at: string;

  @IsString()
  @MaxLength(50)
  policyVersion: string;

  /** How the employees were informed. */
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  channel: string;
}

export class ConsentInput {
  @IsArray()
  @ArrayMaxSize(2)
  @IsIn(['email', 'sms'], { each: true })
  channels: Channel[];

  /** Where the proof is kept. */
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  reference: string;

  @IsISO8601({ strict: true })
  collectedAt: string;
}

export class NoticeInput {
  @IsString()
  @MinLength(1)
  @MaxLength(50)
  version: string;

  @IsISO8601({ strict: true })
  at: string;
}

/** What is left out stays; null removes. */
export class MappingInput {
  @NotNull()
  @IsArray()
  @ArrayMaxSize(200)
  @ValidateNested({ each: true })
  @Type(() => ColumnInput)
  columns?: ColumnInput[];

  @NotNull()
  @IsArray()
  @ArrayMaxSize(50)
  @IsString({ each: true })
  topics?: string[];

  /** The file as a whole comes with proof of consent to its topics. */
  @IsOptional()
  @ValidateNested()
  @Type(() => ConsentInput)
  consent?: ConsentInput | null;

  /** The people have been told what we do with their data. */
  @IsOptional()
  @ValidateNested()
  @Type(() => NoticeInput)
  notice?: NoticeInput | null;

  /** The employer has informed its employees; needed before learners may be written to. */
  @IsOptional()
  @ValidateNested()
  @Type(() => AttestationInput)
  attestation?: AttestationInput | null;
}

export class ImportQuery {
  /** `next` of the page before. */
  @IsOptional()
  @IsString()
  @MaxLength(100)
  cursor?: string;

  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(100)
  limit?: number;
}

export class ImportCounts {
  rows: number;
  new: number;
  changed: number;
  unchanged: number;
  /** Opted out, and staying so. */
  optedOut: number;
  faulty: number;
}

export class ImportItem {
  id: string;
  fileName: string;
  state: ImportState;
  kind: ImportKind;
  source: DataSource;
  bytes: number;
  counts: ImportCounts;
  /** Rows settled so far. */
  position: number;
  /** Exact when it has ended; until then a little high where cells hold line breaks. */
  totalRows: number | null;
  /** 0 to 1. */
  progress: number | null;
  /** Code of what ended it. */
  fault: string | null;
  createdAt: Date;
  finishedAt: Date | null;
  undoneAt: Date | null;
  /** Until when it can be undone. */
  undoUntil: Date | null;
}

export class ImportPage {
  items: ImportItem[];
  next: string | null;
}

export class ImportColumn {
  index: number;
  header: string;
  use: string | null;
  problem?: ColumnProblem;
  suggestion?: string | null;
}

const WARNINGS = [
  'missing_email_column',
  'no_attestation',
  'no_notice',
  'no_consent',
  'field_not_allowed',
  'unknown_topic',
] as const;
export type ImportWarning = (typeof WARNINGS)[number];

export class ImportDetail extends ImportItem {
  encoding: string;
  delimiter: string;
  columns: ImportColumn[];
  /** The first rows as they stand in the file, until it is started. */
  @ApiProperty({ type: 'array', items: { type: 'array', items: { type: 'string' } } })
  sample: string[][];
  topics: string[];
  consent: ConsentInput | null;
  notice: NoticeInput | null;
  attestation: AttestationInput | null;
  /** What will keep these people from being written to, or the import from starting; codes. */
  @ApiProperty({ enum: WARNINGS, isArray: true })
  warnings: ImportWarning[];
}

/** `suppressed`: opted out, and stays so. */
const VERDICTS = ['new', 'changed', 'unchanged', 'suppressed', 'faulty'] as const;

export class TriedRow {
  line: number;
  @ApiProperty({ enum: VERDICTS })
  verdict: (typeof VERDICTS)[number];
  email: string | null;
  name: string | null;
  faults: Fault[];
}

export class DryRunResult {
  counts: ImportCounts;
  /** The first rows and what would become of them. */
  rows: TriedRow[];
}
