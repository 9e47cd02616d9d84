import { Inject, Injectable } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { normaliseEmail } from '../../domain/address';
import { Database } from '../../platform/database/database';
import { Conflict, Invalid } from '../../platform/errors';
import { newId } from '../../platform/ids';
import { EMAIL_CHANNEL, type EmailChannel, type Outcome } from '../channels/email/email-channel';
import { AddressKeys } from '../contacts/address-keys';
import { LinkTokens } from '../registry/link-tokens';
import type { Sender } from './dispatches';
import { CALL_SECONDS, START_SECONDS } from './permit';
import { RenderMessage } from './render-message';

export interface TestMail {
  to: string;
  contentVersionId: string;
  campaignId: string;
  topicId: string;
  sender: Sender;
  facts: { campaignName: string; topicSv: string; topicEn: string };
}

/**
 * One test mail: subject marked, links of class `test` that change nothing for anybody. It passes the
 * registry too: marketing content never goes to an address that said no, whoever asks.
 */
@Injectable()
export class SendTest {
  constructor(
    private readonly db: Database,
    private readonly rendering: RenderMessage,
    private readonly keys: AddressKeys,
    private readonly links: LinkTokens,
    @Inject(EMAIL_CHANNEL) private readonly channel: EmailChannel,
  ) {}

  async run(test: TestMail): Promise<Outcome> {
    const address = normaliseEmail(test.to);
    if (!address.ok) {
      throw new Invalid('invalid_address', {
        errors: [
          { path: 'to', code: address.code, message: `not an email address: ${address.code}` },
        ],
      });
    }
    const content = await this.rendering.open(test.contentVersionId);
    const messageId = newId();
    const token = randomBytes(16).toString('base64url');
    const begun = performance.now();
    await this.permit(test, address.canonical, token);
    const run = { ...test.facts, senderName: test.sender.from.name };
    const scope = this.rendering.scope(sample(messageId, address.value), token, content, run);
    const rendered = content.renderFor(scope);
    const [outcome] = await this.channel.handOver({
      content: {
        htmlPieces: content.htmlPieces,
        textPieces: content.textPieces,
        nonce: content.nonce,
        ...test.sender,
        kind: 'marketing',
      },
      recipients: [
        {
          messageId,
          to: address.value,
          subject: `[TEST] ${rendered.subject}`,
          htmlHoles: rendered.htmlHoles,
          textHoles: rendered.textHoles,
          unsubscribeUrl: scope.links.unsubscribe,
        },
      ],
      startBy: begun + START_SECONDS * 1000,
      deadline: begun + (START_SECONDS + CALL_SECONDS) * 1000,
    });
    return outcome!;
  }

  private async permit(test: TestMail, canonical: string, token: string): Promise<void> {
    await this.db.tx(async (tx) => {
      const found = await this.keys.resolve(tx, 'email', [canonical]);
      const { key } = found.get(canonical)!;
      const [gate] = await tx.query<{ no: boolean }>(
        `SELECT (no_all OR $2 = ANY(no_topics) OR undeliverable_at IS NOT NULL OR restricted OR erased) AS no
         FROM gate WHERE address_key = $1 FOR SHARE`,
        [key, test.topicId],
      );
      if (gate?.no) throw new Conflict('address_said_no');
      await this.links.store(tx, [
        {
          hash: this.links.hash(token),
          class: 'test',
          channel: 'email',
          addressKey: key,
          contactId: null,
          messageId: null,
          campaignId: test.campaignId,
          topicId: test.topicId,
        },
      ]);
    });
  }
}

/** An invented person, so that a test shows how names and companies will look. */
function sample(id: string, to: string) {
  return {
    id,
    to,
    attempts: 0,
    source: 'newsletter_form',
    firstName: 'Kim',
    lastName: 'Exempel',
    title: 'Utbildningsansvarig',
    city: 'Malmö',
    language: 'sv',
    employer: null,
    organisationName: 'Exempelbolaget AB',
    organisationCity: 'Malmö',
  };
}
