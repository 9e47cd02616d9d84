import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Permit } from '../../platform/http/access';
import { CurrentActor, type Actor } from '../../platform/http/actor';
import { Preview } from '../content/content.dto';
import { AudienceCount, ReadyToGo, Samples, TestResults } from './campaign-views.dto';
import { PreviewDto, TestSendDto } from './campaigns.dto';
import { CheckCampaign } from './check-campaign';

@ApiTags('campaigns')
@ApiBearerAuth()
@Controller('api/v1/campaigns/:id')
export class CheckCampaignController {
  constructor(private readonly check: CheckCampaign) {}

  /** Audience arithmetic: named − withheld by reason = those who get it. Counted now; the permit decides again. */
  @Get('audience')
  @Permit('campaigns:read')
  audience(@Param('id') id: string): Promise<AudienceCount> {
    return this.check.audience(id);
  }

  /** 200 when it could go; 422 with everything that is missing. */
  @Get('readiness')
  @Permit('campaigns:read')
  ready(@Param('id') id: string): Promise<ReadyToGo> {
    return this.check.ready(id);
  }

  /** Subject, HTML, text and problems, as a contact would see it. */
  @Post('preview')
  @HttpCode(200)
  @Permit('contacts:read')
  preview(
    @Param('id') id: string,
    @Body() { contactId }: PreviewDto,
    @CurrentActor() actor: Actor,
  ): Promise<Preview> {
    return this.check.preview(id, contactId, actor);
  }

  /** As three people who would get it now would see it; without contacts:read, as an invented person. */
  @Get('samples')
  @Permit('campaigns:read')
  async samples(@Param('id') id: string, @CurrentActor() actor: Actor): Promise<Samples> {
    return { items: await this.check.samples(id, actor) };
  }

  /** Sends it, marked [TEST], to up to five addresses; its links change nothing. */
  @Post('test')
  @HttpCode(200)
  @Permit('campaigns:write')
  sendTest(
    @Param('id') id: string,
    @Body() { to }: TestSendDto,
    @CurrentActor() actor: Actor,
  ): Promise<TestResults> {
    return this.check.sendTest(id, to, actor);
  }
}
