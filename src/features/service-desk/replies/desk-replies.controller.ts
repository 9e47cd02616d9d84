import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Permit } from '../../../platform/http/access';
import { CurrentActor, type Actor } from '../../../platform/http/actor';
import { toLanguage } from '../../../platform/i18n/i18n';
import { NoRecorded } from '../record-no.dto';
import { AnswerReply } from './answer-reply';
import { ListReplies } from './list-replies';
import { DismissReply, RepliesQuery, ReplyList, ReplyOptOut } from './replies.dto';

@ApiTags('service-desk')
@Controller('api/v1/service-desk/replies')
export class DeskRepliesController {
  constructor(
    private readonly replies: ListReplies,
    private readonly answering: AnswerReply,
  ) {}

  /** Answers by mail and text message that a person has to read; open ones the oldest first. */
  @Get()
  @Permit('service-cases:read')
  async list(@Query() query: RepliesQuery, @CurrentActor() actor: Actor): Promise<ReplyList> {
    return { items: await this.replies.run(query, actor) };
  }

  /** It was a no: recorded for whoever had the link that was answered, and for the sender. */
  @Post(':id/opt-out')
  @HttpCode(200)
  @Permit('opt-outs:record')
  optOut(
    @Param('id') id: string,
    @Body() input: ReplyOptOut,
    @CurrentActor() actor: Actor,
    @Query('lang') lang?: string,
  ): Promise<NoRecorded> {
    return this.answering.optOut(id, input, actor, toLanguage(lang));
  }

  /** It was none, or has been answered; its words and its sender are removed. */
  @Post(':id/dismiss')
  @HttpCode(204)
  @Permit('service-cases:write')
  dismiss(
    @Param('id') id: string,
    @Body() input: DismissReply,
    @CurrentActor() actor: Actor,
  ): Promise<void> {
    return this.answering.dismiss(id, input, actor);
  }
}
