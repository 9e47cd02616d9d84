import { Body, Controller, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Permit } from '../../../../platform/http/access';
import { type Actor, CurrentActor } from '../../../../platform/http/actor';
import { PutItemsResult, PutResult } from '../batch.dto';
import { CourseInput, CourseItems, CoursePage, CourseQuery } from './courses.dto';
import { Courses } from './courses.service';

@ApiTags('learning')
@Controller('api/v1/courses')
export class CoursesController {
  constructor(private readonly courses: Courses) {}

  @Get()
  @Permit('contacts:read')
  list(@Query() query: CourseQuery): Promise<CoursePage> {
    return this.courses.list(query);
  }

  @Post('batch')
  @Permit('learning:write')
  @HttpCode(200)
  async putMany(
    @Body() { items }: CourseItems,
    @CurrentActor() actor: Actor,
  ): Promise<PutItemsResult> {
    return { items: await this.courses.putMany(items, actor) };
  }

  /** Creates the course with this external id, or makes it what is said here. */
  @Put(':externalId')
  @Permit('learning:write')
  put(
    @Param('externalId') externalId: string,
    @Body() input: CourseInput,
    @CurrentActor() actor: Actor,
  ): Promise<PutResult> {
    return this.courses.put(externalId, input, actor);
  }
}
