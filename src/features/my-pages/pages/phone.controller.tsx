import { Body, Controller, Get, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Env } from '../../../platform/config/env';
import { Refusal } from '../../../platform/errors';
import { Public } from '../../../platform/http/access';
import { readText, readTexts, type PostedForm } from '../../../platform/http/posted-form';
import { t, type Language } from '../../../platform/i18n/i18n';
import { MyPreferences } from '../choices/my-preferences';
import { LearnerSessions } from '../log-in/learner-sessions';
import { chosenLanguage, pathIn } from '../paths';
import { OwnNumber } from '../phone/own-number';
import { CodePage, NoPhonePage, PhonePage, type PhoneNews } from './phone-page';
import { sendOwnPage, signedIn } from './signed-in';

const PATH = '/mina-sidor/telefon';

/** One's own number, in the browser: typed, proven by a code, taken away. It stands in no URL. */
@ApiExcludeController()
@Controller('mina-sidor/telefon')
@Public()
export class PhoneController {
  constructor(
    private readonly env: Env,
    private readonly sessions: LearnerSessions,
    private readonly preferences: MyPreferences,
    private readonly number: OwnNumber,
  ) {}

  @Get()
  async show(
    @Query() query: Record<string, unknown>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const me = await signedIn(this.sessions, request, response);
    if (!me) return;
    const news = query.news === 'saved' || query.news === 'removed' ? query.news : undefined;
    const language = await this.language(query.lang, me.contactId);
    await this.send(response, me.contactId, language, { news });
  }

  @Post()
  async change(
    @Query('lang') lang: unknown,
    @Body() body: PostedForm | undefined,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const me = await signedIn(this.sessions, request, response);
    if (!me) return;
    const language = await this.language(lang, me.contactId);
    if (readText(body?.action) === 'remove') {
      await this.number.remove(me.contactId);
      response.redirect(303, pathIn(PATH, language, 'removed'));
    } else if (readText(body?.action) === 'confirm') {
      await this.confirm(me.contactId, body, language, response);
    } else await this.sendCode(me.contactId, readText(body?.number), language, response);
  }

  private async sendCode(
    contactId: string,
    typed: string,
    language: Language,
    response: Response,
  ): Promise<void> {
    try {
      const number = await this.number.sendCode(contactId, typed, language);
      await this.askForCode(response, contactId, language, { number });
    } catch (cause) {
      const fault = faultIn(cause, language);
      await this.send(response, contactId, language, { typed, fault }, statusOf(cause));
    }
  }

  private async confirm(
    contactId: string,
    body: PostedForm | undefined,
    language: Language,
    response: Response,
  ): Promise<void> {
    const number = readText(body?.number);
    const entered = { number, code: readText(body?.code), topics: readTexts(body?.topic) };
    try {
      await this.number.confirm(contactId, entered, language);
      response.redirect(303, pathIn(PATH, language, 'saved'));
    } catch (cause) {
      const fault = faultIn(cause, language);
      await this.askForCode(response, contactId, language, { number, fault }, statusOf(cause));
    }
  }

  private async askForCode(
    response: Response,
    contactId: string,
    language: Language,
    asked: { number: string; fault?: string },
    status?: number,
  ): Promise<void> {
    const choices = await this.preferences.read(contactId, language);
    const shown = { language, env: this.env, choices, ...asked };
    sendOwnPage(response, <CodePage {...shown} />, status);
  }

  private async send(
    response: Response,
    contactId: string,
    language: Language,
    told: { news?: PhoneNews; typed?: string; fault?: string },
    status?: number,
  ): Promise<void> {
    const frame = { language, env: this.env };
    if (!(await this.number.isAllowed(contactId))) {
      sendOwnPage(response, <NoPhonePage {...frame} />, status);
      return;
    }
    const number = await this.number.current(contactId);
    sendOwnPage(response, <PhonePage {...frame} {...told} number={number} />, status);
  }

  private async language(lang: unknown, contactId: string): Promise<Language> {
    return chosenLanguage(lang) ?? this.preferences.languageOf(contactId);
  }
}

const TOLD = [
  'invalid_number',
  'no_number_allowed',
  'too_many_codes',
  'sms_not_configured',
  'wrong_code',
];

/** In plain words, what the person can do something about; everything else is a fault of ours. */
function faultIn(cause: unknown, language: Language): string {
  if (cause instanceof Refusal && cause.code === 'cannot_turn_on') return cause.message;
  if (!(cause instanceof Refusal) || !TOLD.includes(cause.code)) throw cause;
  return t(language, `my-pages:phone.${cause.code}`);
}

const statusOf = (cause: unknown): number => (cause as Refusal).status;
