import { IsIn, IsString, IsUUID, Matches, MaxLength } from 'class-validator';
import type { Channel } from '../../domain/address';
import { Optional } from '../../platform/http/validation';

const CHANNELS = ['email', 'sms'];

/** A template without its words. */
export class TemplateSummary {
  key: string;
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

  @IsString()
  @MaxLength(200_000)
  body: string;
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

  @IsString()
  @MaxLength(200_000)
  body: string;

  @Optional()
  @IsIn(['sv', 'en'])
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
  encoding: 'GSM-7' | 'UCS-2';
  units: number;
  /** Parts that the operator charges for. */
  segments: number;
  /** Characters that make it dear, each once. */
  offending: string[];
}

/** One finding about what an author wrote. */
export class ProblemView {
  severity: 'error' | 'warning';
  code: string;
  /** In the language of the request. */
  message: string;
  path: string;
  line?: number;
  column?: number;
  suggestion?: string;
}

export class Preview {
  /** Null, like html and text, when a problem is an error. */
  subject: string | null;
  html: string | null;
  text: string | null;
  problems: ProblemView[];
  /** Bytes of the HTML as sent; Gmail clips at about 102 000. */
  size: number;
  /** For text messages only. */
  sms?: SmsSizeView;
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
  @IsIn(['sv', 'en'])
  lang?: 'sv' | 'en';
}
