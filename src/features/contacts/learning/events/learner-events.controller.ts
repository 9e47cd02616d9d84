import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Permit } from '../../../../platform/http/access';
import { type Actor, CurrentActor } from '../../../../platform/http/actor';
import {
  LearnerEventInput,
  LearnerEventItems,
  LearnerEventResult,
  LearnerEventResults,
} from './learner-events.dto';
import { TakeLearnerEvents } from './take-learner-events';

@ApiTags('learning')
@Controller('api/v1/learner-events')
export class LearnerEventsController {
  constructor(private readonly events: TakeLearnerEvents) {}

  /** Stores what a learner did, once per `eventId`. Nothing new is kept of whoever objected to marketing. */
  @Post()
  @Permit('learning:write')
  @HttpCode(200)
  take(
    @Body() input: LearnerEventInput,
    @CurrentActor() actor: Actor,
  ): Promise<LearnerEventResult> {
    return this.events.take(input, actor);
  }

  @Post('batch')
  @Permit('learning:write')
  @HttpCode(200)
  async takeMany(
    @Body() { items }: LearnerEventItems,
    @CurrentActor() actor: Actor,
  ): Promise<LearnerEventResults> {
    return { items: await this.events.takeMany(items, actor) };
  }
}
