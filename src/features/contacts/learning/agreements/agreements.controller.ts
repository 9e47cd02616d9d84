import { Body, Controller, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Permit } from '../../../../platform/http/access';
import { type Actor, CurrentActor } from '../../../../platform/http/actor';
import { PutItemsResult, PutResult } from '../batch.dto';
import { AgreementInput, AgreementItems, OrganisationDetail } from './agreements.dto';
import { Agreements } from './agreements.service';

@ApiTags('learning')
@Controller('api/v1')
export class AgreementsController {
  constructor(private readonly agreements: Agreements) {}

  /** A customer company with its agreements. */
  @Get('organisations/:externalId')
  @Permit('contacts:read')
  organisation(@Param('externalId') externalId: string): Promise<OrganisationDetail> {
    return this.agreements.organisation(externalId);
  }

  @Post('agreements/batch')
  @Permit('learning:write')
  @HttpCode(200)
  async putMany(
    @Body() { items }: AgreementItems,
    @CurrentActor() actor: Actor,
  ): Promise<PutItemsResult> {
    return { items: await this.agreements.putMany(items, actor) };
  }

  /** Creates the agreement with this external id, or makes it what is said here. */
  @Put('agreements/:externalId')
  @Permit('learning:write')
  put(
    @Param('externalId') externalId: string,
    @Body() input: AgreementInput,
    @CurrentActor() actor: Actor,
  ): Promise<PutResult> {
    return this.agreements.put(externalId, input, actor);
  }
}
