import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit';
import { Database } from '../../platform/database/database';
import { NotFound } from '../../platform/errors';
import type { Actor } from '../../platform/http/actor';
import { isUuid } from '../../platform/ids';
import { ViewMessage } from '../delivery/view-message';
import { contactOfId } from '../registry/opt-outs.queries';
import type { SeenMessage } from './timeline.dto';
import { wasMade } from './timeline.queries';

/** "What did you send me?": a message as the person got it. */
@Injectable()
export class SeenMessages {
  constructor(
    private readonly db: Database,
    private readonly messages: ViewMessage,
    private readonly audit: Audit,
  ) {}

  /** Throws NotFound `message_not_found`, also for another person's and for what never left. */
  async get(contactId: string, messageId: string, reader: Actor): Promise<SeenMessage> {
    const known = isUuid(contactId) && isUuid(messageId);
    const person = known ? await contactOfId(this.db, contactId) : null;
    const made = person !== null && (await wasMade(this.db, person, messageId));
    const rendered = made ? await this.messages.forStaff(messageId) : null;
    if (!rendered) throw new NotFound('message_not_found');
    const subject = { type: 'contact', id: person };
    await this.audit.record(this.db, reader, 'contact.message_read', subject, { messageId });
    return { id: messageId, ...rendered };
  }
}
