import { Controller, Get } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Permit } from '../../../platform/http/access';
import { CompareLists, type Comparison } from './compare-lists';

@ApiTags('operations')
@ApiBearerAuth()
@Controller('api/v1/operations/provider-lists')
export class ProviderListsController {
  constructor(private readonly compare: CompareLists) {}

  /**
   * What the last comparison with the provider's lists found. `missingThere`: noes of ours that it lacks;
   * `allowedHere`: whom it blocks though we may write to them. Empty where no provider keeps lists.
   */
  @Get()
  @Permit('operations:read')
  last(): Promise<Comparison> {
    return this.compare.last();
  }
}
