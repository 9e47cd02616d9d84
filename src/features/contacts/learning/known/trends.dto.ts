import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsOptional, Matches } from 'class-validator';
import { LEARNER_EVENT_KINDS, type LearnerEventKind } from '../../../../domain/learning';

const MONTH = /^20\d\d-(0[1-9]|1[0-2])$/;
export const TREND_GROUPS = ['course', 'organisation', 'month'] as const;
export type TrendGroup = (typeof TREND_GROUPS)[number];

export class TrendQuery {
  /** First month, YYYY-MM. */
  @Matches(MONTH)
  from: string;

  /** Last month, YYYY-MM. */
  @Matches(MONTH)
  to: string;

  @IsIn(TREND_GROUPS)
  by: TrendGroup;

  @IsOptional()
  @IsIn(LEARNER_EVENT_KINDS)
  kind?: LearnerEventKind;
}

/** A count under five could be somebody: it is not told. */
export class TrendRow {
  /** The month, or the id of the course or the organisation; null: none. */
  key: string | null;
  /** Of the course or the organisation. */
  name: string | null;
  @ApiProperty({ enum: LEARNER_EVENT_KINDS })
  kind: LearnerEventKind;
  /** Null when fewer than five. */
  events: number | null;
  fewerThanFive: boolean;
}

export class TrendAnswer {
  /** Months in their order; courses and organisations by how much, the most first. */
  items: TrendRow[];
}
