import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Permit } from '../../../../platform/http/access';
import { type Actor, CurrentActor } from '../../../../platform/http/actor';
import { toLanguage } from '../../../../platform/i18n/i18n';
import { KnownLearning } from './known-learning';
import { Learning } from './known-learning.dto';
import { Trends } from './trends';
import { TrendAnswer, TrendQuery } from './trends.dto';

@ApiTags('learning')
@Controller('api/v1')
export class LearningController {
  constructor(
    private readonly known: KnownLearning,
    private readonly trends: Trends,
  ) {}

  /** What a person has taken, and the values of declared attributes; `?lang=en` for English names. */
  @Get('contacts/:id/learning')
  @Permit('contacts:read')
  read(
    @Param('id') id: string,
    @CurrentActor() actor: Actor,
    @Query('lang') lang?: string,
  ): Promise<Learning> {
    return this.known.read(id, actor, toLanguage(lang));
  }

  /** How many events per course, company or month. */
  @Get('learning/trends')
  @Permit('contacts:read')
  trend(@Query() query: TrendQuery): Promise<TrendAnswer> {
    return this.trends.read(query);
  }
}
