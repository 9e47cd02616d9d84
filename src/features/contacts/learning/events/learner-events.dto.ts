import { ApiProperty } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  IsArray,
  IsIn,
  IsISO8601,
  IsObject,
  IsOptional,
  Matches,
} from 'class-validator';
import { LEARNER_EVENT_KINDS, type LearnerEventKind } from '../../../../domain/learning';
import { EXTERNAL_ID, ItemFault, MOST } from '../batch.dto';
import { BARRED_REASONS, type BarredReason } from '../may-profile';

export class LearnerEventInput {
  /** The sender's own id of it: the same id is the same event, however often it comes. */
  @Matches(EXTERNAL_ID)
  eventId: string;

  /** The learner, as in PUT /api/v1/contacts. */
  @Matches(EXTERNAL_ID)
  contactExternalId: string;

  /** The course, as in PUT /api/v1/courses. */
  @IsOptional()
  @Matches(EXTERNAL_ID)
  courseExternalId?: string | null;

  @IsIn(LEARNER_EVENT_KINDS)
  kind: LearnerEventKind;

  /** With its time zone: 2026-03-01T09:30:00+01:00. From 2000 on, at most a day ahead. */
  @IsISO8601({ strict: true, strictSeparator: true })
  @Matches(/T.+(Z|[+-]\d\d:\d\d)$/)
  occurredAt: string;
}

export class LearnerEventItems {
  /** At most 1 000, in any order; each is judged alone. */
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(MOST)
  @IsObject({ each: true })
  items: object[];
}

const OUTCOMES = [
  'stored',
  'repeated',
  'conflict',
  'unknown_contact',
  'unknown_course',
  'not_kept',
  'refused',
] as const;
export type EventOutcome = (typeof OUTCOMES)[number];

export class LearnerEventResult {
  /** `repeated`: it was here, the same; `conflict`: another event with this id was; `not_kept`: may not be, see `reason`. */
  @ApiProperty({ enum: OUTCOMES })
  outcome: EventOutcome;
  /** Why nothing new is kept of the person. */
  @ApiProperty({ enum: BARRED_REASONS, nullable: true })
  reason: BarredReason | null;
}

export class LearnerEventItemResult extends LearnerEventResult {
  /** Place in the call, from 0. */
  index: number;
  eventId: string | null;
  errors: ItemFault[];
}

export class LearnerEventResults {
  /** In the order of the call. */
  items: LearnerEventItemResult[];
}
