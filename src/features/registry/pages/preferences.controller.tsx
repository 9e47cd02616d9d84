import { Body, Controller, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Public } from '../../../platform/http/access';
import { sendPage } from '../../../platform/http/page';
import { isUuid } from '../../../platform/ids';
import type { LinkTokenRow } from '../link-tokens';
import { ReduceMailings } from '../reduce-mailings';
import { Choices } from './choices';
import { FindLink, type FoundLink } from './find-link';
import { PreferencesPage, type PreferenceNews } from './preferences-page';

const WITHOUT_TOPICS: readonly unknown[] = ['all', 'pause', 'fewer', 'untrack'];

/** Topics, fewer, a pause, or everything: the holder of a link may say less than "everything", never more than now. */
@ApiExcludeController()
@Controller('preferences')
@Public({ anyOrigin: true })
export class PreferencesController {
  constructor(
    private readonly links: FindLink,
    private readonly reduce: ReduceMailings,
    private readonly choices: Choices,
  ) {}

  @Get(':token')
  async show(
    @Param('token') token: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const found = await this.links.orNotFound(request, response, token);
    if (found) await this.send(response, token, found);
  }

  @Post(':token')
  @HttpCode(200)
  async change(
    @Param('token') token: string,
    @Body() body: Record<string, unknown> | undefined,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const found = await this.links.orNotFound(request, response, token);
    if (!found) return;
    const news = await this.apply(found.link, body ?? {});
    await this.send(response, token, found, news);
  }

  private async apply(link: LinkTokenRow, body: Record<string, unknown>): Promise<PreferenceNews> {
    const topicIds = [body.stop].flat().filter(isUuid);
    const { action } = body;
    if (!WITHOUT_TOPICS.includes(action) && topicIds.length === 0) return 'nothing';
    if (link.class === 'test') return 'test';
    if (action === 'all') await this.reduce.everything(link);
    else if (action === 'pause') await this.reduce.pause(link);
    else if (action === 'fewer') await this.reduce.fewer(link);
    else if (action === 'untrack') await this.reduce.tracking(link);
    else await this.reduce.topics(link, topicIds);
    return 'saved';
  }

  private async send(
    response: Response,
    token: string,
    { link, frame }: FoundLink,
    news?: PreferenceNews,
  ): Promise<void> {
    const [topics, standing] = await Promise.all([
      this.choices.topics(frame.language),
      this.choices.standing(link),
    ]);
    const { maskedAddress } = link;
    const test = link.class === 'test';
    const byMail = link.channel === 'email';
    const shown = { token, maskedAddress, test, byMail, topics, standing, news };
    sendPage(response, <PreferencesPage {...frame} {...shown} />);
  }
}
