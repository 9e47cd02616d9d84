import { Contacts } from '../../../src/features/contacts/contacts.service';
import { Registry } from '../../../src/features/registry/registry.service';
import { SYSTEM } from '../../../src/platform/http/actor';
import { SendGridStub } from '../../provider-stub/sendgrid-stub';
import { timePasses } from '../../setup/passing-time';
import { Service, until } from '../../setup/service';

describe('a person who is erased, or restricted, while a message to them is on its way', () => {
  let stub: SendGridStub;
  let service: Service;

  beforeAll(async () => {
    stub = await SendGridStub.start();
    service = await Service.open({
      EMAIL_CHANNEL: 'sendgrid',
      SENDGRID_API_KEY: 'SG.test',
      SENDGRID_API_URL: stub.url,
      SENDGRID_WEBHOOK_PUBLIC_KEY: stub.events.publicKey,
      BATCH_SIZE: '1',
      SEND_CONCURRENCY: '1',
    });
  });
  afterAll(async () => {
    await service.close();
    await stub.stop();
  });

  const messages = (campaignId: string) =>
    service.db.query<{ id: string; state: string; reason: string | null; code: string | null }>(
      `SELECT m.id, m.state, m.reason, m.outcome_code AS code
       FROM message_status m JOIN dispatch d ON d.id = m.dispatch_id WHERE d.campaign_id = $1`,
      [campaignId],
    );

  async function act(kind: 'erase' | 'restrict', contactId: string, email: string): Promise<void> {
    const address = { channel: 'email' as const, key: service.key(email), version: 1 };
    await service.db.tx(async (tx) => {
      await service.get(Registry).record(tx, [
        {
          kind,
          scope: 'all',
          channel: null,
          address,
          contactId,
          door: 'privacy_officer',
          actor: SYSTEM,
        },
      ]);
      if (kind === 'erase') await service.get(Contacts).remove(tx, [contactId]);
    });
  }

  it.each([
    // An erased person has no address left that a message could be made for.
    ['erase', { state: 'REJECTED', code: 'address_gone' }, { erased: true }],
    ['restrict', { state: 'WITHHELD', reason: 'restricted' }, { restricted: true }],
  ] as const)(
    'fault 32: %s: what was handed over keeps its true state and is matched by its id, and nothing else leaves',
    async (kind, fate, standing) => {
      const emails = [1, 2].map((n) => `${kind}${n}@exempel.example`);
      const topicId = await service.topic(kind);
      const ids = await service.people(
        topicId,
        emails.map((email) => ({ email })),
      );
      let answer = () => {};
      const answered = new Promise<void>((resolve) => (answer = resolve));
      stub.answerNext({ kind: 'accept', until: answered });
      const requests = stub.requests.length;
      const campaignId = await service.launch(topicId, { templateKey: 'enkel' });
      await until(async () => stub.requests.length > requests, 20, 'a request');
      for (const [n, id] of ids.entries()) await act(kind, id, emails[n]!);
      answer();
      const counts = await service.settled(campaignId);
      expect(counts).toMatchObject({ audience: 2, gap: 0, buckets: { accepted: 1 } });
      expect(stub.requests.length).toBe(requests + 1);
      const [sent, other] = (await messages(campaignId)).sort((a) =>
        a.state === 'ACCEPTED' ? -1 : 1,
      );
      expect(other).toMatchObject(fate);

      const event = stub.events.event('delivered', { messageId: sent!.id });
      await stub.events.post(`${service.url}/webhooks/sendgrid/events`, [event]);
      await until(async () => (await service.counts(campaignId)).states.DELIVERED === 1);

      const [gate] = await service.db.query<Record<string, unknown>>(
        `SELECT erased, restricted FROM gate WHERE address_key = ANY($1) AND (erased OR restricted)`,
        [emails.map((email) => service.key(email))],
      );
      expect(gate).toMatchObject(standing);
    },
  );

  it('fault 32: a message that waits for another try never goes to a person who was erased in the meantime', async () => {
    const email = 'vantar@exempel.example';
    const topicId = await service.topic('vantar');
    const [contactId] = await service.people(topicId, [{ email }]);
    stub.answerNext({ kind: 'status', status: 429, retryAfter: '600' });
    const campaignId = await service.launch(topicId, { templateKey: 'enkel' });
    await until(async () => (await messages(campaignId))[0]?.state === 'RETRY_WAIT');
    const requests = stub.requests.length;
    await act('erase', contactId!, email);
    await timePasses(service.db, 600);
    const counts = await service.settled(campaignId);
    expect(counts).toMatchObject({ gap: 0, buckets: { rejected: 1 } });
    expect((await messages(campaignId))[0]).toMatchObject({ code: 'address_gone' });
    expect(stub.requests.length).toBe(requests);
  });
});
