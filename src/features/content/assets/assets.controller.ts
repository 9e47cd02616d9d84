import { Controller, Get, Param, Post, Req, Res, UseInterceptors } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiExcludeEndpoint } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { NotFound } from '../../../platform/errors';
import { Permit, Public } from '../../../platform/http/access';
import { CurrentActor, type Actor } from '../../../platform/http/actor';
import { AssetFile, AssetView } from './assets.dto';
import { Assets } from './assets.service';
import { PictureInterceptor } from './picture.interceptor';

/** Pictures for mails. */
@Controller()
export class AssetsController {
  constructor(private readonly assets: Assets) {}

  /** PNG, JPEG, GIF or WebP of at most 10 MB in the field `file`; made smaller, and cleared of place and camera. */
  @Post('api/v1/assets')
  @Permit('templates:write')
  @UseInterceptors(PictureInterceptor)
  @ApiConsumes('multipart/form-data')
  @ApiBody({
    schema: {
      type: 'object',
      required: ['file'],
      properties: { file: { type: 'string', format: 'binary' } },
    },
  })
  add(@Req() { file }: Request, @CurrentActor() actor: Actor): Promise<AssetView> {
    // Multipart headers are read as latin1; browsers send names as UTF-8.
    const name = Buffer.from(file!.originalname, 'latin1').toString('utf8');
    return this.assets.add(name, file!.buffer, actor);
  }

  /** The newest sixty. */
  @Get('api/v1/assets')
  @Permit('templates:read')
  newest(): Promise<AssetView[]> {
    return this.assets.newest();
  }

  @Public()
  @Get('assets/:file')
  @ApiExcludeEndpoint()
  async read(@Param() { file }: AssetFile, @Res() response: Response): Promise<void> {
    const found = await this.assets.read(file);
    if (!found) throw new NotFound('asset_not_found');
    response
      .set({
        'Cache-Control': 'public, max-age=31536000, immutable',
        // Mail programs in browsers show it on pages of their own.
        'Cross-Origin-Resource-Policy': 'cross-origin',
      })
      .type(found.type)
      .send(found.bytes);
  }
}
