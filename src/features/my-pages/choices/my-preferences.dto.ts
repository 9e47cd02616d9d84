import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  Equals,
  IsArray,
  IsBoolean,
  IsIn,
  IsObject,
  IsString,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import type { Channel } from '../../../domain/address';
import { Optional } from '../../../platform/http/validation';
import { LANGUAGES, type Language } from '../../../platform/i18n/i18n';
import { CHANNELS } from '../../registry/ledger/ledger-act';

export const PAUSES = ['three_months', 'end'] as const;
export type Pause = (typeof PAUSES)[number];

/** One switch as the person has set it. */
export class TopicWish {
  /** Key of the topic. */
  @IsString()
  @MaxLength(40)
  key: string;
  @IsIn(CHANNELS)
  channel: Channel;
  @IsBoolean()
  on: boolean;
}

/** Only what the person has changed; what is left out stays as it is. Where two things contradict, the no counts. */
export class ChangePreferences {
  /** Turning on is a consent: show `consentText` beside the switch. */
  @Optional()
  @IsArray()
  @ArrayMaxSize(200)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => TopicWish)
  topics?: TopicWish[];
  /** A no to all marketing on all channels. */
  @Optional()
  @Equals(true)
  everythingOff?: true;
  /** A pause of three months, or the end of one. */
  @Optional()
  @IsIn(PAUSES)
  pause?: Pause;
  /** At most one message every 30 days on all channels together, or no longer. */
  @Optional()
  @IsBoolean()
  fewer?: boolean;
  /** Whether we may see which links the person follows. Turning it on is a consent: show `trackingText` beside it. */
  @Optional()
  @IsBoolean()
  tracking?: boolean;
  /** Language of what we write. */
  @Optional()
  @IsIn(LANGUAGES)
  language?: Language;
}

/** Whether a topic goes to the person on a channel, by the gate's own decision. */
export class ChannelChoice {
  on: boolean;
  /** When that was said, where it is known. */
  @ApiProperty({ type: Date, nullable: true })
  since: Date | null;
  /** Where: `mina_sidor`, `link`, `service_desk` … */
  @ApiProperty({ type: String, nullable: true })
  door: string | null;
}

export class TopicChannels {
  email: ChannelChoice;
  @ApiProperty({
    type: ChannelChoice,
    nullable: true,
    description: 'null: there is no number to write to, or none may be held.',
  })
  sms: ChannelChoice | null;
}

export class TopicChoices {
  key: string;
  name: string;
  description: string;
  channels: TopicChannels;
}

export class OwnAddress {
  id: string;
  channel: Channel;
  /** Enough of it to know it by; a log-in by one mailbox shows no other. */
  address: string;
  /** false: what we sent there has come back. */
  deliverable: boolean;
}

export class OwnName {
  @ApiProperty({ type: String, nullable: true })
  firstName: string | null;
}

export class EverythingOff {
  @ApiProperty({ type: Date, nullable: true })
  since: Date | null;
  @ApiProperty({ type: String, nullable: true })
  door: string | null;
}

export class Preferences {
  /** The person's own; names and texts here are in it unless another was asked for. */
  language: Language;
  person: OwnName;
  addresses: OwnAddress[];
  topics: TopicChoices[];
  @ApiProperty({ type: EverythingOff, nullable: true })
  everythingOff: EverythingOff | null;
  @ApiProperty({ type: Date, nullable: true })
  pausedUntil: Date | null;
  /** At most one message every 30 days. */
  fewer: boolean;
  /** What a person agrees to by turning something on. */
  consentText: string;
  /** We may see which links the person follows. */
  tracking: boolean;
  /** What a person agrees to by that. */
  trackingText: string;
}
