import { Injectable } from '@nestjs/common';
import { endOfNextWorkingDay } from '../../../domain/working-day';
import { Clock } from '../../../platform/clock';
import type { Actor } from '../../../platform/http/actor';
import { Replies } from '../../feedback/replies/replies';
import type { Reply } from '../../feedback/replies/reply.queries';
import { mask } from '../../registry/link-tokens';
import type { RepliesQuery, ReplyView } from './replies.dto';

const PAGE = 50;
const HOUR_MS = 3_600_000;

/** The queue of what people wrote back, with how long each has waited. */
@Injectable()
export class ListReplies {
  constructor(
    private readonly clock: Clock,
    private readonly replies: Replies,
  ) {}

  async run({ state = 'open', limit = PAGE }: RepliesQuery, reader: Actor): Promise<ReplyView[]> {
    const found = await this.replies.list(state, limit, reader);
    const now = this.clock.now();
    // L-26: whole addresses only for whoever may read contacts anyway.
    const whole = reader.permissions.has('contacts:read');
    return found.map((reply) => toView(reply, now, whole));
  }
}

function toView(reply: Reply, now: Date, whole: boolean): ReplyView {
  const { id, at, channel, sender, body, meaning, state, outcome, handledAt, ledgerEntryId } =
    reply;
  const answerBy = endOfNextWorkingDay(at);
  return {
    id,
    at,
    channel,
    from: sender && (whole ? sender : mask(channel, sender)),
    words: body,
    meaning,
    state,
    ageHours: Math.max(0, Math.floor((now.getTime() - at.getTime()) / HOUR_MS)),
    answerBy,
    late: state === 'open' && now >= answerBy,
    outcome,
    handledAt,
    ledgerEntryId,
  };
}
