import {
  Body,
  Controller,
  Get,
  HttpCode,
  Param,
  Post,
  Put,
  Query,
  Req,
  Res,
  UseInterceptors,
} from '@nestjs/common';
import { ApiBody, ApiConsumes } from '@nestjs/swagger';
import type { Response } from 'express';
import { Permit } from '../../platform/http/access';
import { type Actor, CurrentActor } from '../../platform/http/actor';
import { readCursor, writeCursor } from '../contacts/cursor';
import { ImportView } from './import-view';
import { DryRunResult, ImportDetail, ImportItem, ImportPage, ImportQuery } from './imports.dto';
import { MappingInput, UploadInput } from './imports.dto';
import { Imports } from './imports.service';
import { TryImport } from './try-import';
import { UploadInterceptor, type UploadRequest } from './upload.interceptor';

const PAGE = 50;

/** Lists of people from files: upload, map, try, start, pause, undo. */
@Controller('api/v1/imports')
export class ImportsController {
  constructor(
    private readonly imports: Imports,
    private readonly trial: TryImport,
    private readonly view: ImportView,
  ) {}

  /** A CSV file of at most 256 MB in the field `file`; answers with the columns as they were understood. */
  @Post()
  @Permit('imports:run')
  @UseInterceptors(UploadInterceptor)
  @ApiConsumes('multipart/form-data')
  @ApiBody({
    schema: {
      type: 'object',
      required: ['file', 'kind'],
      properties: {
        file: { type: 'string', format: 'binary' },
        kind: { type: 'string' },
        source: { type: 'string' },
        topics: { type: 'string', description: 'Keys, with commas' },
      },
    },
  })
  async upload(
    @Req() request: UploadRequest,
    @Body() input: UploadInput,
    @CurrentActor() actor: Actor,
  ): Promise<ImportDetail> {
    return this.view.detail(await this.imports.create(request.upload!, input, actor), actor);
  }

  /** Newest first. */
  @Get()
  @Permit('imports:run')
  async list(@Query() query: ImportQuery): Promise<ImportPage> {
    const limit = query.limit ?? PAGE;
    const before = query.cursor ? readCursor(query.cursor) : null;
    const records = await this.imports.list(before, limit + 1);
    const shown = records.slice(0, limit);
    const next = records.length > limit ? writeCursor(shown.at(-1)!.id) : null;
    return { items: shown.map((record) => this.view.item(record)), next };
  }

  @Get(':id')
  @Permit('imports:run')
  async get(@Param('id') id: string, @CurrentActor() actor: Actor): Promise<ImportDetail> {
    return this.view.detail(await this.imports.get(id), actor);
  }

  /** Corrects how the file is read: columns, topics, proof of consent, notice, the employer's attestation. */
  @Put(':id/mapping')
  @Permit('imports:run')
  async map(
    @Param('id') id: string,
    @Body() input: MappingInput,
    @CurrentActor() actor: Actor,
  ): Promise<ImportDetail> {
    return this.view.detail(await this.imports.change(id, input, actor), actor);
  }

  /** What would become of every row; nothing is written but the list of faults. */
  @Post(':id/dry-run')
  @Permit('imports:run')
  @HttpCode(200)
  async dryRun(@Param('id') id: string, @CurrentActor() actor: Actor): Promise<DryRunResult> {
    const record = await this.imports.get(id);
    this.imports.requireReadable(record);
    return this.trial.run(record, actor);
  }

  /** The faulty rows of the dry run or the run: line, column, code, reason. */
  @Get(':id/faults.csv')
  @Permit('imports:run')
  async faults(@Param('id') id: string, @Res() response: Response): Promise<void> {
    const record = await this.imports.get(id);
    await this.view.writeFaults(record.id, response);
  }

  @Post(':id/start')
  @Permit('imports:run')
  @HttpCode(202)
  async start(@Param('id') id: string, @CurrentActor() actor: Actor): Promise<ImportItem> {
    return this.view.item(await this.imports.start(id, actor));
  }

  @Post(':id/pause')
  @Permit('imports:run')
  @HttpCode(200)
  async pause(@Param('id') id: string, @CurrentActor() actor: Actor): Promise<ImportItem> {
    return this.view.item(await this.imports.pause(id, actor));
  }

  @Post(':id/resume')
  @Permit('imports:run')
  @HttpCode(202)
  async resume(@Param('id') id: string, @CurrentActor() actor: Actor): Promise<ImportItem> {
    return this.view.item(await this.imports.resume(id, actor));
  }

  /** Within 24 hours of the end. Noes stay, whether they came with the file or since. */
  @Post(':id/undo')
  @Permit('imports:run')
  @HttpCode(202)
  async undo(@Param('id') id: string, @CurrentActor() actor: Actor): Promise<ImportItem> {
    return this.view.item(await this.imports.undo(id, actor));
  }
}
