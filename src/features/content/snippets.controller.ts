import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { Permit } from '../../platform/http/access';
import { CurrentActor, type Actor } from '../../platform/http/actor';
import { SaveSnippet, SnippetView } from './snippets.dto';
import { Snippets } from './snippets.service';

/** Blocks that somebody saved to use again. */
@Controller('api/v1/snippets')
export class SnippetsController {
  constructor(private readonly snippets: Snippets) {}

  @Get()
  @Permit('templates:read')
  list(): Promise<SnippetView[]> {
    return this.snippets.list();
  }

  @Post()
  @Permit('templates:write')
  save(@Body() input: SaveSnippet, @CurrentActor() actor: Actor): Promise<SnippetView> {
    return this.snippets.save(input, actor);
  }

  @Delete(':id')
  @HttpCode(204)
  @Permit('templates:write')
  remove(@Param('id') id: string, @CurrentActor() actor: Actor): Promise<void> {
    return this.snippets.remove(id, actor);
  }
}
