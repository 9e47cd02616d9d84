import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsString, Max, MaxLength, Min } from 'class-validator';
import type { Channel } from '../../../domain/address';
import { Optional } from '../../../platform/http/validation';
import type { ReplyOutcome } from '../../feedback/replies/reply.queries';
import { LONGEST_WORDS } from '../cases/cases.dto';

const STATES = ['open', 'done'] as const;
const MEANINGS = ['stop', 'start', 'unclear'] as const;
const OUTCOMES = ['opted_out', 'not_a_no', 'auto_reply', 'answered', 'expired'] as const;
const DISMISSED_AS = ['not_a_no', 'auto_reply', 'answered'] as const;

export class RepliesQuery {
  /** Left out: open. */
  @Optional()
  @IsIn(STATES)
  state?: (typeof STATES)[number];
  @Optional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(200)
  limit?: number;
}

export class ReplyOptOut {
  /** For the case; left out: the reply's own first words. */
  @Optional()
  @IsString()
  @MaxLength(LONGEST_WORDS)
  words?: string;
}

export class DismissReply {
  @IsIn(DISMISSED_AS)
  as: (typeof DISMISSED_AS)[number];
}

/** What somebody wrote back and a person has to read. */
export class ReplyView {
  id: string;
  at: Date;
  channel: Channel;
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Whole for whoever may read contacts, else masked; gone once it is settled.',
  })
  from: string | null;
  @ApiProperty({ type: String, nullable: true, description: 'Gone once it is settled.' })
  words: string | null;
  /** What the words alone would mean: `stop` is a plain no whose sender proves nothing. */
  @ApiProperty({ enum: MEANINGS })
  meaning: (typeof MEANINGS)[number];
  @ApiProperty({ enum: STATES })
  state: (typeof STATES)[number];
  ageHours: number;
  /** The end of the first working day after it came. */
  answerBy: Date;
  late: boolean;
  @ApiProperty({ enum: OUTCOMES, nullable: true })
  outcome: ReplyOutcome | null;
  @ApiProperty({ type: Date, nullable: true })
  handledAt: Date | null;
  @ApiProperty({ type: String, nullable: true })
  ledgerEntryId: string | null;
}

export class ReplyList {
  /** Open ones: the oldest first. */
  items: ReplyView[];
}
