import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Permit } from '../../platform/http/access';
import { type Actor, CurrentActor } from '../../platform/http/actor';
import { AnswerSegment } from './answer-segment';
import {
  ExplainedPerson,
  FreezeInput,
  QuestionInput,
  SegmentAnswer,
  SegmentEdit,
  SegmentGrowth,
  SegmentInput,
  SegmentList,
  SegmentView,
} from './segments.dto';
import { Segments } from './segments.service';

/** Saved questions about people. */
@ApiTags('segments')
@ApiBearerAuth()
@Controller('api/v1/segments')
export class SegmentsController {
  constructor(
    private readonly segments: Segments,
    private readonly answering: AnswerSegment,
  ) {}

  @Get()
  @Permit('campaigns:read')
  async list(): Promise<SegmentList> {
    return { items: await this.segments.list() };
  }

  @Post()
  @Permit('campaigns:write')
  create(@Body() input: SegmentInput, @CurrentActor() actor: Actor): Promise<SegmentView> {
    return this.segments.create(input, actor);
  }

  /** How many people a question names, and some of them; nothing is saved. */
  @Post('answer')
  @HttpCode(200)
  @Permit('campaigns:read')
  answer(@Body() question: QuestionInput, @CurrentActor() actor: Actor): Promise<SegmentAnswer> {
    return this.answering.answer(question, actor);
  }

  @Get(':id')
  @Permit('campaigns:read')
  get(@Param('id') id: string): Promise<SegmentView> {
    return this.segments.get(id);
  }

  /** Saves over the version that was edited; 409 when somebody else saved first. */
  @Patch(':id')
  @Permit('campaigns:write')
  update(
    @Param('id') id: string,
    @Body() edit: SegmentEdit,
    @CurrentActor() actor: Actor,
  ): Promise<SegmentView> {
    return this.segments.update(id, edit, actor);
  }

  /** Archives it; 409 while a campaign that has not left, or another segment, asks by it. */
  @Delete(':id')
  @HttpCode(204)
  @Permit('campaigns:write')
  archive(@Param('id') id: string, @CurrentActor() actor: Actor): Promise<void> {
    return this.segments.archive(id, actor);
  }

  /** A static copy: whoever is in it now. */
  @Post(':id/freeze')
  @Permit('campaigns:write')
  freeze(
    @Param('id') id: string,
    @Body() input: FreezeInput,
    @CurrentActor() actor: Actor,
  ): Promise<SegmentView> {
    return this.segments.freeze(id, input, actor);
  }

  /** How many it held day by day, and who came and went since it was last counted. */
  @Get(':id/growth')
  @Permit('campaigns:read')
  growth(@Param('id') id: string): Promise<SegmentGrowth> {
    return this.answering.growth(id);
  }

  /** Why this person is in it, or not: each rule in words. */
  @Get(':id/people/:contactId')
  @Permit('contacts:read')
  explain(
    @Param('id') id: string,
    @Param('contactId') contactId: string,
    @CurrentActor() actor: Actor,
  ): Promise<ExplainedPerson> {
    return this.answering.explain(id, contactId, actor);
  }
}
