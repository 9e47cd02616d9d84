import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';
import { POLICY_VERSION } from '../../../domain/policy';
import { Env } from '../../../platform/config/env';
import { NotFound } from '../../../platform/errors';
import { Public } from '../../../platform/http/access';
import { sendPage } from '../../../platform/http/page';
import { toLanguage } from '../../../platform/i18n/i18n';
import { PolicyPage } from './policy-page';

/** What every mail, form and notice points to (GDPR 13 and 14). */
@ApiExcludeController()
@Controller('policy')
@Public()
export class PolicyController {
  constructor(private readonly env: Env) {}

  @Get()
  current(@Query('lang') lang: unknown, @Res() response: Response): void {
    sendPage(response, <PolicyPage language={toLanguage(lang)} env={this.env} />);
  }

  @Get(':version')
  version(
    @Param('version') version: string,
    @Query('lang') lang: unknown,
    @Res() response: Response,
  ): void {
    if (version !== POLICY_VERSION) throw new NotFound('no_such_policy');
    this.current(lang, response);
  }
}
