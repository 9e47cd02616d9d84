import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Permit } from '../../platform/http/access';
import { CurrentActor, type Actor } from '../../platform/http/actor';
import { Approval } from './approval';
import { CampaignProgress } from './campaign-progress.dto';
import { CampaignView } from './campaign-views.dto';
import { LaunchDto } from './campaigns.dto';
import { LaunchCampaign } from './launch-campaign';
import { SteerCampaign } from './steer-campaign';

/** A campaign on its way out: approved, launched, held, stopped. */
@ApiTags('campaigns')
@ApiBearerAuth()
@Controller('api/v1/campaigns/:id')
export class SteerCampaignController {
  constructor(
    private readonly approval: Approval,
    private readonly launching: LaunchCampaign,
    private readonly steering: SteerCampaign,
  ) {}

  /** Asks a second person; 422 names everything that is missing. */
  @Post('submit')
  @HttpCode(200)
  @Permit('campaigns:write')
  submit(@Param('id') id: string, @CurrentActor() actor: Actor): Promise<CampaignView> {
    return this.approval.submit(id, actor);
  }

  /** Approves exactly this content and audience. With a send time it is scheduled thereby. */
  @Post('approve')
  @HttpCode(200)
  @Permit('campaigns:approve')
  approve(
    @Param('id') id: string,
    @Body() { expected }: LaunchDto,
    @CurrentActor() actor: Actor,
  ): Promise<CampaignView> {
    return this.approval.approve(id, actor, expected);
  }

  /** Sends it at its send time, when it is small enough to need nobody else's approval. */
  @Post('schedule')
  @HttpCode(200)
  @Permit('campaigns:send')
  schedule(
    @Param('id') id: string,
    @Body() { expected }: LaunchDto,
    @CurrentActor() actor: Actor,
  ): Promise<CampaignView> {
    return this.approval.schedule(id, actor, expected);
  }

  /** Starts sending at `leavesAt` (LAUNCH_REGRET_SECONDS from now); until then it can be withdrawn or cancelled. */
  @Post('launch')
  @HttpCode(202)
  @Permit('campaigns:send')
  launch(
    @Param('id') id: string,
    @Body() { expected }: LaunchDto,
    @CurrentActor() actor: Actor,
  ): Promise<CampaignView> {
    return this.launching.start(id, actor, { expected });
  }

  /** A draft again, while nothing has left: a submission, an approval, a launch that waits. 409 when it is too late. */
  @Post('withdraw')
  @HttpCode(200)
  @Permit('campaigns:write')
  withdraw(@Param('id') id: string, @CurrentActor() actor: Actor): Promise<CampaignView> {
    return this.steering.withdraw(id, actor);
  }

  /** When this answers, nothing more is handed over until it is resumed. */
  @Post('pause')
  @HttpCode(200)
  @Permit('campaigns:send')
  async pause(@Param('id') id: string, @CurrentActor() actor: Actor): Promise<CampaignProgress> {
    return this.steering.pause(id, actor);
  }

  @Post('resume')
  @HttpCode(200)
  @Permit('campaigns:send')
  async resume(@Param('id') id: string, @CurrentActor() actor: Actor): Promise<CampaignProgress> {
    return this.steering.resume(id, actor);
  }

  /** Ends it for good; the answer says what had already gone. */
  @Post('cancel')
  @HttpCode(200)
  @Permit('campaigns:send')
  async cancel(@Param('id') id: string, @CurrentActor() actor: Actor): Promise<CampaignProgress> {
    return this.steering.cancel(id, actor);
  }
}
