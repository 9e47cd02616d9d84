import { Injectable } from '@nestjs/common';
import { Env } from '../../platform/config/env';
import { Database } from '../../platform/database/database';
import { Invalid, type FieldFault } from '../../platform/errors';
import { ContentService } from '../content/content.service';
import type { FrozenContent } from '../content/compile';
import { toFieldFaults } from '../content/lint/problem-texts';
import type { Sender } from '../delivery/dispatches';
import { SendingHours } from '../delivery/sending-hours';
import { segmentFaultsOf } from './audience-segments';
import { type Campaign, isOpen } from './campaign';
import { type AudienceArithmetic, CampaignAudience } from './campaign-audience';

const HOUR = 3_600_000;

export interface Topic {
  id: string;
  key: string;
  nameSv: string;
  nameEn: string;
}

export interface Ready {
  content: FrozenContent;
  sender: Sender;
  topic: Topic;
  arithmetic: AudienceArithmetic;
  /** With its cards as the catalogue has them, unless somebody has decided already. */
  campaign: Campaign;
}

/** Whether a campaign can go, and everything that is missing, at once. */
@Injectable()
export class Readiness {
  constructor(
    private readonly env: Env,
    private readonly hours: SendingHours,
    private readonly db: Database,
    private readonly content: ContentService,
    readonly audience: CampaignAudience,
  ) {}

  /** Throws one Invalid that names every fault; else what the launch needs. */
  async require(asRead: Campaign): Promise<Ready> {
    const campaign = await this.current(asRead);
    const faults: FieldFault[] = [];
    const topic = await this.topic(campaign);
    if (!topic) {
      faults.push(fault('topicId', 'topic_missing', 'välj vilket ämne utskicket hör till'));
    }
    const content = await this.compile(campaign, faults);
    const sender = this.sender(campaign, topic);
    if (campaign.channel === 'sms' && this.env.smsChannel === 'none') {
      faults.push(fault('channel', 'sms_not_configured', 'sms är inte inkopplat'));
    }
    faults.push(...this.hourFaults(campaign));
    const arithmetic = await this.count(campaign, topic, faults);
    if (faults.length > 0 || !content || !topic || !arithmetic)
      throw new Invalid('campaign_not_ready', { errors: faults });
    return { content, sender, topic, arithmetic, campaign };
  }

  private async count(
    campaign: Campaign,
    topic: Topic | undefined,
    faults: FieldFault[],
  ): Promise<AudienceArithmetic | null> {
    const read = await this.audience.read(this.db, campaign);
    const unasked = segmentFaultsOf(campaign.audience, read);
    faults.push(...unasked);
    if (!topic || unasked.length > 0) return null;
    const arithmetic = await this.audience.count(campaign, topic.id);
    if (read && arithmetic.audience + arithmetic.noOffer === 0) {
      faults.push(fault('audience.segments', 'segments_empty', 'ingen är med i målgrupperna'));
    } else if (arithmetic.gets === 0) {
      faults.push(
        fault('audience', 'no_recipients', 'ingen får utskicket: se varför under mottagare'),
      );
    }
    return arithmetic;
  }

  /** What was decided leaves as it was then; before that, the catalogue is asked. */
  current(campaign: Campaign): Promise<Campaign> {
    return isOpen(campaign) ? this.content.current(campaign) : Promise.resolve(campaign);
  }

  async topic(campaign: Campaign): Promise<Topic | undefined> {
    if (!campaign.topicId) return undefined;
    const [topic] = await this.db.query<Topic & Record<string, unknown>>(
      `SELECT id, key, name_sv AS "nameSv", name_en AS "nameEn" FROM topic
       WHERE id = $1 AND archived_at IS NULL`,
      [campaign.topicId],
    );
    return topic;
  }

  /** From and Reply-To are monitored addresses; the list's id stays the same per topic (RFC 2919). */
  sender(campaign: Campaign, topic: Topic | undefined): Sender {
    const email = campaign.senderEmail ?? this.env.MARKETING_FROM;
    const name = campaign.senderName ?? this.env.CONTROLLER_NAME;
    const domain = email.slice(email.lastIndexOf('@') + 1);
    return {
      from: { email, name },
      replyTo: { email: campaign.replyTo ?? this.env.CONTROLLER_EMAIL, name },
      listId: topic ? `${topic.nameSv} <${topic.key}.${domain}>` : `<utskick.${domain}>`,
    };
  }

  /** Nobody could get it between its first hour and its last. */
  private hourFaults({ channel, sendAt, windowHours }: Campaign): FieldFault[] {
    const waits = this.hours.waiting(channel, sendAt);
    if (!waits || waits.until.getTime() < waits.since.getTime() + windowHours * HOUR) return [];
    const what = channel === 'sms' ? 'sms' : 'mejl';
    return [
      fault(
        'windowHours',
        `outside_${channel}_hours`,
        `${what} skickas bara ${waits.from}–${waits.to}: låt det få ta längre tid`,
      ),
    ];
  }

  private async compile(campaign: Campaign, faults: FieldFault[]): Promise<FrozenContent | null> {
    if (campaign.body.trim() === '') {
      faults.push(fault('body', 'content_missing', 'utskicket saknar innehåll'));
      return null;
    }
    const compiled = await this.content.compile(campaign, campaign.senderName);
    faults.push(...toFieldFaults(compiled.problems, 'sv'));
    return compiled.content;
  }
}

function fault(path: string, code: string, message: string): FieldFault {
  return { path, code, message };
}
