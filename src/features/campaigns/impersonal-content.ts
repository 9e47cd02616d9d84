import { Injectable } from '@nestjs/common';
import { Env } from '../../platform/config/env';
import { Database } from '../../platform/database/database';
import { NotFound } from '../../platform/errors';
import { ContentRenderer } from '../content/content-renderer';
import { sampleScope } from '../content/merge-fields';
import { getCampaign } from './campaign';
import type { SentContent } from './campaign-report.dto';

export interface SentVersion {
  version: string;
  name: string;
  topic: string;
}

/** What was sent, to nobody in particular: every fallback is shown, and the links lead to nobody's choices. */
@Injectable()
export class ImpersonalContent {
  constructor(
    private readonly env: Env,
    private readonly db: Database,
    private readonly content: ContentRenderer,
  ) {}

  async ofCampaign(id: string): Promise<SentContent> {
    await getCampaign(this.db, id);
    const [sent] = await this.db.query<SentVersion & Record<string, unknown>>(
      `SELECT d.content_version_id AS version, c.name, t.name_sv AS topic
       FROM campaign c JOIN dispatch d ON d.campaign_id = c.id JOIN topic t ON t.id = d.topic_id
       WHERE c.id = $1`,
      [id],
    );
    if (!sent) throw new NotFound('campaign_not_launched');
    return this.of(sent);
  }

  async of({ version, name, topic }: SentVersion): Promise<SentContent> {
    const content = await this.content.open(version);
    const scope = sampleScope(
      content.language,
      {
        publicUrl: this.env.PUBLIC_URL,
        senderName: this.env.CONTROLLER_NAME,
        campaignName: name,
        topicName: topic,
      },
      false,
    );
    const { subject, htmlHoles, textHoles } = content.renderFor(scope);
    return { subject, html: content.html(htmlHoles) || null, text: content.text(textHoles) };
  }
}
