import { Injectable } from '@nestjs/common';
import type { GateReason } from '../../../domain/gate';
import type { MessageState } from '../../../domain/message-state';
import { Env } from '../../../platform/config/env';
import { Database } from '../../../platform/database/database';
import type { Language } from '../../../platform/i18n/i18n';
import { ContentRenderer } from '../../content/content-renderer';
import { sampleScope } from '../../content/merge-fields';
import { MOST, type MyMessages as MessageList, type SentState } from './my-messages.dto';
import { sentTo, withheldFrom, type SentRow } from './my-messages.queries';

/** What each state of a message that left us means to the one it was for. */
const TOLD: Partial<Record<MessageState, SentState>> = {
  HANDED_OVER: 'on_its_way',
  ACCEPTED: 'sent',
  NO_TERMINAL_EVENT: 'sent',
  DELIVERED: 'delivered',
  BOUNCED: 'not_delivered',
  DROPPED: 'not_delivered',
  EXPIRED: 'not_delivered',
  UNKNOWN: 'unknown',
  NO_EVIDENCE: 'unknown',
};
const LEFT_US = Object.keys(TOLD) as MessageState[];

/** Reasons that are a no of the person's own. */
const OWN_NO: readonly GateReason[] = [
  'suppressed_address',
  'suppressed_person',
  'ground_withdrawn',
  'paused',
  'fewer',
];

/** "Det här har vi skickat dig", and how much was not sent because the person had said no. */
@Injectable()
export class MyMessages {
  constructor(
    private readonly db: Database,
    private readonly env: Env,
    private readonly content: ContentRenderer,
  ) {}

  async read(contactId: string, language: Language): Promise<MessageList> {
    const rows = await sentTo(this.db, contactId, LEFT_US, MOST);
    const titles = new Map<string, string>();
    for (const row of rows) {
      if (!titles.has(row.versionId)) titles.set(row.versionId, await this.subject(row));
    }
    return {
      items: rows.map((row) => {
        const topic = language === 'sv' ? row.topicSv : row.topicEn;
        return {
          at: row.at,
          channel: row.channel,
          title: titles.get(row.versionId) || topic,
          topic,
          state: TOLD[row.state]!,
          ground: row.ground,
          groundSince: row.groundSince,
        };
      }),
      withheld: await withheldFrom(this.db, contactId, OWN_NO),
    };
  }

  /** As everybody got it, without a name; empty for a text message. */
  private async subject({ versionId, campaignName, topicSv }: SentRow): Promise<string> {
    const content = await this.content.open(versionId);
    const nobody = {
      publicUrl: this.env.PUBLIC_URL,
      senderName: this.env.CONTROLLER_NAME,
      campaignName,
      topicName: topicSv,
    };
    return content.renderFor(sampleScope(content.language, nobody, false)).subject;
  }
}
