import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit';
import { Clock } from '../../platform/clock';
import { Database } from '../../platform/database/database';
import { Invalid } from '../../platform/errors';
import type { Actor } from '../../platform/http/actor';
import type { Preview } from '../content/content.dto';
import { ContentService } from '../content/content.service';
import { SendTest } from '../delivery/send-test';
import { getCampaign, isOpen, type Campaign } from './campaign';
import type { AudienceArithmetic } from './campaign-audience';
import type { Sample, TestResult, TestResults } from './campaign-views.dto';
import { Readiness } from './readiness';
import { SmsCostReport, type SmsEstimate } from './sms-cost';

/** Who would get it now, why the others would not, and what text messages to them would cost. */
export interface AudienceCheck extends AudienceArithmetic {
  sms: SmsEstimate | null;
}

/** Enough to see a name that is missing, without reading about more people than needed. */
const SAMPLES = 3;

@Injectable()
export class CheckSteps {
  constructor(
    readonly content: ContentService,
    readonly tests: SendTest,
    readonly costs: SmsCostReport,
  ) {}
}

/** What one does before sending: count, look, send oneself a test. */
@Injectable()
export class CheckCampaign {
  constructor(
    private readonly db: Database,
    private readonly readiness: Readiness,
    private readonly steps: CheckSteps,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  /** Who would get it now, and why the others would not. */
  async audience(id: string): Promise<AudienceCheck> {
    const campaign = await getCampaign(this.db, id);
    const topic = await this.readiness.topic(campaign);
    if (!topic) {
      throw new Invalid('campaign_not_ready', {
        errors: [
          {
            path: 'topicId',
            code: 'topic_missing',
            message: 'välj vilket ämne utskicket hör till',
          },
        ],
      });
    }
    return this.withCost(campaign, await this.readiness.audience.count(campaign, topic.id));
  }

  /** Everything that is missing, as an Invalid; nothing when it could go. */
  async ready(id: string): Promise<{ ready: true; audience: AudienceCheck }> {
    const campaign = await getCampaign(this.db, id);
    const { arithmetic } = await this.readiness.require(campaign);
    return { ready: true, audience: this.withCost(campaign, arithmetic) };
  }

  private withCost(campaign: Campaign, arithmetic: AudienceArithmetic): AudienceCheck {
    return { ...arithmetic, sms: this.steps.costs.estimate(campaign, arithmetic.gets) };
  }

  async preview(id: string, contactId: string | undefined, actor: Actor): Promise<Preview> {
    const campaign = await getCampaign(this.db, id);
    const senderName = campaign.senderName ?? undefined;
    // As blocks the cards would be asked of the catalogue again.
    const blocks = isOpen(campaign) ? (campaign.blocks ?? undefined) : undefined;
    return this.steps.content.preview({ ...campaign, blocks, senderName, contactId }, 'sv', actor);
  }

  /** As three who get it would see it; whoever may not read contacts sees an invented person. */
  async samples(id: string, actor: Actor): Promise<Sample[]> {
    const campaign = await this.readiness.current(await getCampaign(this.db, id));
    const topic = await this.readiness.topic(campaign);
    const people =
      topic && actor.permissions.has('contacts:read')
        ? await this.readiness.audience.some(campaign, topic.id, SAMPLES)
        : [];
    const senderName = campaign.senderName ?? undefined;
    const rendered = await this.steps.content.samples(
      { ...campaign, senderName },
      people.length > 0 ? people : [null],
      actor,
    );
    return rendered.map(({ contactId, scope, subject, html, text }) => ({
      contact:
        contactId === null
          ? null
          : {
              id: contactId,
              name: scope.contact.full_name,
              organisation: scope.organisation.name || null,
            },
      subject,
      html,
      text,
    }));
  }

  async sendTest(id: string, to: string[], actor: Actor): Promise<TestResults> {
    const campaign = await getCampaign(this.db, id);
    const { content, sender, topic } = await this.readiness.require(campaign);
    const contentVersionId = await this.steps.content.freeze(this.db, content);
    const facts = { campaignName: campaign.name, topicSv: topic.nameSv, topicEn: topic.nameEn };
    const results: TestResult[] = [];
    for (const address of to) {
      const outcome = await this.steps.tests.run({
        channel: campaign.channel,
        to: address,
        contentVersionId,
        campaignId: id,
        topicId: topic.id,
        sender,
        facts,
      });
      results.push({ to: address, outcome: outcome.kind });
    }
    await this.db.tx(async (tx) => {
      await tx.query(`UPDATE campaign SET test_sent_at = $2 WHERE id = $1`, [id, this.clock.now()]);
      await this.audit.record(
        tx,
        actor,
        'campaign.test_sent',
        { type: 'campaign', id },
        { count: to.length },
      );
    });
    return { results };
  }
}
