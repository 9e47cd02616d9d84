import { setTimeout as wait } from 'node:timers/promises';
import { Body, Controller, Get, Ip, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { normaliseEmail } from '../../../domain/address';
import { Env } from '../../../platform/config/env';
import { Forbidden } from '../../../platform/errors';
import { Public } from '../../../platform/http/access';
import { sendPage } from '../../../platform/http/page';
import { readText, type PostedForm } from '../../../platform/http/posted-form';
import { t, toLanguage, type Language } from '../../../platform/i18n/i18n';
import { inTime } from '../../registry/pages/in-time';
import { pathIn } from '../paths';
import { LearnerSessions } from './learner-sessions';
import { LinkSentPage, LogInPage, UseLinkPage } from './log-in-pages';
import { LoginLinks } from './login-links';
import { LogInThrottles } from './log-in-throttles';
import { portalOrigins } from './portal';
import { PortalTokens } from './portal-tokens';

/** The work for a known and an unknown address differs by milliseconds; the answer's time does not (F-63). */
const ANSWER_AFTER_MS = 250;

/** The ways into Mina sidor that need nobody else: the portal's token and a mailed link; and the way out. */
@ApiExcludeController()
@Controller('mina-sidor')
export class LogInController {
  constructor(
    private readonly env: Env,
    private readonly sessions: LearnerSessions,
    private readonly tokens: PortalTokens,
    private readonly links: LoginLinks,
    private readonly throttles: LogInThrottles,
  ) {}

  @Get('login')
  @Public()
  show(@Query('lang') lang: unknown, @Res() response: Response): void {
    sendPage(response, <LogInPage language={toLanguage(lang)} env={this.env} />);
  }

  /** The portal's form. From its pages only: nobody else may log a visitor in as somebody of their choice. */
  @Post('login')
  @Public({ anyOrigin: true })
  async byToken(
    @Query('lang') lang: unknown,
    @Body() body: PostedForm | undefined,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    if (!portalOrigins(this.env).includes(request.headers.origin ?? '')) {
      throw new Forbidden('cross_site_request');
    }
    const contactId = await this.tokens.spend(readText(body?.token));
    const language = toLanguage(lang);
    if (contactId === null) return this.refuse(response, language, 'refused');
    const me = { contactId, mailboxKey: null, via: 'token' } as const;
    await this.sessions.open(request, response, me);
    response.redirect(303, pathIn('/mina-sidor', english(language)));
  }

  @Post('link')
  @Public()
  async askForLink(
    @Query('lang') lang: unknown,
    @Body() body: PostedForm | undefined,
    @Ip() ip: string,
    @Res() response: Response,
  ): Promise<void> {
    const frame = { language: toLanguage(lang), env: this.env };
    const typed = readText(body?.email).slice(0, 320);
    const email = normaliseEmail(typed);
    if (!email.ok) {
      const fault = t(frame.language, `log-in:link.${email.code === 'empty' ? 'empty' : 'wrong'}`);
      sendPage(response, <LogInPage {...frame} typed={typed} fault={fault} />, 422);
      return;
    }
    this.throttles.take(ip, email.canonical);
    await Promise.all([inTime(this.links.request(email.canonical)), wait(ANSWER_AFTER_MS)]);
    sendPage(response, <LinkSentPage {...frame} />, 200);
  }

  /** Where the other language's link of the answer above leads. */
  @Get('link')
  @Public()
  showAgain(@Query('lang') lang: unknown, @Res() response: Response): void {
    this.show(lang, response);
  }

  /** Shows a button and changes nothing: mail scanners open every link. */
  @Get('link/:token')
  @Public()
  async look(
    @Param('token') token: string,
    @Query('lang') lang: unknown,
    @Res() response: Response,
  ): Promise<void> {
    const language = toLanguage(lang);
    if (!(await this.links.isLive(token))) return this.refuse(response, language, 'deadLink');
    sendPage(response, <UseLinkPage language={language} env={this.env} token={token} />);
  }

  @Post('link/:token')
  @Public()
  async useLink(
    @Param('token') token: string,
    @Query('lang') lang: unknown,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const language = toLanguage(lang);
    const me = await this.links.use(token);
    if (!me) return this.refuse(response, language, 'deadLink');
    await this.sessions.open(request, response, { ...me, via: 'link' });
    response.redirect(303, pathIn('/mina-sidor', english(language)));
  }

  @Post('logout')
  @Public()
  async logOut(
    @Query('lang') lang: unknown,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.sessions.end(request, response);
    response.redirect(303, pathIn('/mina-sidor/login', english(toLanguage(lang))));
  }

  private refuse(response: Response, language: Language, refused: 'refused' | 'deadLink'): void {
    const page = <LogInPage language={language} env={this.env} refused={refused} />;
    sendPage(response, page, refused === 'refused' ? 403 : 410);
  }
}

/** What is not English is no choice but how a log-in begins: Mina sidor then speaks the person's own language. */
const english = (language: Language): Language | undefined =>
  language === 'en' ? language : undefined;
