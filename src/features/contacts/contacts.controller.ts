import { Body, Controller, Get, Param, Put, Query } from '@nestjs/common';
import { Permit } from '../../platform/http/access';
import { type Actor, CurrentActor } from '../../platform/http/actor';
import {
  Contact,
  ContactPage,
  ContactQuery,
  OrganisationInput,
  OrganisationPage,
  OrganisationQuery,
  OrganisationRef,
} from './contacts.dto';
import { Contacts } from './contacts.service';
import { Organisations } from './organisations.service';

/** Reading people and organisations; data about people is written through the imports room. */
@Controller('api/v1')
export class ContactsController {
  constructor(
    private readonly contacts: Contacts,
    private readonly organisations: Organisations,
  ) {}

  @Get('contacts')
  @Permit('contacts:read')
  search(@Query() query: ContactQuery, @CurrentActor() actor: Actor): Promise<ContactPage> {
    return this.contacts.search(query, actor);
  }

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
  ): Promise<Pick<OrganisationRef, 'id'>> {
    return this.organisations.put(externalId, input, actor);
  }
}
