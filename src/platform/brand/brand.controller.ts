import { Body, Controller, Get, Patch } from '@nestjs/common';
import { Permit } from '../http/access';
import { CurrentActor, type Actor } from '../http/actor';
import { BrandChange, BrandView } from './brand.dto';
import { Brands } from './brands.service';

/** How mails and public pages look. */
@Controller('api/v1/brand')
export class BrandController {
  constructor(private readonly brands: Brands) {}

  @Get()
  @Permit('signed-in')
  view(): Promise<BrandView> {
    return this.brands.view();
  }

  /** Changes what is given. Mails whose sending has begun keep the look they had. */
  @Patch()
  @Permit('settings:write')
  change(@Body() change: BrandChange, @CurrentActor() actor: Actor): Promise<BrandView> {
    return this.brands.change(change, actor);
  }
}
