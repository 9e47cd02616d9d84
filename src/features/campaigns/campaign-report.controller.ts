import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Permit } from '../../platform/http/access';
import { CurrentActor, type Actor } from '../../platform/http/actor';
import { CampaignReports } from './campaign-report';
import { ListMessagesDto } from './campaigns.dto';

/** What became of a campaign. */
@ApiTags('campaigns')
@ApiBearerAuth()
@Controller('api/v1/campaigns/:id')
export class CampaignReportController {
  constructor(private readonly reports: CampaignReports) {}

  @Get('report')
  @Permit('campaigns:read')
  report(@Param('id') id: string) {
    return this.reports.report(id);
  }

  /** Who got it, who did not, and why not: reason, door and time. */
  @Get('messages')
  @Permit('contacts:read')
  async messages(
    @Param('id') id: string,
    @Query() { limit = 100, ...filter }: ListMessagesDto,
    @CurrentActor() actor: Actor,
  ) {
    const items = await this.reports.messages(id, { ...filter, limit }, actor);
    return { items, next: items.length === limit ? items.at(-1)!.id : null };
  }
}
