import { Body, Controller, Get, HttpCode, Ip, Param, Post, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';
import { normaliseEmail } from '../../../domain/address';
import { Env } from '../../../platform/config/env';
import { NotFound } from '../../../platform/errors';
import { Public } from '../../../platform/http/access';
import { sendPage } from '../../../platform/http/page';
import { t, toLanguage, type Language } from '../../../platform/i18n/i18n';
import { fingerprint, TRAP_FIELD, wordingOf, type FieldFaults } from '../forms/form-fields';
import { RequestSignup } from '../request-signup';
import { SignupForms, type OpenForm } from '../forms/signup-forms.service';
import { CheckInboxPage, SignupPage } from './signup-pages';
import { SignupThrottle } from '../signup-throttle';
import { readText, type PostedForm } from '../../../platform/http/posted-form';
import { readChosenTopics } from '../forms/posted-form';

/** The sign-up form. */
@ApiExcludeController()
@Controller('signup')
export class SignupController {
  constructor(
    private readonly env: Env,
    private readonly forms: SignupForms,
    private readonly throttle: SignupThrottle,
    private readonly request: RequestSignup,
  ) {}

  @Get(':form')
  @Public()
  async show(
    @Param('form') key: string,
    @Query('lang') lang: unknown,
    @Res() response: Response,
  ): Promise<void> {
    const language = toLanguage(lang);
    const form = await this.requireForm(key, language);
    sendPage(response, <SignupPage form={form} language={language} env={this.env} />);
  }

  /** From any origin, because the form may stand on another site; there is no cookie to ride on. */
  @Post(':form')
  @HttpCode(200)
  @Public({ anyOrigin: true })
  async send(
    @Param('form') key: string,
    @Body() body: PostedForm | undefined,
    @Ip() ip: string,
    @Res() response: Response,
  ): Promise<void> {
    const language = toLanguage(body?.lang);
    const form = await this.requireForm(key, language);
    this.throttle.take(ip);
    const page = await this.answer(form, language, body ?? {});
    sendPage(response, page.element, page.status);
  }

  private async answer(form: OpenForm, language: Language, body: PostedForm) {
    const { env } = this;
    const known = new Set(form.topics.map(({ id }) => id));
    const topicIds = readChosenTopics(body).filter((id) => known.has(id));
    const tracking = form.asksTracking && readText(body.tracking) === 'yes';
    const typed = { email: readText(body.email).slice(0, 254), topicIds, tracking };
    const email = normaliseEmail(readText(body.email));
    const faults: FieldFaults = {};
    if (!email.ok) {
      const code = email.code === 'empty' ? 'emailMissing' : 'emailWrong';
      faults.email = t(language, `signups:form.${code}`);
    }
    if (topicIds.length === 0) faults.topics = t(language, 'signups:form.topicMissing');
    const shown = { form, language, env, typed };
    if (!email.ok || topicIds.length === 0) {
      return { element: <SignupPage {...shown} faults={faults} />, status: 422 };
    }
    const wording = wordingOf(form, language, env);
    if (readText(body.seen) !== fingerprint(wording)) {
      return { element: <SignupPage {...shown} changed />, status: 409 };
    }
    if (readText(body[TRAP_FIELD]) === '') {
      await this.request.run({
        formId: form.id,
        email,
        topicIds,
        tracking,
        language,
        contactId: null,
        wording: { kind: 'signup_form', text: wording },
      });
    }
    return { element: <CheckInboxPage language={language} env={env} />, status: 200 };
  }

  private async requireForm(key: string, language: Language): Promise<OpenForm> {
    const form = await this.forms.open(key, language);
    if (!form) throw new NotFound('no_such_form');
    return form;
  }
}
