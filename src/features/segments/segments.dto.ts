import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Matches,
  Min,
} from 'class-validator';
import type { Group } from '../../domain/segment/tree';
import { Optional } from '../../platform/http/validation';

/** The closed list of fields and operators is in the domain, which judges trees: OpenAPI says only that it is an object. */
const TREE = {
  type: 'object',
  additionalProperties: true,
  example: { match: 'all', rules: [{ field: 'city', op: 'is', value: 'Malmö' }] },
} as const;
const KINDS = ['dynamic', 'static'];
const ONE_LINE = /^[^\p{Cc}\u2028\u2029]*$/u;

export class SegmentInput {
  @IsString()
  @Length(1, 200)
  @Matches(ONE_LINE)
  name: string;

  /** `{match: all | any | none, rules: […]}`; a rule is `{field, op, value}` or a group of rules. */
  @IsObject()
  @ApiProperty(TREE)
  tree: object;
}

export class SegmentEdit {
  /** The version on your screen; if it is no longer the newest the answer is 409 and nothing is saved. */
  @IsInt()
  @Min(1)
  version: number;

  @Optional()
  @IsString()
  @Length(1, 200)
  @Matches(ONE_LINE)
  name?: string;

  /** Not of a static segment. */
  @Optional()
  @IsObject()
  @ApiPropertyOptional(TREE)
  tree?: object;
}

export class QuestionInput {
  @IsObject()
  @ApiProperty(TREE)
  tree: object;

  /** The segment it is to be saved as, if it is one already: it may not name itself. */
  @IsOptional()
  @IsUUID()
  segmentId?: string;
}

export class FreezeInput {
  /** Of the static copy. */
  @IsString()
  @Length(1, 200)
  @Matches(ONE_LINE)
  name: string;
}

export class Sentence {
  sv: string;
  en: string;
}

export class SegmentView {
  id: string;
  name: string;
  /** dynamic: asked anew each time; static: whoever was in it when it was frozen. */
  @ApiProperty({ enum: KINDS })
  kind: 'dynamic' | 'static';
  version: number;
  @ApiProperty(TREE)
  tree: Group;
  sentence: Sentence;
  /** Asks something that is profiling, itself or by a segment it names. */
  profiling: boolean;
  /** As it was last counted; null before the first night. */
  people: number | null;
  countedAt: Date | null;
  /** Id of who made it; null when it was the command line. */
  createdBy: string | null;
  createdAt: Date;
  updatedAt: Date;
  archivedAt: Date | null;
}

export class SegmentList {
  /** Newest first; without the archived ones. */
  items: SegmentView[];
}

export class SegmentPerson {
  id: string;
  firstName: string | null;
  lastName: string | null;
}

export class SegmentAnswer {
  people: number;
  sentence: Sentence;
  profiling: boolean;
  /** Of how many nothing was asked, since they may not be profiled; 0 when the question is not profiling. */
  leftOut: number;
  /** Of how many more it is not known what they click on, since they have not agreed to that; 0 when it is not asked. */
  untracked: number;
  /** The newest few; null for those who may not see people. */
  sample: SegmentPerson[] | null;
}

export class DayCount {
  /** YYYY-MM-DD */
  day: string;
  people: number;
}

export class SegmentGrowth {
  /** Newest first. */
  days: DayCount[];
  /** Since `countedAt`; 0 before the first count. */
  came: number;
  went: number;
  countedAt: Date | null;
}

export class ExplainedRule {
  /** Where it stands in the tree: `rules.0.rules.1` */
  path: string;
  sentence: Sentence;
  holds: boolean;
}

export class ExplainedPerson {
  inside: boolean;
  /** False: the person may not be profiled, and no rule that profiles holds. */
  profiled: boolean;
  /** Of the tree; for a static segment, as they are now and not as when it was frozen. */
  rules: ExplainedRule[];
}
