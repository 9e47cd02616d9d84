import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Matches,
  Min,
} from 'class-validator';
import type { Channel } from '../../domain/address';
import type { Group } from '../../domain/segment/tree';
import { Optional } from '../../platform/http/validation';

/** The closed list of fields and operators is in the domain, which judges trees: OpenAPI says only that it is an object. */
const TREE = {
  type: 'object',
  additionalProperties: true,
  example: { match: 'all', rules: [{ field: 'city', op: 'is', value: 'Malmö' }] },
} as const;
const KINDS = ['dynamic', 'static'];
const USERS = ['campaign', 'segment'];
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

  /** With `topicId`: how many would get something about it now, and why the rest would not. */
  @IsOptional()
  @IsIn(['email', 'sms'])
  channel?: Channel;

  @IsOptional()
  @IsUUID()
  topicId?: string;
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

export class NamedInTree {
  id: string;
  name: Sentence;
}

/** Who asks by a segment. */
export class SegmentUse {
  @ApiProperty({ enum: USERS })
  kind: 'campaign' | 'segment';
  id: string;
  name: string;
  /** It cannot be archived as long as this is so: a campaign that has not left, or another segment. */
  holds: boolean;
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
  /** What the ids in the tree stand for; what is gone has no name. */
  names: NamedInTree[];
  /** Asks something that is profiling, itself or by a segment it names. */
  profiling: boolean;
  /** As it was last counted; null before the first night. */
  people: number | null;
  /** Since the night before that; null when there was none. */
  change: number | null;
  countedAt: Date | null;
  /** The newest first. */
  usedBy: SegmentUse[];
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

export class SegmentWithheld {
  /** The gate's. */
  reason: string;
  count: number;
}

/** people − withoutAddress − withheld = gets, as of now; the permit decides again. */
export class SegmentDelivery {
  gets: number;
  /** Has no address on the channel at all. */
  withoutAddress: number;
  /** The most first. */
  withheld: SegmentWithheld[];
}

/** One of the outermost rules or groups as if it were the only one. */
export class SegmentPart {
  /** `rules.0` */
  path: string;
  sentence: Sentence;
  people: number;
}

export class SegmentAnswer {
  people: number;
  /** Of whom anything can be asked at all. */
  everybody: number;
  /** Null when it was not asked for. */
  delivery: SegmentDelivery | null;
  /** When it names nobody or everybody: each part alone, to say which makes it so; else, or if that takes too long, null. */
  parts: SegmentPart[] | null;
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
