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
    response
      // Or the second click would not come here.
      .set({ 'Cache-Control': 'no-store', 'X-Robots-Tag': 'noindex' })
      .redirect(302, url);
  }
}

/** A browser says when it only looks ahead. Scanners that pretend to be readers are counted: the number is approximate. */
function isSomebody({ method, headers }: Request): boolean {
  const purpose = headers['sec-purpose'] ?? headers['purpose'] ?? headers['x-moz'] ?? '';
  return method === 'GET' && !/prefetch|preview/i.test(String(purpose));
}
