import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Permit } from '../../../platform/http/access';
import { CurrentActor, type Actor } from '../../../platform/http/actor';
import { toLanguage } from '../../../platform/i18n/i18n';
import { CasePage, CasesQuery, CaseView, CloseCaseInput, OpenCase } from './cases.dto';
import { Cases } from './cases.service';
import { CloseCase } from './close-case';

@ApiTags('service-desk')
@Controller('api/v1/service-desk/cases')
export class CasesController {
  constructor(
    private readonly cases: Cases,
    private readonly closing: CloseCase,
  ) {}

  /** What cannot be settled while the person waits. A no is recorded at once: `POST …/opt-outs`. */
  @Post()
  @Permit('service-cases:write')
  open(@Body() input: OpenCase, @CurrentActor() actor: Actor): Promise<CaseView> {
    return this.cases.open(input, actor);
  }

  /** The newest first. */
  @Get()
  @Permit('service-cases:read')
  list(@Query() query: CasesQuery, @CurrentActor() actor: Actor): Promise<CasePage> {
    return this.cases.list(query, actor);
  }

  @Get(':id')
  @Permit('service-cases:read')
  get(@Param('id') id: string, @CurrentActor() actor: Actor): Promise<CaseView> {
    return this.cases.get(id, actor);
  }

  /** A `stop` case closes only as stopped, with the ledger entry that stops it. */
  @Post(':id/close')
  @HttpCode(200)
  @Permit('service-cases:write')
  close(
    @Param('id') id: string,
    @Body() input: CloseCaseInput,
    @CurrentActor() actor: Actor,
    @Query('lang') lang?: string,
  ): Promise<CaseView> {
    return this.closing.run(id, input, actor, toLanguage(lang));
  }
}
