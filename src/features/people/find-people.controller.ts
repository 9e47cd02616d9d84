import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Permit } from '../../platform/http/access';
import { type Actor, CurrentActor } from '../../platform/http/actor';
import { toLanguage } from '../../platform/i18n/i18n';
import { PeopleFound, PeopleSearch } from './search-people.dto';
import { SearchPeople } from './search-people';
import { SeenMessages } from './seen-messages';
import { PersonTimeline } from './timeline';
import { SeenMessage, Timeline, TimelineQuery } from './timeline.dto';

@ApiTags('contacts')
@Controller('api/v1/contacts')
export class FindPeopleController {
  constructor(
    private readonly searching: SearchPeople,
    private readonly timelines: PersonTimeline,
    private readonly messages: SeenMessages,
  ) {}

  /** People, the newest first. A POST, since what is asked may be a name or an address. */
  @Post('search')
  @HttpCode(200)
  @Permit('contacts:read')
  search(@Body() search: PeopleSearch, @CurrentActor() actor: Actor): Promise<PeopleFound> {
    return this.searching.run(search, actor);
  }

  /** What was sent, agreed to, refused, asked and changed, from all rooms. */
  @Get(':id/timeline')
  @Permit('registry:read')
  timeline(
    @Param('id') id: string,
    @Query() query: TimelineQuery,
    @CurrentActor() actor: Actor,
  ): Promise<Timeline> {
    return this.timelines.read(id, query, actor, toLanguage(query.lang));
  }

  /** A message as the person got it, filled in with what we know of them today. */
  @Get(':id/messages/:messageId')
  @Permit('contacts:read')
  message(
    @Param('id') id: string,
    @Param('messageId') messageId: string,
    @CurrentActor() actor: Actor,
  ): Promise<SeenMessage> {
    return this.messages.get(id, messageId, actor);
  }
}
