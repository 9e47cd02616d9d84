import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';
import { Env } from '../../../platform/config/env';
import { Public } from '../../../platform/http/access';
import { sendPage } from '../../../platform/http/page';
import { toLanguage } from '../../../platform/i18n/i18n';
import { HomePage } from './home-page';
import { SignupForms } from '../forms/signup-forms.service';

/** The front page: who we are and the sign-up form. */
@ApiExcludeController()
@Controller()
export class HomeController {
  constructor(
    private readonly env: Env,
    private readonly forms: SignupForms,
  ) {}

  @Get()
  @Public()
  async show(@Query('lang') lang: unknown, @Res() response: Response): Promise<void> {
    const language = toLanguage(lang);
    const form = await this.forms.openDefault(language);
    sendPage(response, <HomePage language={language} env={this.env} form={form} />);
  }
}
