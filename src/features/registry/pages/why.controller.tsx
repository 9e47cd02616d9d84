import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';
import { Env } from '../../../platform/config/env';
import { Database } from '../../../platform/database/database';
import { Public } from '../../../platform/http/access';
import { sendPage } from '../../../platform/http/page';
import { LinkTokens } from '../link-tokens';
import { pageLanguage } from './opt-out.controller';
import { UnknownLinkPage } from './opt-out-pages';
import { WhyPage } from './why-page';
import { reasonFor } from './why.queries';

@ApiExcludeController()
@Controller('why')
@Public()
export class WhyController {
  constructor(
    private readonly env: Env,
    private readonly db: Database,
    private readonly tokens: LinkTokens,
  ) {}

  @Get(':token')
  async show(
    @Param('token') token: string,
    @Query('lang') lang: unknown,
    @Res() response: Response,
  ): Promise<void> {
    const link = await this.tokens.find(token);
    const frame = { language: pageLanguage(lang, link), env: this.env };
    if (!link) {
      sendPage(response, <UnknownLinkPage {...frame} />, 404);
      return;
    }
    const reason = await reasonFor(this.db, link);
    const { maskedAddress } = link;
    const test = link.class === 'test';
    sendPage(response, <WhyPage {...frame} {...{ token, maskedAddress, test, reason }} />);
  }
}
