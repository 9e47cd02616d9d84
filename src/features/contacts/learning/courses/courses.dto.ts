import {
  ArrayMaxSize,
  ArrayNotEmpty,
  IsArray,
  IsBooleanString,
  IsBoolean,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  IsUrl,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { Optional } from '../../../../platform/http/validation';
import { EXTERNAL_ID, MOST, PageQuery } from '../batch.dto';

const WEB = { protocols: ['http', 'https'], require_protocol: true, require_tld: false };

/** A course as the learning platform knows it; what is left out is empty. */
export class CourseInput {
  @IsString()
  @Length(1, 200)
  @Matches(/\S/)
  name: string;

  /** What it is about: courses of one subject belong together, like Excel or Spanska. */
  @Optional()
  @IsString()
  @MaxLength(100)
  subject?: string;

  /** 1 = for beginners, 2 = goes on from 1 of the same subject …; null = no order. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(100)
  level?: number | null;

  @Optional()
  @IsString()
  @MaxLength(2000)
  description?: string;

  @IsOptional()
  @IsUrl(WEB)
  @MaxLength(500)
  url?: string | null;

  /** No longer given: kept for what people did, offered to nobody. */
  @Optional()
  @IsBoolean()
  archived?: boolean;
}

export class CourseItem extends CourseInput {
  @Matches(EXTERNAL_ID)
  externalId: string;
}

export class CourseItems {
  /** At most 1 000, each as in PUT with its `externalId`; each is judged alone. */
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(MOST)
  @IsObject({ each: true })
  items: object[];
}

export class CourseQuery extends PageQuery {
  /** Part of a name or a subject, or an external id. */
  @IsOptional()
  @IsString()
  @MaxLength(200)
  q?: string;

  /** true: archived ones too. */
  @IsOptional()
  @IsBooleanString()
  archived?: string;
}

export class Course {
  id: string;
  externalId: string;
  name: string;
  subject: string;
  level: number | null;
  description: string;
  url: string | null;
  archivedAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
}

export class CoursePage {
  items: Course[];
  next: string | null;
}
