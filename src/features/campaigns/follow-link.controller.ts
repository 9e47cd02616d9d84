import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Public } from '../../platform/http/access';
import { FollowLink } from './follow-link';

@ApiExcludeController()
@Controller('c')
export class FollowLinkController {
  constructor(private readonly links: FollowLink) {}

  @Public()
  @Get(':code')
  async follow(@Param('code') code: string, @Req() request: Request, @Res() response: Response) {
    const url = await this.links.to(code);
    if (isSomebody(request)) this.links.count(code);
    send(response, url);
  }

  /** The link as it stands in the mail of somebody who agreed to be seen: it leads on whatever the last word is. */
  @Public()
  @Get(':code/:whose')
  async followOwn(
    @Param('code') code: string,
    @Param('whose') whose: string,
    @Req() request: Request,
    @Res() response: Response,
  ) {
    const url = await this.links.to(code);
    if (isSomebody(request)) {
      this.links.count(code);
      await this.links.see(code, whose);
    }
    send(response, url);
  }
}

function send(response: Response, url: string): void {
  response
    // Or the second click would not come here.
    .set({ 'Cache-Control': 'no-store', 'X-Robots-Tag': 'noindex' })
    .redirect(302, url);
}

/** Cubot makes telephones. */
const MACHINES =
  /(?<!cu)bot\b|crawl|spider|scan|preview|prefetch|monitor|curl|wget|python|headless/i;

/** A browser says when it only looks ahead, and honest programs say what they are. Scanners that pretend to be readers are counted: the number is approximate. */
function isSomebody({ method, headers }: Request): boolean {
  const purpose = headers['sec-purpose'] ?? headers['purpose'] ?? headers['x-moz'] ?? '';
  if (method !== 'GET' || /prefetch|preview/i.test(String(purpose))) return false;
  return !MACHINES.test(headers['user-agent'] ?? '');
}
