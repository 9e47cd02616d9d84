import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Controller, Get, Header, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';
import { Public } from '../../../platform/http/access';
import { readCatalogues } from '../../../platform/i18n/i18n';

// The same distance from src/features/my-pages/embed and dist/features/my-pages/embed.
const SOURCE = join(__dirname, '..', '..', '..', '..', 'templates', 'pages', 'embed.js');

/** The script by which a portal shows its people their choices on a page of its own. */
@ApiExcludeController()
@Controller('mina-sidor/embed.js')
export class EmbedController {
  private script: string | undefined;

  @Get()
  @Public()
  @Header('Cache-Control', 'public, max-age=3600')
  // Other sites are to load this one file.
  @Header('Cross-Origin-Resource-Policy', 'cross-origin')
  show(@Res() response: Response): void {
    response.type('text/javascript').send((this.script ??= makeScript()));
  }
}

function makeScript(): string {
  const { sv, en } = readCatalogues();
  const texts = JSON.stringify({ sv: sv['embed'], en: en['embed'] });
  return `(() => {\nconst texts = ${texts};\n${readFileSync(SOURCE, 'utf8')}})();\n`;
}
