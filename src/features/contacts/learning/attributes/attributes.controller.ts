import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Permit } from '../../../../platform/http/access';
import { type Actor, CurrentActor } from '../../../../platform/http/actor';
import { Attribute, AttributeList, ChangeAttribute, CreateAttribute } from './attributes.dto';
import { Attributes } from './attributes.service';

@ApiTags('learning')
@Controller('api/v1/attributes')
export class AttributesController {
  constructor(private readonly attributes: Attributes) {}

  /** What is declared, by key; `?archived=true` also shows archived ones. */
  @Get()
  @Permit('contacts:read')
  async list(@Query('archived') archived?: string): Promise<AttributeList> {
    return { items: await this.attributes.list(archived === 'true') };
  }

  @Post()
  @Permit('topics:write')
  create(@Body() input: CreateAttribute, @CurrentActor() actor: Actor): Promise<Attribute> {
    return this.attributes.create(input, actor);
  }

  /** Changes what is given; archiving removes every value. */
  @Patch(':id')
  @Permit('topics:write')
  change(
    @Param('id') id: string,
    @Body() change: ChangeAttribute,
    @CurrentActor() actor: Actor,
  ): Promise<Attribute> {
    return this.attributes.change(id, change, actor);
  }
}
