import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Permit } from '../../platform/http/access';
import { CurrentActor, type Actor } from '../../platform/http/actor';
import { ChangeTopic, CreateTopic, Topic, TopicList } from './topics.dto';
import { Topics } from './topics.service';

@ApiTags('registry')
@Controller('api/v1/topics')
export class TopicsController {
  constructor(private readonly topics: Topics) {}

  /** Topics in the order recipients see them; `?archived=true` also shows archived ones. */
  @Get()
  @Permit('signed-in')
  async list(@Query('archived') archived?: string): Promise<TopicList> {
    return { items: await this.topics.list(archived === 'true') };
  }

  @Post()
  @Permit('topics:write')
  create(@Body() input: CreateTopic, @CurrentActor() actor: Actor): Promise<Topic> {
    return this.topics.create(input, actor);
  }

  /** Changes what is given; `assessedAt` records that the purpose was assessed again. */
  @Patch(':id')
  @Permit('topics:write')
  change(
    @Param('id') id: string,
    @Body() change: ChangeTopic,
    @CurrentActor() actor: Actor,
  ): Promise<Topic> {
    return this.topics.change(id, change, actor);
  }
}
