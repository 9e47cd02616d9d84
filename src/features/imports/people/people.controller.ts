import { Body, Controller, HttpCode, Param, Post, Put } from '@nestjs/common';
import { Permit } from '../../../platform/http/access';
import { type Actor, CurrentActor } from '../../../platform/http/actor';
import { MergeContacts } from './merge-contacts';
import { MergeInput, PeopleInput, PeopleResult, PersonInput, PersonResult } from './people.dto';
import { SyncPeople } from './sync-people';

/** Writing people one by one or in batches, and making two contacts one. */
@Controller('api/v1/contacts')
export class PeopleController {
  constructor(
    private readonly people: SyncPeople,
    private readonly merging: MergeContacts,
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
