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
import { readPolicies } from './policy-text';

/** What every mail, form and notice points to (GDPR 13 and 14): the policy in force, and every earlier one. */
@ApiExcludeController()
@Controller('policy')
@Public()
export class PolicyController {
  // A version that is written but not in force yet is shown to nobody.
  private readonly policies = readPolicies().filter(({ version }) => version <= POLICY_VERSION);

  constructor(private readonly env: Env) {}

  @Get()
  current(@Query('lang') lang: unknown, @Res() response: Response): void {
    this.version(POLICY_VERSION, lang, response);
  }

  @Get(':version')
  version(
    @Param('version') version: string,
    @Query('lang') lang: unknown,
    @Res() response: Response,
  ): void {
    const policy = this.policies.find((known) => known.version === version);
    if (!policy) throw new NotFound('no_such_policy');
    const versions = this.policies.map((known) => known.version);
    const frame = { language: toLanguage(lang), env: this.env, inForce: POLICY_VERSION };
    sendPage(response, <PolicyPage {...frame} policy={policy} versions={versions} />);
  }
}
