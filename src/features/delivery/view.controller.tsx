import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Env } from '../../platform/config/env';
import { Public } from '../../platform/http/access';
import { controllerOf } from '../../platform/http/controller-details';
import { Page, sendPage } from '../../platform/http/page';
import { t, toLanguage } from '../../platform/i18n/i18n';
import { FindLink } from '../registry/pages/find-link';
import { ViewMessage } from './view-message';

/** A mail is a stranger's markup even when it is our own: no script, no forms, no reach into our pages. */
export const MAIL_POLICY =
  "sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation; default-src 'none'; " +
  "img-src https: data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

@ApiExcludeController()
@Controller('view')
export class ViewController {
  constructor(
    private readonly env: Env,
    private readonly links: FindLink,
    private readonly messages: ViewMessage,
  ) {}

  @Public()
  @Get(':token')
  async view(
    @Param('token') token: string,
    @Query('lang') lang: string,
    @Req() request: Request,
    @Res() response: Response,
  ) {
    const link = await this.links.orNull(request, token);
    const html = link && (await this.messages.html(link, token));
    if (html === null) return this.gone(response, lang);
    response
      .set({
        'Content-Type': 'text/html; charset=utf-8',
        'Content-Security-Policy': MAIL_POLICY,
        'Cache-Control': 'no-store',
        'Referrer-Policy': 'no-referrer',
        'X-Robots-Tag': 'noindex',
        'X-Content-Type-Options': 'nosniff',
      })
      .send(html);
  }

  private gone(response: Response, lang: string): void {
    const language = toLanguage(lang);
    sendPage(
      response,
      <Page
        language={language}
        title={t(language, 'delivery:view.gone')}
        controller={controllerOf(this.env)}
      >
        <h1>{t(language, 'delivery:view.gone')}</h1>
        <p>{t(language, 'delivery:view.goneText')}</p>
        <p>
          <a href="/avsluta">{t(language, 'delivery:view.manual')}</a>
        </p>
      </Page>,
      404,
    );
  }
}
