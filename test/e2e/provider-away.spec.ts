import { SendGridStub } from '../provider-stub/sendgrid-stub';
import { Service, until } from '../setup/service';

const LEAVERS = 100;

describe('while the provider hangs', () => {
  let stub: SendGridStub;
  let service: Service;

  beforeAll(async () => {
    stub = await SendGridStub.start();
    service = await Service.open({
      EMAIL_CHANNEL: 'sendgrid',
      SENDGRID_API_KEY: 'SG.test',
      SENDGRID_API_URL: stub.url,
      BATCH_SIZE: '50',
    });
  });
  afterAll(async () => {
    await stub.stop();
    await service.close();
  });

  it('P-12 opts people out within a second each, and withholds what had not left', async () => {
    const topicId = await service.topic('nyhetsbrev');
    const people = Array.from({ length: 400 }, (_, n) => ({ email: `kund${n}@exempel.example` }));
    await service.people(topicId, people);
    await service.settled(await service.launch(topicId, { templateKey: 'enkel' }));
    const links = stub.delivered.map(({ headers }) => headers['List-Unsubscribe']!.slice(1, -1));

    stub.mode = { kind: 'hang' };
    const campaignId = await service.launch(topicId, { templateKey: 'enkel' });
    await until(async () => {
      const counts = await service.counts(campaignId).catch(() => null);
      return (counts?.buckets.in_flight ?? 0) > 0;
    });
    const took: number[] = [];
    for (const link of links.slice(0, LEAVERS)) {
      const begun = performance.now();
      const answer = await fetch(service.local(link), { method: 'POST' });
      took.push(performance.now() - begun);
      expect(answer.status).toBe(200);
    }
    expect((await service.counts(campaignId)).buckets.in_flight).toBeGreaterThan(0);
    took.sort((a, b) => a - b);
    expect(took[Math.floor(LEAVERS * 0.99) - 1]).toBeLessThan(1000);

    stub.mode = { kind: 'accept' };
    await until(async () => (await service.counts(campaignId)).buckets.in_flight === 0);
    const [open] = await service.db.query<{ n: number }>(
      `SELECT count(*) AS n FROM gate g JOIN message_status m USING (address_key) JOIN dispatch d ON d.id = m.dispatch_id
       WHERE d.campaign_id = $1 AND g.no_all AND m.state NOT IN ('WITHHELD', 'UNKNOWN', 'PLANNED', 'RETRY_WAIT')`,
      [campaignId],
    );
    expect(open!.n).toBe(0);
  }, 60_000);
});
