import { SendGridStub } from '../../provider-stub/sendgrid-stub';
import { Service } from '../../setup/service';

const STORM = 1_000;
const CONNECTIONS = 250;

describe('everybody says no at once', () => {
  let stub: SendGridStub;
  let service: Service;
  let topicId: string;
  let links: string[];

  beforeAll(async () => {
    stub = await SendGridStub.start();
    service = await Service.open({
      EMAIL_CHANNEL: 'sendgrid',
      SENDGRID_API_KEY: 'SG.test',
      SENDGRID_API_URL: stub.url,
    });
    topicId = await service.topic('nyhetsbrev');
    const people = Array.from({ length: STORM + 2 }, (_, n) => ({
      email: `p${n}@exempel.example`,
    }));
    await service.people(topicId, people);
    await service.settled(await service.launch(topicId, { templateKey: 'enkel' }));
    links = stub.delivered.map(({ headers }) => headers['List-Unsubscribe']!.slice(1, -1));
  }, 60_000);
  afterAll(async () => {
    await stub.stop();
    await service.close();
  });

  /** All at once, as a proxy lets them through; who is told to come back does so. */
  async function storm(targets: string[]): Promise<void> {
    const begun = performance.now();
    const left = [...targets];
    let comebacks = 0;
    const waits: number[] = [];
    const lane = async () => {
      for (let link = left.pop(); link !== undefined; link = left.pop()) {
        const asked = performance.now();
        const { status, headers } = await fetch(service.local(link), { method: 'POST' });
        waits.push(performance.now() - asked);
        if (status === 200) continue;
        expect([status, headers.get('retry-after')]).toEqual([503, expect.any(String)]);
        comebacks += 1;
        left.push(link);
      }
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, lane));
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    const p99 = Math.round(waits.sort((a, b) => a - b)[Math.floor(waits.length * 0.99)]!);
    process.stdout.write(
      `${targets.length} noes in ${seconds} s, p99 ${p99} ms, ${comebacks} told to come back\n`,
    );
  }

  async function facts() {
    const [row] = await service.db.query<{ noes: number; deadlocks: number; gates: number }>(
      `SELECT (SELECT count(*) FROM ledger_entry WHERE kind = 'opt_out') AS noes,
         (SELECT count(*) FROM gate WHERE no_all) AS gates,
         (SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()) AS deadlocks`,
    );
    return row;
  }

  it(`fault 22: acknowledges ${STORM} noes of one person at the same moment, and records one`, async () => {
    await storm(Array(STORM).fill(links[STORM]) as string[]);
    expect(await facts()).toEqual({ noes: 1, gates: 1, deadlocks: 0 });
  }, 120_000);

  it(`fault 22: acknowledges and records the noes of ${STORM} people at the same moment, in mid-campaign, without a deadlock`, async () => {
    stub.mode = { kind: 'accept', delayMs: 200 };
    const campaignId = await service.launch(topicId, { templateKey: 'enkel' });
    await storm(links.slice(0, STORM));
    const noes = STORM + 1;
    expect(await facts()).toEqual({ noes, gates: noes, deadlocks: 0 });
    const counts = await service.settled(campaignId);
    expect(counts.gap).toBe(0);
    const after = await service.settled(await service.launch(topicId, { templateKey: 'enkel' }));
    expect(after).toMatchObject({
      withheld: [{ reason: 'suppressed_address', count: noes }],
      buckets: { accepted: 1 },
    });
    expect(stub.account().doubled).toBe(0);
  }, 120_000);
});
