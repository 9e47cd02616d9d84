import { Controller, Get, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Env } from '../../../platform/config/env';
import { Public } from '../../../platform/http/access';
import { sendPage } from '../../../platform/http/page';
import { toLanguage } from '../../../platform/i18n/i18n';
import { OpenIdCookie } from './learner-cookies';
import { LearnerSessions } from './learner-sessions';
import { GoOnPage, LogInPage } from './log-in-pages';
import { OpenId } from './open-id';

/** The way into Mina sidor by an OpenID provider. */
@ApiExcludeController()
@Controller('mina-sidor/oidc')
export class OpenIdController {
  constructor(
    private readonly env: Env,
    private readonly openId: OpenId,
    private readonly cookie: OpenIdCookie,
    private readonly sessions: LearnerSessions,
  ) {}

  @Post()
  @Public()
  async begin(@Query('lang') lang: unknown, @Res() response: Response): Promise<void> {
    const { attempt, url } = await this.openId.begin();
    this.cookie.set(response, attempt);
    // Not by a redirect: browsers hold all that a form leads to, however far, to the form's own policy (form-action).
    response.set('Refresh', `0;url=${url.href}`);
    sendPage(response, <GoOnPage language={toLanguage(lang)} env={this.env} url={url.href} />, 200);
  }

  /** A GET that logs in, as the protocol has it: it counts once, and only in the browser that began. */
  @Get('callback')
  @Public()
  async end(@Req() request: Request, @Res() response: Response): Promise<void> {
    const attempt = this.cookie.read(request);
    const query = /\?.*$/.exec(request.originalUrl)?.[0] ?? '';
    const me = attempt && (await this.openId.end(attempt, query));
    if (attempt) this.cookie.clear(response);
    if (!me) {
      sendPage(response, <LogInPage language="sv" env={this.env} refused="refused" />, 403);
      return;
    }
    await this.sessions.open(request, response, { ...me, via: 'oidc' });
    response.redirect(303, '/mina-sidor');
  }
}
