import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { Permit } from '../../platform/http/access';
import { CurrentActor, type Actor } from '../../platform/http/actor';
import { t } from '../../platform/i18n/i18n';
import {
  MergeFieldView,
  NewTemplate,
  Preview,
  PreviewRequest,
  SaveTemplate,
  TemplateDetail,
  TemplateKey,
  TemplateSummary,
  WordsIn,
} from './content.dto';
import { ContentService } from './content.service';
import { MERGE_FIELDS, PERSONAL_FIELDS } from '../../domain/merge-fields';
import { Templates } from './templates.service';

/** Templates, the fields they may use, and how they will look. */
@Controller('api/v1/templates')
export class TemplatesController {
  constructor(
    private readonly templates: Templates,
    private readonly content: ContentService,
  ) {}

  @Get()
  @Permit('templates:read')
  list(): Promise<TemplateSummary[]> {
    return this.templates.list();
  }

  @Get('merge-fields')
  @Permit('templates:read')
  mergeFields(@Query() { lang = 'sv' }: WordsIn): MergeFieldView[] {
    return MERGE_FIELDS.map((field) => ({
      field,
      label: t(lang, `content:field.${field.replace('.', '_')}`),
      personal: PERSONAL_FIELDS.has(field),
    }));
  }

  @Get(':key')
  @Permit('templates:read')
  get(@Param() { key }: TemplateKey): Promise<TemplateDetail> {
    return this.templates.get(key);
  }

  @Post('preview')
  @HttpCode(200)
  @Permit('templates:read')
  preview(
    @Body() request: PreviewRequest,
    @Query() { lang = 'sv' }: WordsIn,
    @CurrentActor() actor: Actor,
  ): Promise<Preview> {
    return this.content.preview(request, lang, actor);
  }

  /** Unlike saving under a key it needs no words yet: they are written afterwards. */
  @Post()
  @Permit('templates:write')
  create(@Body() input: NewTemplate, @CurrentActor() actor: Actor): Promise<TemplateDetail> {
    return this.templates.create(input, actor);
  }

  /** Campaigns that began with it keep their words. */
  @Delete(':key')
  @HttpCode(204)
  @Permit('templates:write')
  remove(@Param() { key }: TemplateKey, @CurrentActor() actor: Actor): Promise<void> {
    return this.templates.remove(key, actor);
  }

  @Put(':key')
  @Permit('templates:write')
  save(
    @Param() { key }: TemplateKey,
    @Body() input: SaveTemplate,
    @Query() { lang = 'sv' }: WordsIn,
    @CurrentActor() actor: Actor,
  ): Promise<TemplateDetail> {
    return this.templates.save(key, input, actor, lang);
  }
}
