import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { Permit } from '../../platform/http/access';
import { CurrentActor, type Actor } from '../../platform/http/actor';
import { CampaignReports } from './campaign-report';
import {
  CampaignReport,
  LiveProgress,
  MessagePage,
  ReportWordsIn,
  SentContent,
} from './campaign-report.dto';
import { ListMessagesDto } from './campaigns.dto';
import { ClickMap } from './click-map';
import { ImpersonalContent } from './impersonal-content';
import { reportCsv } from './report-csv';
import { WatchCampaign } from './watch-campaign';

/** What becomes of a campaign. */
@ApiTags('campaigns')
@ApiBearerAuth()
@Controller('api/v1/campaigns/:id')
export class CampaignReportController {
  constructor(
    private readonly reports: CampaignReports,
    private readonly watching: WatchCampaign,
    private readonly content: ImpersonalContent,
    private readonly clickMap: ClickMap,
  ) {}

  /** How it goes just now: cheap enough to ask every other second. */
  @Get('progress')
  @Permit('campaigns:read')
  progress(@Param('id') id: string): Promise<LiveProgress> {
    return this.watching.progress(id);
  }

  /** Everything that is known of it; nothing about any person. */
  @Get('report')
  @Permit('campaigns:read')
  report(@Param('id') id: string): Promise<CampaignReport> {
    return this.reports.report(id);
  }

  /** The report's numbers for a spreadsheet: UTF-8 with a mark, semicolons. */
  @Get('report.csv')
  @Permit('campaigns:read')
  @ApiProduces('text/csv')
  async csv(
    @Param('id') id: string,
    @Query() { lang = 'sv' }: ReportWordsIn,
    @Res() response: Response,
  ): Promise<void> {
    const report = await this.reports.report(id);
    response
      .type('text/csv; charset=utf-8')
      .attachment(`${lang === 'sv' ? 'rapport' : 'report'}-${report.campaignId}.csv`)
      .set('Cache-Control', 'no-store')
      .send(reportCsv(report, lang));
  }

  /** What was sent, with nobody's name in it. Error: campaign_not_launched. */
  @Get('content')
  @Permit('campaigns:read')
  sent(@Param('id') id: string): Promise<SentContent> {
    return this.content.ofCampaign(id);
  }

  /** As `content`, with the clicks drawn at each counted link, which leads nowhere. Error: campaign_not_launched. */
  @Get('clicks')
  @Permit('campaigns:read')
  clicks(@Param('id') id: string, @Query() { lang = 'sv' }: ReportWordsIn): Promise<SentContent> {
    return this.clickMap.of(id, lang);
  }

  /** Who got it, who did not, and why not: reason, door and time. */
  @Get('messages')
  @Permit('contacts:read')
  async messages(
    @Param('id') id: string,
    @Query() { limit = 100, ...filter }: ListMessagesDto,
    @CurrentActor() actor: Actor,
  ): Promise<MessagePage> {
    const items = await this.reports.messages(id, { ...filter, limit }, actor);
    return { items, next: items.length === limit ? items.at(-1)!.id : null };
  }
}
