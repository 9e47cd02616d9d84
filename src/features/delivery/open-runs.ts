import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database';
import type { EmailContent } from '../channels/email/email-channel';
import type { OpenContent } from '../content/content-renderer';
import { Dispatches, type Dispatch, type Sender } from './dispatches';
import { RenderMessage, type RunFacts } from './render-message';

/** What all batches of a run share, read once per process. Only what never changes: not the run's state. */
export interface OpenRun {
  dispatch: Omit<Dispatch, 'state' | 'audience' | 'cursor' | 'materialisedAt' | 'finishedAt'>;
  content: OpenContent;
  /** The same object for the whole run: channels keep encoded forms of it by identity. */
  email: EmailContent;
  facts: RunFacts;
}

const KEPT_OPEN = 32;

/** The runs this process is sending. */
@Injectable()
export class OpenRuns {
  private readonly opened = new Map<string, Promise<OpenRun>>();

  constructor(
    private readonly db: Database,
    private readonly dispatches: Dispatches,
    private readonly rendering: RenderMessage,
  ) {}

  open(dispatchId: string): Promise<OpenRun> {
    const known = this.opened.get(dispatchId);
    this.opened.delete(dispatchId);
    const open = known ?? this.read(dispatchId);
    this.opened.set(dispatchId, open);
    if (this.opened.size > KEPT_OPEN) this.opened.delete(this.opened.keys().next().value!);
    return open;
  }

  private async read(id: string): Promise<OpenRun> {
    try {
      const dispatch = await this.dispatches.get(id);
      const content = await this.rendering.open(dispatch.contentVersionId);
      const email = emailOf(content, dispatch.sender, dispatch.campaignId);
      return { dispatch, content, email, facts: await this.facts(dispatch) };
    } catch (cause) {
      this.opened.delete(id);
      throw cause;
    }
  }

  private async facts({ id, campaignId, topicId, sender }: Dispatch): Promise<RunFacts> {
    const [row] = await this.db.query<Omit<RunFacts, 'senderName'>>(
      `SELECT campaign.name AS "campaignName", topic.name_sv AS "topicSv", topic.name_en AS "topicEn"
       FROM campaign, topic WHERE campaign.id = $1 AND topic.id = $2`,
      [campaignId, topicId],
    );
    if (!row) throw new Error(`dispatch ${id} has lost its campaign or topic`);
    return { ...row, senderName: sender.from.name };
  }
}

/** What all mails of a campaign share. */
export function emailOf(content: OpenContent, sender: Sender, campaignId: string): EmailContent {
  return {
    htmlPieces: content.htmlPieces,
    textPieces: content.textPieces,
    nonce: content.nonce,
    ...sender,
    kind: 'marketing',
    campaignId,
  };
}
