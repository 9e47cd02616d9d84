import { Controller, Get, Header, StreamableFile } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public } from '../http/access';
import { Brands } from './brands.service';

/** The logo in mails and on pages: the same address for everybody, so that fetching it tells nothing of anyone. */
@ApiExcludeController()
@Controller('brand/logo')
export class LogoController {
  constructor(private readonly brands: Brands) {}

  /** The logo of today, also for mails that were sent with an earlier one. */
  @Get(':version')
  @Public()
  @Header('Cache-Control', 'public, max-age=86400')
  // Shown in mail readers on the web.
  @Header('Cross-Origin-Resource-Policy', 'cross-origin')
  async show(): Promise<StreamableFile> {
    return new StreamableFile(await this.brands.logo(), { type: 'image/png' });
  }
}
