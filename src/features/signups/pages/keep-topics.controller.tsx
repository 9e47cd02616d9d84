import { Body, Controller, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Env } from '../../../platform/config/env';
import { Public } from '../../../platform/http/access';
import { sendPage } from '../../../platform/http/page';
import { toLanguage } from '../../../platform/i18n/i18n';
import { FindLink } from '../../registry/pages/find-link';
import { KeepTopics } from '../keep-topics';
import { readText, type PostedForm } from '../../../platform/http/posted-form';
import { readChosenTopics } from '../forms/posted-form';
import { SignupForms } from '../forms/signup-forms.service';
import { CheckInboxPage, DeadLinkPage, TestLinkPage } from './signup-pages';
import { SignupThrottle } from '../signup-throttle';

/** "Behåll något" on the preference page. A link can only reduce contact, so a yes is asked for by mail (P-72). */
@ApiExcludeController()
@Controller('preferences')
export class KeepTopicsController {
  constructor(
    private readonly env: Env,
    private readonly links: FindLink,
    private readonly forms: SignupForms,
    private readonly throttle: SignupThrottle,
    private readonly keep: KeepTopics,
  ) {}

  @Post(':token/keep')
  @HttpCode(200)
  @Public()
  async send(
    @Param('token') token: string,
    @Query('lang') lang: unknown,
    @Body() body: PostedForm | undefined,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const { env } = this;
    const language = toLanguage(lang ?? readText(body?.lang));
    this.throttle.take(request.ip ?? '');
    const link = await this.links.orNull(request, token);
    const chosen = readChosenTopics(body ?? {});
    const tracking = readText(body?.tracking) === 'yes';
    const outcome = link ? await this.keep.run(link, chosen, language, tracking) : 'unknown';
    if (outcome === 'asked') {
      sendPage(response, <CheckInboxPage language={language} env={env} />);
    } else if (outcome === 'test') {
      sendPage(response, <TestLinkPage language={language} env={env} />);
    } else if (outcome === 'nothing_chosen') {
      // Back to where the choice is made: nothing was chosen, so nothing was done.
      response.redirect(303, `/preferences/${encodeURIComponent(token)}?lang=${language}`);
    } else {
      const form = await this.forms.openDefault(language);
      const status = outcome === 'unknown' ? 404 : 200;
      const page = <DeadLinkPage language={language} env={env} form={form} kind={outcome} />;
      sendPage(response, page, status);
    }
  }
}
