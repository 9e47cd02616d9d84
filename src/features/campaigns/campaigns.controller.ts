import { Body, Controller, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Permit } from '../../platform/http/access';
import { CurrentActor, type Actor } from '../../platform/http/actor';
import { Approval } from './approval';
import { CampaignReports } from './campaign-report';
import { CreateCampaignDto, LaunchDto, ListCampaignsDto, UpdateCampaignDto } from './campaigns.dto';
import { Campaigns } from './campaigns.service';
import { LaunchCampaign } from './launch-campaign';
import { SteerCampaign } from './steer-campaign';

@ApiTags('campaigns')
@ApiBearerAuth()
@Controller('api/v1/campaigns')
export class CampaignsController {
  constructor(
    private readonly campaigns: Campaigns,
    private readonly approval: Approval,
    private readonly launching: LaunchCampaign,
    private readonly steering: SteerCampaign,
    private readonly reports: CampaignReports,
  ) {}

  /** Newest first. */
  @Get()
  @Permit('campaigns:read')
  async list(@Query() { after, limit = 50 }: ListCampaignsDto) {
    const items = await this.campaigns.list(after, limit);
    return { items, next: items.length === limit ? items.at(-1)!.id : null };
  }

  @Post()
  @Permit('campaigns:write')
  create(@Body() dto: CreateCampaignDto, @CurrentActor() actor: Actor) {
    return this.campaigns.create(dto, actor);
  }

  /** The campaign with its progress. */
  @Get(':id')
  @Permit('campaigns:read')
  async get(@Param('id') id: string) {
    const campaign = await this.campaigns.get(id);
    return { ...campaign, progress: await this.reports.progress(campaign) };
  }

  /** Saves over the version that was edited; 409 when somebody else saved first. Voids an approval. */
  @Patch(':id')
  @Permit('campaigns:write')
  update(@Param('id') id: string, @Body() dto: UpdateCampaignDto, @CurrentActor() actor: Actor) {
    return this.campaigns.update(id, dto, actor);
  }

  @Post(':id/duplicate')
  @Permit('campaigns:write')
  duplicate(@Param('id') id: string, @CurrentActor() actor: Actor) {
    return this.campaigns.duplicate(id, actor);
  }

  /** Asks a second person; 422 names everything that is missing. */
  @Post(':id/submit')
  @HttpCode(200)
  @Permit('campaigns:write')
  submit(@Param('id') id: string, @CurrentActor() actor: Actor) {
    return this.approval.submit(id, actor);
  }

  /** Approves exactly this content and audience. With a send time it is scheduled thereby. */
  @Post(':id/approve')
  @HttpCode(200)
  @Permit('campaigns:approve')
  approve(@Param('id') id: string, @CurrentActor() actor: Actor) {
    return this.approval.approve(id, actor);
  }

  /** Starts sending now. */
  @Post(':id/launch')
  @HttpCode(202)
  @Permit('campaigns:send')
  launch(@Param('id') id: string, @Body() dto: LaunchDto, @CurrentActor() actor: Actor) {
    return this.launching.start(id, actor, dto.expected);
  }

  /** When this answers, nothing more is handed over until it is resumed. */
  @Post(':id/pause')
  @HttpCode(200)
  @Permit('campaigns:send')
  pause(@Param('id') id: string, @CurrentActor() actor: Actor) {
    return this.steering.pause(id, actor);
  }

  @Post(':id/resume')
  @HttpCode(200)
  @Permit('campaigns:send')
  resume(@Param('id') id: string, @CurrentActor() actor: Actor) {
    return this.steering.resume(id, actor);
  }

  /** Ends it for good; the answer says what had already gone. */
  @Post(':id/cancel')
  @HttpCode(200)
  @Permit('campaigns:send')
  cancel(@Param('id') id: string, @CurrentActor() actor: Actor) {
    return this.steering.cancel(id, actor);
  }
}
