import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsEmail,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  IsTimeZone,
  IsUUID,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import type { Channel } from '../../domain/address';
import { MOST_BLOCKS } from '../../domain/blocks/check-blocks';
import { Optional } from '../../platform/http/validation';
import type { CampaignGroup } from './campaign-views.dto';
import { BLOCKS } from '../content/content.dto';

const GROUPS: CampaignGroup[] = ['draft', 'awaiting_approval', 'scheduled', 'sending', 'sent'];
const CONTACT_KINDS = ['company_contact', 'learner', 'newsletter_subscriber', 'support_contact'];
/** No line breaks or other control characters of any kind: a subject or a name becomes a header. */
const ONE_LINE = /^[^\p{Cc}\u2028\u2029]*$/u;
const Name = () => applyDecorators(IsString(), Length(1, 200), Matches(ONE_LINE));

class SegmentsDto {
  /** Ids of segments: people in any of them; empty = everybody. */
  @Optional()
  @IsArray()
  @ArrayMaxSize(50)
  @IsUUID(undefined, { each: true })
  include?: string[];

  /** Ids of segments: nobody who is in one of them. */
  @Optional()
  @IsArray()
  @ArrayMaxSize(50)
  @IsUUID(undefined, { each: true })
  exclude?: string[];
}

export class AudienceDto {
  /** `topic`: people who ever agreed to the topic. `everyone`: also the rest; the gate withholds them and says so. */
  @Optional()
  @IsIn(['topic', 'everyone'])
  members?: 'topic' | 'everyone';

  /** Contact kinds; empty = all. */
  @Optional()
  @IsArray()
  @IsIn(CONTACT_KINDS, { each: true })
  kinds?: string[];

  /** Ids of organisations; empty = all. */
  @Optional()
  @IsArray()
  @ArrayMaxSize(1000)
  @IsUUID(undefined, { each: true })
  organisationIds?: string[];

  /** Languages of the people; empty = all. */
  @Optional()
  @IsArray()
  @IsIn(['sv', 'en'], { each: true })
  languages?: string[];

  /** Narrows it to people in some segments, or not in others. */
  @Optional()
  @IsObject()
  @ValidateNested()
  @Type(() => SegmentsDto)
  segments?: SegmentsDto;
}

/** null clears what may be empty; the rest can only be left out. */
class CampaignFields {
  /** The topic people have agreed to; decides the legal ground. */
  @IsOptional()
  @IsUUID()
  topicId?: string;

  @Optional()
  @IsIn(['sv', 'en'])
  language?: 'sv' | 'en';

  @Optional()
  @IsObject()
  @ValidateNested()
  @Type(() => AudienceDto)
  audience?: AudienceDto;

  /** Key of a template; its subject, preheader and body are copied where the request gives none. */
  @IsOptional()
  @IsString()
  @MaxLength(100)
  templateKey?: string;

  @Optional()
  @IsString()
  @MaxLength(250)
  @Matches(ONE_LINE)
  subject?: string;

  /** The grey text beside the subject in an inbox. */
  @Optional()
  @IsString()
  @MaxLength(250)
  @Matches(ONE_LINE)
  preheader?: string;

  /** MJML sections with merge fields, or plain text for SMS; the layout with sender and opt-out link is put around it. */
  @Optional()
  @IsString()
  @MaxLength(500_000)
  body?: string;

  /** In place of the body, which is made from them; a body without them ends what was written as blocks. */
  @Optional()
  @IsArray()
  @ArrayMaxSize(MOST_BLOCKS)
  @ApiProperty(BLOCKS)
  blocks?: unknown[];

  @IsOptional()
  @IsString()
  @Length(1, 100)
  @Matches(ONE_LINE)
  senderName?: string;

  @IsOptional()
  @IsEmail({ require_tld: false })
  senderEmail?: string;

  @IsOptional()
  @IsEmail({ require_tld: false })
  replyTo?: string;

  /** IANA name; default Europe/Stockholm. */
  @Optional()
  @IsTimeZone()
  timeZone?: string;

  /** Wall clock in `timeZone`, `YYYY-MM-DDTHH:mm`; null = when somebody launches it. */
  @IsOptional()
  @Matches(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/)
  sendAtLocal?: string | null;

  /** Hours after the send time during which it may still leave; later it expires instead. */
  @Optional()
  @IsInt()
  @Min(1)
  @Max(336)
  windowHours?: number;

  /** Show it in the public archive. */
  @Optional()
  @IsBoolean()
  publicArchive?: boolean;
}

export class CreateCampaignDto extends CampaignFields {
  /** email when left out; cannot be changed afterwards. */
  @Optional()
  @IsIn(['email', 'sms'])
  channel?: Channel;

  /** Name for staff; also `{{ campaign.name }}`. */
  @Name()
  name: string;
}

export class EditCampaignDto extends CampaignFields {
  @Optional()
  @Name()
  name?: string;
}

export class UpdateCampaignDto extends EditCampaignDto {
  /** The version you edited; if it is no longer the newest the answer is 409 and nothing is saved. */
  @IsInt()
  @Min(1)
  version!: number;
}

export class TestSendDto {
  /** Up to five addresses, or numbers for SMS; none that said no. */
  @IsArray()
  @ArrayMaxSize(5)
  @IsString({ each: true })
  @MaxLength(254, { each: true })
  to!: string[];
}

export class LaunchDto {
  /** How many people you expect to get it; if it is another number now, the answer is 409 and nothing is sent. Above CONFIRM_ABOVE people it must be given. */
  @Optional()
  @IsInt()
  @Min(0)
  expected?: number;
}

class PageQuery {
  /** Id of the last one of the page before. */
  @IsOptional()
  @IsUUID()
  after?: string;

  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(200)
  limit?: number;
}

export class ListCampaignsDto extends PageQuery {
  /** Only this group; `sent` is all that has ended. */
  @Optional()
  @IsIn(GROUPS)
  group?: CampaignGroup;

  @Optional()
  @IsIn(['email', 'sms'])
  channel?: Channel;

  /** Part of a name or a subject. */
  @Optional()
  @IsString()
  @MaxLength(100)
  q?: string;
}

export class ListMessagesDto extends PageQuery {
  @IsOptional()
  @Matches(/^[A-Z_]{3,20}$/)
  state?: string;

  @IsOptional()
  @Matches(/^[a-z_]{3,40}$/)
  reason?: string;
}

export class PreviewDto {
  /** A contact to show it as; without one, an invented person. */
  @IsOptional()
  @IsUUID()
  contactId?: string;
}
