import { Injectable } from '@nestjs/common';
import { Env } from '../../platform/config/env';
import { Database } from '../../platform/database/database';
import type { SentContent } from './campaign-report.dto';
import { LINKS } from './campaign-report.queries';
import { drawClicks } from './draw-clicks';
import { ImpersonalContent } from './impersonal-content';

/** The mail that was sent, with how often each of its links was followed drawn on it. */
@Injectable()
export class ClickMap {
  constructor(
    private readonly env: Env,
    private readonly db: Database,
    private readonly content: ImpersonalContent,
  ) {}

  async of(id: string, language: 'sv' | 'en'): Promise<SentContent> {
    const sent = await this.content.ofCampaign(id);
    const links = await this.db.query<{ code: string; number: number; clicks: number }>(LINKS, [
      id,
    ]);
    const counted = links.map(({ code, ...link }) => ({
      ...link,
      href: this.env.link(`/c/${code}`),
    }));
    return { ...sent, html: sent.html && drawClicks(sent.html, counted, language) };
  }
}
