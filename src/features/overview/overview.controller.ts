import { Controller, Get } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Permit } from '../../platform/http/access';
import { CurrentActor, type Actor } from '../../platform/http/actor';
import { Overview, WaitingCounts } from './overview.dto';
import { OverviewService } from './overview.service';
import { WaitingFor } from './waiting';

@ApiTags('campaigns')
@ApiBearerAuth()
@Controller('api/v1/overview')
export class OverviewController {
  constructor(
    private readonly overview: OverviewService,
    private readonly waiting: WaitingFor,
  ) {}

  /** What goes on, what is coming, what needs somebody, and how the last campaigns went. */
  @Get()
  @Permit('campaigns:read')
  get(): Promise<Overview> {
    return this.overview.get();
  }

  /** How much waits for whoever asks. */
  @Get('waiting')
  @Permit('signed-in')
  forMe(@CurrentActor() actor: Actor): Promise<WaitingCounts> {
    return this.waiting.person(actor);
  }
}
