import { Body, Controller, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Permit } from '../../platform/http/access';
import { CurrentActor, type Actor } from '../../platform/http/actor';
import { CampaignEditors } from './campaign-editors';
import { CampaignList } from './campaign-list';
import { CampaignDetail, CampaignPage, CampaignView, OtherEditors } from './campaign-views.dto';
import { CreateCampaignDto, ListCampaignsDto, UpdateCampaignDto } from './campaigns.dto';
import { Campaigns } from './campaigns.service';
import { DescribeCampaign } from './describe-campaign';

/** Campaigns as drafts: made, found, edited. */
@ApiTags('campaigns')
@ApiBearerAuth()
@Controller('api/v1/campaigns')
export class CampaignsController {
  constructor(
    private readonly campaigns: Campaigns,
    private readonly all: CampaignList,
    private readonly describing: DescribeCampaign,
    private readonly editors: CampaignEditors,
  ) {}

  /** Newest first, with how many there are of each group. */
  @Get()
  @Permit('campaigns:read')
  list(@Query() filter: ListCampaignsDto): Promise<CampaignPage> {
    return this.all.page(filter);
  }

  @Post()
  @Permit('campaigns:write')
  create(@Body() dto: CreateCampaignDto, @CurrentActor() actor: Actor): Promise<CampaignView> {
    return this.campaigns.create(dto, actor);
  }

  /** The campaign with its progress. */
  @Get(':id')
  @Permit('campaigns:read')
  get(@Param('id') id: string): Promise<CampaignDetail> {
    return this.describing.run(id);
  }

  /** Saves over the version that was edited; 409 when somebody else saved first: who, and when. Voids an approval. */
  @Patch(':id')
  @Permit('campaigns:write')
  update(
    @Param('id') id: string,
    @Body() dto: UpdateCampaignDto,
    @CurrentActor() actor: Actor,
  ): Promise<CampaignView> {
    return this.campaigns.update(id, dto, actor);
  }

  @Post(':id/duplicate')
  @Permit('campaigns:write')
  duplicate(@Param('id') id: string, @CurrentActor() actor: Actor): Promise<CampaignView> {
    return this.campaigns.duplicate(id, actor);
  }

  /** I have it open to edit: to be said again every 20 seconds, forgotten after 45. Answers who else has. */
  @Post(':id/editors')
  @HttpCode(200)
  @Permit('campaigns:write')
  async edits(@Param('id') id: string, @CurrentActor() actor: Actor): Promise<OtherEditors> {
    return { names: await this.editors.saw(id, actor) };
  }
}
