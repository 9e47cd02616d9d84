import { Body, Controller, Get, Param, Put, Query } from '@nestjs/common';
import { Permit } from '../../platform/http/access';
import { type Actor, CurrentActor } from '../../platform/http/actor';
import {
  Contact,
  OrganisationId,
  OrganisationInput,
  OrganisationPage,
  OrganisationQuery,
} from './contacts.dto';
import { Contacts } from './contacts.service';
import { Organisations } from './organisations.service';

/** One person, and organisations; people are looked for in the people room and written through imports. */
@Controller('api/v1')
export class ContactsController {
  constructor(
    private readonly contacts: Contacts,
    private readonly organisations: Organisations,
  ) {}

  @Get('contacts/:id')
  @Permit('contacts:read')
  get(@Param('id') id: string, @CurrentActor() actor: Actor): Promise<Contact> {
    return this.contacts.get(id, actor);
  }

  @Get('organisations')
  @Permit('contacts:read')
  listOrganisations(@Query() query: OrganisationQuery): Promise<OrganisationPage> {
    return this.organisations.list(query);
  }

  @Put('organisations/:externalId')
  @Permit('contacts:write')
  async putOrganisation(
    @Param('externalId') externalId: string,
    @Body() input: OrganisationInput,
    @CurrentActor() actor: Actor,
  ): Promise<OrganisationId> {
    return this.organisations.put(externalId, input, actor);
  }
}
