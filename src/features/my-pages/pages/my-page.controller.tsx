import { Body, Controller, Get, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Env } from '../../../platform/config/env';
import { Conflict } from '../../../platform/errors';
import { Public } from '../../../platform/http/access';
import { readText, readTexts, type PostedForm } from '../../../platform/http/posted-form';
import { toLanguage, type Language } from '../../../platform/i18n/i18n';
import { KnownLearning } from '../../contacts/learning/known/known-learning';
import { MyPreferences } from '../choices/my-preferences';
import type { ChangePreferences } from '../choices/my-preferences.dto';
import { LearnerSessions } from '../log-in/learner-sessions';
import { MyMessages } from '../messages/my-messages';
import { chosenLanguage, pathIn } from '../paths';
import { KnownPage } from './known-page';
import { MyPage, type MyPageNews } from './my-page';
import { SentPage } from './sent-page';
import { sendOwnPage, signedIn } from './signed-in';
import { readSwitches, wishesOf } from './switches';

/** Mina sidor in the browser. Whoever is not logged in is led to where one does that. */
@ApiExcludeController()
@Controller('mina-sidor')
@Public()
export class MyPageController {
  constructor(
    private readonly env: Env,
    private readonly sessions: LearnerSessions,
    private readonly preferences: MyPreferences,
    private readonly messages: MyMessages,
    private readonly learning: KnownLearning,
  ) {}

  @Get()
  async show(
    @Query() query: Record<string, unknown>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const me = await signedIn(this.sessions, request, response);
    if (!me) return;
    const news = query.news === 'saved' || query.news === 'unchanged' ? query.news : undefined;
    await this.send(response, me.contactId, chosenLanguage(query.lang), { news });
  }

  /** Answers with the page by a GET of its own, so that loading it again does nothing again. */
  @Post()
  async change(
    @Query('lang') lang: unknown,
    @Body() body: PostedForm | undefined,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const me = await signedIn(this.sessions, request, response);
    if (!me) return;
    const language = chosenLanguage(lang);
    const change = changeIn(body);
    try {
      if (change) await this.preferences.change(me, change, language);
    } catch (cause) {
      if (!(cause instanceof Conflict) || cause.code !== 'cannot_turn_on') throw cause;
      await this.send(response, me.contactId, language, { fault: cause.detail });
      return;
    }
    response.redirect(303, pathIn('/mina-sidor', language, change ? 'saved' : 'unchanged'));
  }

  @Get('skickat')
  async sent(
    @Query('lang') lang: unknown,
    @Query('page') page: unknown,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const me = await signedIn(this.sessions, request, response);
    if (!me) return;
    const language = chosenLanguage(lang) ?? (await this.preferences.languageOf(me.contactId));
    const messages = await this.messages.read(me.contactId, language);
    const shown = { messages, page: pageOf(page) };
    sendOwnPage(response, <SentPage language={language} env={this.env} {...shown} />);
  }

  @Get('uppgifter')
  async known(
    @Query('lang') lang: unknown,
    @Query('page') page: unknown,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const me = await signedIn(this.sessions, request, response);
    if (!me) return;
    const { language: own, tracking } = await this.preferences.read(me.contactId);
    const language = chosenLanguage(lang) ?? own;
    const learning = await this.learning.of(me.contactId, language);
    const shown = { learning, tracking, page: pageOf(page) };
    sendOwnPage(response, <KnownPage language={language} env={this.env} {...shown} />);
  }

  private async send(
    response: Response,
    contactId: string,
    language: Language | undefined,
    told: { news?: MyPageNews; fault?: string },
  ): Promise<void> {
    const choices = await this.preferences.read(contactId, language);
    const frame = { language: language ?? choices.language, env: this.env };
    sendOwnPage(
      response,
      <MyPage {...frame} {...told} choices={choices} />,
      told.fault ? 409 : 200,
    );
  }
}

const pageOf = (page: unknown): number => Math.max(1, Math.trunc(Number(page)) || 1);

/** What the button and the switches ask for; null: nothing. */
function changeIn(body: PostedForm | undefined): ChangePreferences | null {
  switch (readText(body?.action)) {
    case 'all':
      return { everythingOff: true };
    case 'pause':
      return { pause: 'three_months' };
    case 'end':
      return { pause: 'end' };
    case 'fewer':
      return { fewer: true };
    case 'as-before':
      return { fewer: false };
    case 'track':
      return { tracking: true };
    case 'untrack':
      return { tracking: false };
    case 'language':
      return { language: toLanguage(body?.language) };
    default: {
      const topics = wishesOf(readSwitches(readText(body?.was)), readTexts(body?.on));
      return topics.length > 0 ? { topics } : null;
    }
  }
}
