import { Injectable } from '@nestjs/common';
import { type Channel, normaliseAddress } from '../../domain/address';
import { Database } from '../../platform/database/database';
import { Conflict, Invalid } from '../../platform/errors';
import { newId } from '../../platform/ids';
import type { Outcome, Timing } from '../channels/hand-over';
import { AddressKeys } from '../contacts/address-keys';
import { sampleOffers } from '../content/offer-cards';
import { LinkTokens } from '../registry/link-tokens';
import type { CarriedRun } from './carriers/carrier';
import { Carriers } from './carriers/carriers';
import type { Sender } from './dispatches';
import { emailOf } from './open-runs';
import { CALL_SECONDS, START_SECONDS } from './permit';
import { RenderMessage } from './render-message';

export interface TestMessage {
  channel: Channel;
  /** An address or a number, as typed. */
  to: string;
  contentVersionId: string;
  campaignId: string;
  topicId: string;
  sender: Sender;
  facts: { campaignName: string; topicSv: string; topicEn: string };
}

/**
 * One test message: marked as one, links of class `test` that change nothing for anybody. It passes the
 * registry too: marketing content never goes to an address that said no, whoever asks.
 */
@Injectable()
export class SendTest {
  constructor(
    private readonly db: Database,
    private readonly rendering: RenderMessage,
    private readonly keys: AddressKeys,
    private readonly links: LinkTokens,
    private readonly carriers: Carriers,
  ) {}

  async run(test: TestMessage): Promise<Outcome> {
    const address = normaliseAddress(test.channel, test.to);
    if (!address.ok) {
      throw new Invalid('invalid_address', {
        errors: [
          { path: 'to', code: address.code, message: `${test.to} is refused: ${address.code}` },
        ],
      });
    }
    const content = await this.rendering.open(test.contentVersionId);
    const carrier = this.carriers.of(test.channel);
    const messageId = newId();
    const token = this.links.random(test.channel);
    const timing = lifeOf(performance.now());
    await this.permit(test, address.canonical, token);
    const run: CarriedRun = {
      content,
      email: emailOf(content, test.sender, test.campaignId),
      facts: { ...test.facts, senderName: test.sender.from.name },
      dispatch: { campaignId: test.campaignId, windowEnd: null },
    };
    const person = sample(messageId, address.value, content.language);
    const recipient = carrier.recipient(person, token, run);
    const [outcome] = await carrier.handOver(run, [carrier.asTest(recipient)], timing);
    return outcome!;
  }

  private async permit(test: TestMessage, canonical: string, token: string): Promise<void> {
    await this.db.tx(async (tx) => {
      const found = await this.keys.resolve(tx, test.channel, [canonical]);
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
          channel: test.channel,
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

/** From before the permit: the first byte leaves within START_SECONDS of this, or not at all. */
const lifeOf = (begun: number): Timing => ({
  startBy: begun + START_SECONDS * 1000,
  deadline: begun + (START_SECONDS + CALL_SECONDS) * 1000,
});

/** An invented person, so that a test shows how names and companies will look. */
function sample(id: string, to: string, language: 'sv' | 'en') {
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
    kinds: ['company_contact'],
    timeZone: null,
    employer: null,
    organisationName: 'Exempelbolaget AB',
    organisationCity: 'Malmö',
    offers: sampleOffers(language, 'https://www.example.com/'),
  };
}
