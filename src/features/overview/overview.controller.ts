import { Controller, Get } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Permit } from '../../platform/http/access';
import { Overview } from './overview.dto';
import { OverviewService } from './overview.service';

@ApiTags('campaigns')
@ApiBearerAuth()
@Controller('api/v1/overview')
export class OverviewController {
  constructor(private readonly overview: OverviewService) {}

  /** What goes on, what is coming, what needs somebody, and how the last campaigns went. */
  @Get()
  @Permit('campaigns:read')
  get(): Promise<Overview> {
    return this.overview.get();
  }
}
