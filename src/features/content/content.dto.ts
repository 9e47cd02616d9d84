import { ApiProperty } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  IsArray,
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
import type { Block } from '../../domain/blocks/block';
import { MOST_BLOCKS } from '../../domain/blocks/check-blocks';
import { Optional } from '../../platform/http/validation';

const CHANNELS = ['email', 'sms'];
const LANGUAGES = ['sv', 'en'];
/** The closed list of them is in the domain, which judges them too: OpenAPI says only that they are objects. */
export const BLOCKS = { type: 'array', items: { type: 'object' } } as const;

/** A template without its words. */
export class TemplateSummary {
  key: string;
  @ApiProperty({ enum: CHANNELS })
  channel: Channel;
  /** Templates that come with the product can be used and copied, not changed. */
  bundled: boolean;
  nameSv: string;
  nameEn: string;
  description: string;
  version: number;
  updatedAt: Date | null;
}

export class TemplateDetail extends TemplateSummary {
  subject: string;
  preheader: string;
  /** MJML sections with merge fields, or plain text for SMS; the layout with the way out is put around them. */
  body: string;
  /** What the body was made from; null when it was written as source. */
  @ApiProperty({ ...BLOCKS, nullable: true })
  blocks: Block[] | null;
}

export class NewTemplate {
  @IsString()
  @Length(1, 100)
  name: string;

  /** Key of the template it begins as a copy of; empty when left out. */
  @Optional()
  @IsString()
  @MaxLength(60)
  from?: string;

  /** email when left out; that of the original for a copy. */
  @Optional()
  @IsIn(CHANNELS)
  channel?: Channel;
}

export class SaveTemplate {
  /** email when left out; stays what it was at first. */
  @Optional()
  @IsIn(CHANNELS)
  channel?: Channel;

  @IsString()
  @MaxLength(100)
  nameSv: string;

  @IsString()
  @MaxLength(100)
  nameEn: string;

  @Optional()
  @IsString()
  @MaxLength(500)
  description?: string;

  /** Needed for email; a text message has none. */
  @Optional()
  @IsString()
  @MaxLength(1_000)
  subject?: string;

  @Optional()
  @IsString()
  @MaxLength(1_000)
  preheader?: string;

  /** Needed when there are no blocks. */
  @Optional()
  @IsString()
  @MaxLength(200_000)
  body?: string;

  /** In place of the body, which is made from them. */
  @Optional()
  @IsArray()
  @ArrayMaxSize(MOST_BLOCKS)
  @ApiProperty(BLOCKS)
  blocks?: unknown[];

  /** The version you edited; if it is no longer the newest the answer is 409 and nothing is saved. */
  @Optional()
  @IsInt()
  @Min(1)
  @Max(2_147_483_647)
  version?: number;
}

export class TemplateKey {
  @Matches(/^[a-z0-9]+(-[a-z0-9]+)*$/)
  @MaxLength(60)
  key: string;
}

export class PreviewRequest {
  /** email when left out. */
  @Optional()
  @IsIn(CHANNELS)
  channel?: Channel;

  @Optional()
  @IsString()
  @MaxLength(1_000)
  subject?: string;

  @Optional()
  @IsString()
  @MaxLength(1_000)
  preheader?: string;

  /** Needed when there are no blocks. */
  @Optional()
  @IsString()
  @MaxLength(200_000)
  body?: string;

  /** In place of the body. Those with errors are left out of what is shown. */
  @Optional()
  @IsArray()
  @ArrayMaxSize(MOST_BLOCKS)
  @ApiProperty(BLOCKS)
  blocks?: unknown[];

  @Optional()
  @IsIn(LANGUAGES)
  language?: 'sv' | 'en';

  @Optional()
  @IsString()
  @MaxLength(100)
  senderName?: string;

  /** Show it as this contact would see it; an invented person when left out. */
  @Optional()
  @IsUUID()
  contactId?: string;
}

/** What a text message takes. */
export class SmsSizeView {
  @ApiProperty({ enum: ['GSM-7', 'UCS-2'] })
  encoding: 'GSM-7' | 'UCS-2';
  units: number;
  /** Parts that the operator charges for. */
  segments: number;
  /** Characters that make it dear, each once. */
  offending: string[];
}

/** One finding about what an author wrote. */
export class ProblemView {
  @ApiProperty({ enum: ['error', 'warning'] })
  severity: 'error' | 'warning';
  code: string;
  /** In the language of the request. */
  message: string;
  path: string;
  line?: number;
  column?: number;
  /** Id of the block it is in. */
  block?: string;
  suggestion?: string;
}

export class Preview {
  /** Null, like html and text, when a problem is an error that no single block has. */
  subject: string | null;
  html: string | null;
  text: string | null;
  problems: ProblemView[];
  /** Bytes of the HTML as sent; Gmail clips at about 102 000. */
  size: number;
  /** For text messages only. */
  sms?: SmsSizeView;
  /** How many courses are recommended to the contact; left out when the content recommends none, or for nobody. */
  offered?: number;
  fields: string[];
}

export class MergeFieldView {
  field: string;
  label: string;
  /** May be empty for a person: give a fallback. */
  personal: boolean;
}

export class WordsIn {
  /** Language of messages and labels. */
  @Optional()
  @IsIn(LANGUAGES)
  lang?: 'sv' | 'en';
}
