import { Body, Controller, HttpCode, Param, Patch, Post, Put, Query } from '@nestjs/common';
import { Permit } from '../../../platform/http/access';
import { type Actor, CurrentActor } from '../../../platform/http/actor';
import { toLanguage } from '../../../platform/i18n/i18n';
import { ChangeContact } from './change-contact';
import { MergeContacts } from './merge-contacts';
import { ContactChange, ContactChanged } from './people.dto';
import { MergeInput, PeopleInput, PeopleResult, PersonInput, PersonResult } from './people.dto';
import { SyncPeople } from './sync-people';

/** Writing people one by one or in batches, and making two contacts one. */
@Controller('api/v1/contacts')
export class PeopleController {
  constructor(
    private readonly people: SyncPeople,
    private readonly merging: MergeContacts,
    private readonly changing: ChangeContact,
  ) {}

  @Post('batch')
  @Permit('contacts:write')
  @HttpCode(200)
  async putMany(@Body() input: PeopleInput, @CurrentActor() actor: Actor): Promise<PeopleResult> {
    return { items: await this.people.putMany(input.items, actor) };
  }

  @Put(':externalId')
  @Permit('contacts:write')
  put(
    @Param('externalId') externalId: string,
    @Body() input: PersonInput,
    @CurrentActor() actor: Actor,
  ): Promise<PersonResult> {
    return this.people.put({ ...input, externalId }, actor);
  }

  /** Puts right what we know of a person, address included. Can never raise consent. */
  @Patch(':id')
  @Permit('contacts:write')
  change(
    @Param('id') id: string,
    @Body() input: ContactChange,
    @CurrentActor() actor: Actor,
    @Query('lang') lang?: string,
  ): Promise<ContactChanged> {
    return this.changing.run(id, input, actor, toLanguage(lang));
  }

  /** The contact of the path takes in another; every no of either stays. */
  @Post(':id/merge')
  @Permit('contacts:write')
  @HttpCode(204)
  merge(
    @Param('id') id: string,
    @Body() input: MergeInput,
    @CurrentActor() actor: Actor,
  ): Promise<void> {
    return this.merging.run(id, input.from, actor);
  }
}
