import { ApiProperty } from '@nestjs/swagger';
import { LEARNER_EVENT_KINDS, type LearnerEventKind } from '../../../../domain/learning';
import { OFFER_RULES, type OfferRule } from '../../../../domain/offers/offer';

/** How far somebody has come in a course. */
export const COURSE_STATES = ['enrolled', 'started', 'completed'] as const;
export type CourseState = (typeof COURSE_STATES)[number];

export class TakenCourse {
  externalId: string;
  name: string;
  subject: string;
  level: number | null;
  @ApiProperty({ enum: COURSE_STATES })
  state: CourseState;
  enrolledAt: Date | null;
  startedAt: Date | null;
  completedAt: Date | null;
  certificateAt: Date | null;
  /** Of the last event of any kind. */
  lastAt: Date;
}

export class KnownEvent {
  @ApiProperty({ enum: LEARNER_EVENT_KINDS })
  kind: LearnerEventKind;
  course: string | null;
  at: Date;
  /** The day it will be gone. */
  @ApiProperty({ format: 'date' })
  goneOn: string;
}

export class KnownAttribute {
  key: string;
  name: string;
  @ApiProperty({ oneOf: [{ type: 'string' }, { type: 'number' }, { type: 'boolean' }] })
  value: string | number | boolean;
  /** Row of the policy's table, and its words. */
  purpose: string;
  purposeText: string;
  source: string;
  collectedAt: Date;
  /** The day it will be gone. */
  @ApiProperty({ format: 'date' })
  goneOn: string;
}

/** A link of a mail that the person followed, who has agreed to that being seen. */
export class KnownClick {
  /** Name of the campaign. */
  campaign: string;
  url: string;
  /** The last time. */
  at: Date;
  /** The day it will be gone. */
  @ApiProperty({ format: 'date' })
  goneOn: string;
}

/** A course that a mail recommended to the person. */
export class KnownOffer {
  course: string;
  /** Why: the rule, and the course of theirs that it rests on. */
  @ApiProperty({ enum: OFFER_RULES })
  rule: OfferRule;
  because: string | null;
  at: Date;
  /** The day it will be gone. */
  @ApiProperty({ format: 'date' })
  goneOn: string;
}

/** What is kept of what a person does, and of the controller's own data; why, and for how long. */
export class Learning {
  /** Why courses and events are kept: row of the policy's table, and its words. */
  purpose: string;
  purposeText: string;
  /** The last one first. */
  courses: TakenCourse[];
  /** The latest first. */
  events: KnownEvent[];
  attributes: KnownAttribute[];
  /** The latest first; kept for the same as courses and events, and only while the person agrees to it. */
  clicks: KnownClick[];
  /** The latest first; kept no longer than what they rest on. */
  offers: KnownOffer[];
}
