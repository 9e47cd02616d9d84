import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Permit } from '../../platform/http/access';
import { CurrentActor, type Actor } from '../../platform/http/actor';
import { CloseIncident } from './close-incident';
import { CloseIncidentInput, Closing, IncidentList } from './incidents.dto';
import { Incidents } from './incidents';

@ApiTags('operations')
@ApiBearerAuth()
@Controller('api/v1/incidents')
export class IncidentsController {
  constructor(
    private readonly incidents: Incidents,
    private readonly closing: CloseIncident,
  ) {}

  /** Promises seen broken, the open ones first. While one is open nothing is sent, on any channel. */
  @Get()
  @Permit('operations:read')
  async list(): Promise<IncidentList> {
    return { items: await this.incidents.list() };
  }

  /**
   * Lets sending go on, if the fault is gone. If it still stands, `reopened` is the incident that took this
   * one's place, and sending stays held. Errors: incident_not_found, incident_closed.
   */
  @Post(':id/close')
  @HttpCode(200)
  @Permit('operations:manage')
  close(
    @Param('id') id: string,
    @Body() input: CloseIncidentInput,
    @CurrentActor() actor: Actor,
  ): Promise<Closing> {
    return this.closing.run(id, input, actor);
  }
}
