import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Permit } from '../../platform/http/access';
import { CurrentActor, type Actor } from '../../platform/http/actor';
import { CampaignVersions } from './campaign-versions';
import { RestoreInput, VersionDetail, VersionList } from './campaign-versions.dto';
import { CampaignView } from './campaign-views.dto';
import { Campaigns } from './campaigns.service';

/** What a campaign said before. */
@ApiTags('campaigns')
@ApiBearerAuth()
@Controller('api/v1/campaigns/:id/versions')
export class CampaignVersionsController {
  constructor(
    private readonly versions: CampaignVersions,
    private readonly campaigns: Campaigns,
  ) {}

  @Get()
  @Permit('campaigns:read')
  async list(@Param('id') id: string): Promise<VersionList> {
    return { items: await this.versions.list(id) };
  }

  @Get(':version')
  @Permit('campaigns:read')
  get(@Param('id') id: string, @Param('version') version: string): Promise<VersionDetail> {
    return this.versions.get(id, version);
  }

  /** Saves it anew as it was in that version; what was written since stays in the history. Voids an approval. */
  @Post(':version/restore')
  @HttpCode(200)
  @Permit('campaigns:write')
  restore(
    @Param('id') id: string,
    @Param('version') version: string,
    @Body() { over }: RestoreInput,
    @CurrentActor() actor: Actor,
  ): Promise<CampaignView> {
    return this.campaigns.restore(id, version, over, actor);
  }
}
