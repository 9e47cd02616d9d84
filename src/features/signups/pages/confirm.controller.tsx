import { Controller, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { maskEmail } from '../../../domain/address';
import { Env } from '../../../platform/config/env';
import { Public } from '../../../platform/http/access';
import { sendPage } from '../../../platform/http/page';
import { toLanguage } from '../../../platform/i18n/i18n';
import { FindLink } from '../../registry/pages/find-link';
import { ConfirmSignup, type Confirmation } from '../confirm-signup';
import { SignupForms } from '../forms/signup-forms.service';
import { ConfirmTrackingPage } from './confirm-tracking-page';
import { ConfirmedPage, ConfirmPage, DeadLinkPage } from './signup-pages';

/** The link in a confirmation mail. */
@ApiExcludeController()
@Controller('confirm')
export class ConfirmController {
  constructor(
    private readonly env: Env,
    private readonly links: FindLink,
    private readonly forms: SignupForms,
    private readonly confirmation: ConfirmSignup,
  ) {}

  /** Shows a button and changes nothing: mail scanners open every link (L-17). */
  @Get(':token')
  @Public()
  async show(
    @Param('token') token: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.answer(request, response, token, await this.confirmation.look(token));
  }

  @Post(':token')
  @HttpCode(200)
  @Public()
  async confirm(
    @Param('token') token: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.answer(request, response, token, await this.confirmation.run(token));
  }

  private async answer(
    request: Request,
    response: Response,
    token: string,
    found: Confirmation | null,
  ): Promise<void> {
    const { env } = this;
    if (!found) this.links.countUnknown(request);
    const language = toLanguage(request.query.lang ?? found?.signup.language);
    if (!found || found.state === 'expired') {
      const form = await this.forms.openDefault(language);
      const page = { language, env, form };
      if (found) sendPage(response, <DeadLinkPage {...page} kind="expired" />, 410);
      else sendPage(response, <DeadLinkPage {...page} kind="unknown" />, 404);
      return;
    }
    const { topics, hindered, signup, tracked } = found;
    const page = { language, env, topics };
    if (signup.topicIds.length === 0) {
      const answered = found.state === 'confirmed' ? { tracked: tracked ?? false } : null;
      const shown = { language, env, token, answered };
      sendPage(response, <ConfirmTrackingPage {...shown} />);
      return;
    }
    if (found.state === 'confirmed') {
      sendPage(response, <ConfirmedPage {...page} hindered={hindered} tracked={tracked} />);
      return;
    }
    const maskedAddress = maskEmail(signup.email ?? '');
    const asked = { token, maskedAddress, tracking: signup.tracking };
    sendPage(response, <ConfirmPage {...page} {...asked} />);
  }
}
