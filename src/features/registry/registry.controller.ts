import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Permit } from '../../platform/http/access';
import { CurrentActor, type Actor } from '../../platform/http/actor';
import { toLanguage } from '../../platform/i18n/i18n';
import { Explain } from './explain';
import { Explanation, LookUpAddress } from './explain.dto';

@ApiTags('registry')
@Controller('api/v1/registry')
export class RegistryController {
  constructor(private readonly explain: Explain) {}

  /** May we write to this person, per address and topic; and if not, why, since when and by which door. */
  @Get('contacts/:id')
  @Permit('registry:read')
  contact(
    @Param('id') id: string,
    @CurrentActor() actor: Actor,
    @Query('lang') lang?: string,
  ): Promise<Explanation> {
    return this.explain.contact(id, actor, toLanguage(lang));
  }

  /** The same for an address or number, whether or not anybody is registered with it. */
  @Post('lookup')
  @HttpCode(200)
  @Permit('registry:read')
  lookUp(
    @Body() input: LookUpAddress,
    @CurrentActor() actor: Actor,
    @Query('lang') lang?: string,
  ): Promise<Explanation> {
    return this.explain.address(input.channel, input.address, actor, toLanguage(lang));
  }
}
