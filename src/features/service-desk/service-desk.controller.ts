import { Body, Controller, HttpCode, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Permit } from '../../platform/http/access';
import { CurrentActor, type Actor } from '../../platform/http/actor';
import { toLanguage } from '../../platform/i18n/i18n';
import { NoRecorded, RecordNoInput } from './record-no.dto';
import { RecordNo } from './record-no';
import { DeskFound, DeskSearch } from './search-desk.dto';
import { SearchDesk } from './search-desk';

@ApiTags('service-desk')
@Controller('api/v1/service-desk')
export class ServiceDeskController {
  constructor(
    private readonly searching: SearchDesk,
    private readonly noes: RecordNo,
  ) {}

  /** Who somebody is, and whether they may be written to. A POST, since what is asked may be an address. */
  @Post('search')
  @HttpCode(200)
  @Permit('service-cases:read')
  search(
    @Body() { query }: DeskSearch,
    @CurrentActor() actor: Actor,
    @Query('lang') lang?: string,
  ): Promise<DeskFound> {
    return this.searching.find(query, actor, toLanguage(lang));
  }

  /** Records a no, of somebody known or not, and makes a closed case of it. When this answers, it is in force. */
  @Post('opt-outs')
  @HttpCode(200)
  @Permit('opt-outs:record')
  recordNo(
    @Body() input: RecordNoInput,
    @CurrentActor() actor: Actor,
    @Query('lang') lang?: string,
  ): Promise<NoRecorded> {
    return this.noes.run(input, actor, toLanguage(lang));
  }
}
