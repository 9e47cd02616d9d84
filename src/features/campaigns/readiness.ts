import { Injectable } from '@nestjs/common';
import { offersIn } from '../../domain/offers/offer';
import { Env } from '../../platform/config/env';
import { Database } from '../../platform/database/database';
import { Invalid, type FieldFault } from '../../platform/errors';
import { ContentService } from '../content/content.service';
import type { FrozenContent } from '../content/compile';
import { toFieldFaults } from '../content/lint/problem-texts';
import { Dispatches, type Arithmetic, type Sender } from '../delivery/dispatches';
import { SendingHours } from '../delivery/sending-hours';
import { type Campaign, isOpen } from './campaign';

const HOUR = 3_600_000;

export interface Topic {
  id: string;
  key: string;
  nameSv: string;
  nameEn: string;
}

export interface CampaignArithmetic extends Arithmetic {
  /** Asked for, and not in the audience: there is no course to recommend to them. */
  noOffer: number;
}

export interface Ready {
  content: FrozenContent;
  sender: Sender;
  topic: Topic;
  arithmetic: CampaignArithmetic;
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
    private readonly dispatches: Dispatches,
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
    const arithmetic = topic
      ? await this.arithmetic(campaign, topic)
      : { audience: 0, gets: 0, withheld: [], noOffer: 0 };
    if (topic && arithmetic.gets === 0) {
      faults.push(
        fault('audience', 'no_recipients', 'ingen får utskicket: se varför under mottagare'),
      );
    }
    if (faults.length > 0 || !content || !topic)
      throw new Invalid('campaign_not_ready', { errors: faults });
    return { content, sender, topic, arithmetic, campaign };
  }

  async arithmetic(
    { channel, audience, body }: Campaign,
    topic: Topic,
  ): Promise<CampaignArithmetic> {
    const all = await this.dispatches.arithmetic(topic.id, channel, audience);
    if (offersIn(body) === 0) return { ...all, noOffer: 0 };
    const offered = { ...audience, offered: true };
    const arithmetic = await this.dispatches.arithmetic(topic.id, channel, offered);
    return { ...arithmetic, noOffer: all.audience - arithmetic.audience };
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
