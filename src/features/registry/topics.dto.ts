import { ApiProperty } from '@nestjs/swagger';
import {
  IsBoolean,
  IsIn,
  IsInt,
  IsISO8601,
  IsString,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { MARKETING_PURPOSES } from '../../domain/policy';
import { Optional } from '../../platform/http/validation';

const PURPOSE_IDS = MARKETING_PURPOSES.map(({ id }) => id);

/** A topic that people may choose to get. */
export class CreateTopic {
  /** Stable name for programs: lower-case letters, digits and hyphens. */
  @Matches(/^[a-z0-9][a-z0-9-]{0,39}$/)
  key: string;
  /** Name in Swedish, as recipients see it. */
  @IsString()
  @Length(1, 80)
  nameSv: string;
  /** Name in English, as recipients see it. */
  @IsString()
  @Length(1, 80)
  nameEn: string;
  /** One line in Swedish about what it brings and how often. */
  @Optional()
  @IsString()
  @MaxLength(200)
  descriptionSv?: string;
  /** The same in English. */
  @Optional()
  @IsString()
  @MaxLength(200)
  descriptionEn?: string;
  /** Row of the privacy policy's purpose table. */
  @IsIn(PURPOSE_IDS)
  purpose: string;
  /** Own similar products (19 § marknadsföringslagen): a soft opt-in may carry it. */
  @Optional()
  @IsBoolean()
  softOptIn?: boolean;
  /** Day the purpose was last assessed; without one, or after 12 months, the topic is blocked. */
  @Optional()
  @IsISO8601({ strict: true })
  assessedAt?: string;
  /** Order in lists. */
  @Optional()
  @IsInt()
  @Min(0)
  @Max(10_000)
  position?: number;
}

/** What may change; the key may not, because others refer to it. */
export class ChangeTopic {
  @Optional()
  @IsString()
  @Length(1, 80)
  nameSv?: string;
  @Optional()
  @IsString()
  @Length(1, 80)
  nameEn?: string;
  @Optional()
  @IsString()
  @MaxLength(200)
  descriptionSv?: string;
  @Optional()
  @IsString()
  @MaxLength(200)
  descriptionEn?: string;
  @Optional()
  @IsIn(PURPOSE_IDS)
  purpose?: string;
  @Optional()
  @IsBoolean()
  softOptIn?: boolean;
  @Optional()
  @IsISO8601({ strict: true })
  assessedAt?: string;
  @Optional()
  @IsInt()
  @Min(0)
  @Max(10_000)
  position?: number;
  /** An archived topic is offered to nobody and can carry no new campaign; noes to it stay. */
  @Optional()
  @IsBoolean()
  archived?: boolean;
}

export class Topic {
  id: string;
  key: string;
  nameSv: string;
  nameEn: string;
  descriptionSv: string;
  descriptionEn: string;
  @ApiProperty({ enum: PURPOSE_IDS })
  purpose: string;
  softOptIn: boolean;
  assessedAt: Date | null;
  /** The assessment is there and younger than 12 months. */
  assessed: boolean;
  position: number;
  archivedAt: Date | null;
}

export class TopicList {
  items: Topic[];
}
