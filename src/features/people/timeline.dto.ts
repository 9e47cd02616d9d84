import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsString, Max, MaxLength, Min } from 'class-validator';
import type { Channel } from '../../domain/address';
import { Optional } from '../../platform/http/validation';
import { LANGUAGES, type Language } from '../../platform/i18n/i18n';
import { CHANNELS } from '../registry/ledger/ledger-act';

export const HAPPENINGS = [
  'message',
  'service_mail',
  'registry',
  'click',
  'reply',
  'case',
  'import',
  'data',
  'learning',
] as const;
export type HappeningKind = (typeof HAPPENINGS)[number];

export class TimelineQuery {
  /** `next` of the page before. */
  @Optional()
  @IsString()
  @MaxLength(200)
  cursor?: string;
  @Optional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(200)
  limit?: number;
  /** Of the sentences; Swedish by default. */
  @Optional()
  @IsIn(LANGUAGES)
  lang?: Language;
}

/** One thing that happened between us and a person; what they learned only for who may read people. Holds no address and no words of theirs. */
export class Happening {
  /** Of the message, the ledger entry, the case, the import …: by its kind. */
  id: string;
  @ApiProperty({ enum: HAPPENINGS })
  kind: HappeningKind;
  at: Date;
  /** State of a message, kind of a ledger entry or a learner event, template of a service mail, address that a click led to, state of a case, meaning of a reply. */
  what: string;
  @ApiProperty({ enum: CHANNELS, nullable: true })
  channel: Channel | null;
  @ApiProperty({
    type: String,
    nullable: true,
    description: "The gate's reason when withheld, else the door or the outcome.",
  })
  detail: string | null;
  @ApiProperty({ type: String, nullable: true })
  campaignId: string | null;
  @ApiProperty({ type: String, nullable: true, description: 'Exact words that were agreed to.' })
  wordingVersion: string | null;
  /** In one sentence. */
  sentence: string;
  /** The mail can be seen as the person got it. */
  viewable: boolean;
}

export class Timeline {
  /** Newest first. */
  items: Happening[];
  @ApiProperty({ type: String, nullable: true })
  next: string | null;
}

/** A message with the values of the person it went to; its personal links are dead. */
export class SeenMessage {
  id: string;
  @ApiProperty({ enum: CHANNELS })
  channel: Channel;
  subject: string;
  @ApiProperty({ type: String, nullable: true, description: 'null: a text message.' })
  html: string | null;
  text: string;
}
