import { Body, Controller, Header, HttpCode, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Permit } from '../../platform/http/access';
import { CurrentActor, type Actor } from '../../platform/http/actor';
import { FindAnything } from './find-anything';
import { Found, SearchInput } from './search.dto';

@ApiTags('search')
@ApiBearerAuth()
@Controller('api/v1/search')
export class SearchController {
  constructor(private readonly find: FindAnything) {}

  /** Contacts, campaigns and templates, as far as the caller may read them. A post, so that no name stands in an address. */
  @Post()
  @HttpCode(200)
  @Permit('signed-in')
  @Header('Cache-Control', 'no-store')
  search(@Body() { text }: SearchInput, @CurrentActor() actor: Actor): Promise<Found> {
    return this.find.run(text, actor);
  }
}
