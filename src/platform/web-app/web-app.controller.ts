import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';
import { NotFound, Unavailable } from '../errors';
import { Public } from '../http/access';

/** Where the build puts it; the same distance from src/platform/web-app and dist/platform/web-app. */
const BUILT = join(__dirname, '..', '..', '..', 'dist', 'web');

/**
 * Its own scripts and nothing inline; styles inline, as React writes them. Previews of mails stand in frames
 * without a site of their own (`sandbox`, `srcdoc`), which inherit this policy: pictures may come from anywhere
 * over TLS, scripts from nowhere.
 */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob: https:; " +
  "font-src 'self'; connect-src 'self'; frame-src 'self' blob:; form-action 'self'; base-uri 'none'; " +
  "frame-ancestors 'none'";

/** Gives out the staff web app. It holds no secrets: what it shows comes from the API, which asks who one is. */
@ApiExcludeController()
@Controller('app')
export class WebAppController {
  /** A file of the build; its name changes with its content. */
  @Get('assets/:file')
  @Public()
  asset(@Param('file') file: string, @Res() response: Response): void {
    response.sendFile(
      file,
      { root: join(BUILT, 'assets'), immutable: true, maxAge: '1y', dotfiles: 'ignore' },
      (error) => {
        if (error && !response.headersSent) response.status(404).json({ code: 'not_found' });
      },
    );
  }

  @Get()
  @Public()
  start(@Res() response: Response): void {
    this.page(response);
  }

  /** Every screen is the same page, which looks at the address itself. */
  @Get('*screen')
  @Public()
  screen(@Param('screen') screen: string[], @Res() response: Response): void {
    if (screen[0] === 'assets') throw new NotFound('not_found');
    this.page(response);
  }

  private page(response: Response): void {
    const file = join(BUILT, 'index.html');
    if (!existsSync(file)) throw new Unavailable('web_app_not_built');
    response.set({
      'Content-Security-Policy': POLICY,
      'Cache-Control': 'no-cache',
      'X-Robots-Tag': 'noindex',
    });
    response.sendFile(file);
  }
}
