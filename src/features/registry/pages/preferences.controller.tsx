import { Body, Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';
import { Env } from '../../../platform/config/env';
import { Public } from '../../../platform/http/access';
import { sendPage } from '../../../platform/http/page';
import { isUuid } from '../../../platform/ids';
import type { Language } from '../../../platform/i18n/i18n';
import { LinkTokens, type LinkTokenRow } from '../link-tokens';
import { ReduceMailings } from '../reduce-mailings';
import { Choices } from './choices';
import { pageLanguage } from './opt-out.controller';
import { UnknownLinkPage } from './opt-out-pages';
import { PreferencesPage, type PreferenceNews } from './preferences-page';

/** Topics, fewer, a pause, or everything: the holder of a link may say less than "everything", never more than now. */
@ApiExcludeController()
@Controller('preferences')
@Public({ anyOrigin: true })
export class PreferencesController {
  constructor(
    private readonly env: Env,
    private readonly tokens: LinkTokens,
    private readonly reduce: ReduceMailings,
    private readonly choices: Choices,
  ) {}

  @Get(':token')
  async show(
    @Param('token') token: string,
    @Query('lang') lang: unknown,
    @Res() response: Response,
  ): Promise<void> {
    const link = await this.tokens.find(token);
    await this.send(response, pageLanguage(lang, link), token, link);
  }

  @Post(':token')
  @HttpCode(200)
  async change(
    @Param('token') token: string,
    @Query('lang') lang: unknown,
    @Body() body: Record<string, unknown> | undefined,
    @Res() response: Response,
  ): Promise<void> {
    const link = await this.tokens.find(token);
    const news = link ? await this.apply(link, body ?? {}) : undefined;
    await this.send(response, pageLanguage(lang, link), token, link, news);
  }

  private async apply(link: LinkTokenRow, body: Record<string, unknown>): Promise<PreferenceNews> {
    const topicIds = [body.stop].flat().filter(isUuid);
    const { action } = body;
    const needsTopics = action !== 'all' && action !== 'pause' && action !== 'fewer';
    if (needsTopics && topicIds.length === 0) return 'nothing';
    if (link.class === 'test') return 'test';
    if (action === 'all') await this.reduce.everything(link);
    else if (action === 'pause') await this.reduce.pause(link);
    else if (action === 'fewer') await this.reduce.fewer(link);
    else await this.reduce.topics(link, topicIds);
    return 'saved';
  }

  private async send(
    response: Response,
    language: Language,
    token: string,
    link: LinkTokenRow | null,
    news?: PreferenceNews,
  ): Promise<void> {
    const frame = { language, env: this.env };
    if (!link) {
      sendPage(response, <UnknownLinkPage {...frame} />, 404);
      return;
    }
    const [topics, standing] = await Promise.all([
      this.choices.topics(language),
      this.choices.standing(link),
    ]);
    const { maskedAddress } = link;
    const test = link.class === 'test';
    const byMail = link.channel === 'email';
    const shown = { token, maskedAddress, test, byMail, topics, standing, news };
    sendPage(response, <PreferencesPage {...frame} {...shown} />);
  }
}
