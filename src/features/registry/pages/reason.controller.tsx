import { Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';
import { Env } from '../../../platform/config/env';
import { Public } from '../../../platform/http/access';
import type { AnyBodyRequest } from '../../../platform/http/any-body';
import { sendPage } from '../../../platform/http/page';
import { LinkTokens } from '../link-tokens';
import { OptOutReasons } from '../opt-out-reasons';
import { pageLanguage } from './opt-out.controller';
import { UnknownLinkPage } from './opt-out-pages';
import { ReasonPage, ReasonThanksPage } from './reason-form';
import { UnknownLinks } from './unknown-links';

/** Why somebody left, if they tell. */
@ApiExcludeController()
@Controller('u')
@Public()
export class ReasonController {
  constructor(
    private readonly env: Env,
    private readonly tokens: LinkTokens,
    private readonly reasons: OptOutReasons,
    private readonly unknownLinks: UnknownLinks,
  ) {}

  @Get(':token/reason')
  async show(
    @Param('token') token: string,
    @Query('lang') lang: unknown,
    @Req() request: AnyBodyRequest,
    @Res() response: Response,
  ): Promise<void> {
    const link = await this.tokens.find(token);
    if (!link) this.unknownLinks.count(request);
    const frame = { language: pageLanguage(lang, link), env: this.env };
    const page = link ? <ReasonPage {...frame} token={token} /> : <UnknownLinkPage {...frame} />;
    sendPage(response, page, link ? 200 : 404);
  }

  @Post(':token/reason')
  @HttpCode(200)
  async tell(
    @Param('token') token: string,
    @Query('lang') lang: unknown,
    @Req() request: AnyBodyRequest,
    @Res() response: Response,
  ): Promise<void> {
    const link = await this.tokens.find(token);
    const frame = { language: pageLanguage(lang, link), env: this.env };
    if (!link) {
      this.unknownLinks.count(request);
      sendPage(response, <UnknownLinkPage {...frame} />, 404);
      return;
    }
    await this.reasons.tell(link, new URLSearchParams(request.anyBody?.text).get('reason'));
    sendPage(response, <ReasonThanksPage {...frame} />);
  }
}
