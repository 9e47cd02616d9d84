import { setTimeout as wait } from 'node:timers/promises';
import { HandOverBatch } from '../../../src/features/delivery/hand-over-batch';
import { SweepDelivery } from '../../../src/features/delivery/sweep-delivery';
import { OptOuts, type OptOutReceipt } from '../../../src/features/registry/opt-outs';
import { RECIPIENT } from '../../../src/platform/http/actor';
import { SendGridStub } from '../../provider-stub/sendgrid-stub';
import { timePasses } from '../../setup/passing-time';
import { Service, until } from '../../setup/service';
import { ProductProcess, type Fault, type FaultPoint } from './product-process';

const PEOPLE = 4;

describe('a process that stands still in mid-campaign', () => {
  let stub: SendGridStub;
  let service: Service;
  let worker: ProductProcess;
  let runs = 0;

  beforeAll(async () => {
    stub = await SendGridStub.start();
    const settings = {
      EMAIL_CHANNEL: 'sendgrid',
      SENDGRID_API_KEY: 'SG.test',
      SENDGRID_API_URL: stub.url,
    };
    // The web server of the test; the campaigns are another process's work.
    service = await Service.open(settings, 'web');
    worker = await ProductProcess.start(service, settings);
  }, 60_000);
  afterAll(async () => {
    await worker.kill();
    await service.close();
    await stub.stop();
  });

  interface Stuck {
    campaignId: string;
    leaver: string;
    /** How long the no took, in ms, and what its page said. */
    took: number;
    receipt: OptOutReceipt;
  }

  /** A campaign whose permit meets the fault, and a no from one of its people while it does. */
  async function stuck(at: FaultPoint, fault: Fault): Promise<Stuck> {
    const key = `run${(runs += 1)}`;
    const topicId = await service.topic(key);
    const emails = Array.from({ length: PEOPLE }, (_, n) => `${key}-${n}@exempel.example`);
    await service.people(
      topicId,
      emails.map((email) => ({ email })),
    );
    worker.next(at, fault);
    const campaignId = await service.launch(topicId, { templateKey: 'enkel' });
    await worker.says(`fault ${fault}`);
    const begun = performance.now();
    const receipt = await service
      .get(OptOuts)
      .byAddress('email', emails[0]!, { door: 'manual_form', actor: RECIPIENT });
    return { campaignId, leaver: emails[0]!, took: performance.now() - begun, receipt };
  }

  /** Everybody but the leaver has got one mail, and the leaver's message says why it was none. */
  async function onlyTheLeaverIsLeftOut({ campaignId, leaver }: Stuck): Promise<void> {
    const counts = await service.settled(campaignId);
    expect(counts).toMatchObject({
      audience: PEOPLE,
      gap: 0,
      withheld: [{ reason: 'suppressed_address', count: 1 }],
      buckets: { accepted: PEOPLE - 1 },
    });
    expect(stub.delivered.map(({ to }) => to)).not.toContain(leaver);
    expect(stub.account().doubled).toBe(0);
  }

  /** A batch whose hand-over failed rests for five seconds, which pass at once here. */
  async function restsAfterAFault(campaignId: string): Promise<void> {
    const resting = () =>
      service.db.query(
        `SELECT FROM batch b JOIN dispatch d ON d.id = b.dispatch_id
         WHERE d.campaign_id = $1 AND b.state = 'PLANNED' AND b.retry_at > clock_timestamp()`,
        [campaignId],
      );
    await until(async () => (await resting()).length > 0, 15, 'the rest after a fault');
    await timePasses(service.db, 5);
  }

  it('fault 17: stopped before its permit, it finds the no when it goes on', async () => {
    const run = await stuck('before_permit', 'stop');
    expect(run.took).toBeLessThan(1_000);
    await wait(2_200);
    worker.signal('SIGCONT');
    await onlyTheLeaverIsLeftOut(run);
  }, 60_000);

  it('fault 17: stopped for so long that another has done its work, it gets no permit at all', async () => {
    const run = await stuck('before_permit', 'stop');
    await timePasses(service.db, 60);
    await service.get(SweepDelivery).run();
    const batches = await service.db.query<{ id: string }>(
      `SELECT b.id FROM batch b JOIN dispatch d ON d.id = b.dispatch_id WHERE d.campaign_id = $1`,
      [run.campaignId],
    );
    for (const { id } of batches) await service.get(HandOverBatch).run(id);
    await onlyTheLeaverIsLeftOut(run);
    const requests = stub.requests.length;
    worker.signal('SIGCONT');
    await wait(2_500);
    expect(stub.requests.length).toBe(requests);
  }, 60_000);

  it('fault 17: stopped inside its permit, it holds a no back for two and a half seconds at most, and has lost the permit', async () => {
    const run = await stuck('in_permit', 'stop');
    process.stdout.write(`a no behind a stopped permit: ${Math.round(run.took)} ms\n`);
    expect(run.took).toBeLessThan(2_500);
    expect(run.receipt.handedOver.inFlight).toBe(0);
    const requests = stub.requests.length;
    worker.signal('SIGCONT');
    await restsAfterAFault(run.campaignId);
    await onlyTheLeaverIsLeftOut(run);
    expect(stub.requests.length).toBe(requests + 1);
  }, 60_000);

  it.each([
    ['fault 17: stopped after its permit', 'stop'],
    ['fault 18: computing for five seconds after its permit', 'block'],
  ] as const)(
    '%s, it starts nothing: the permit is stale, and the no holds',
    async (_, fault) => {
      const requests = stub.requests.length;
      const run = await stuck('after_permit', fault);
      expect(run.took).toBeLessThan(1_000);
      // Ours to keep or break: the page says that one message may be under way.
      expect(run.receipt.handedOver.inFlight).toBe(1);
      if (fault === 'stop') {
        await wait(2_200);
        worker.signal('SIGCONT');
      }
      const attempts = () =>
        service.db.query<{ state: string; attempts: number; code: string | null }>(
          `SELECT DISTINCT m.state, m.attempts, m.outcome_code AS code FROM message_status m
           JOIN dispatch d ON d.id = m.dispatch_id WHERE d.campaign_id = $1 AND m.attempts > 0`,
          [run.campaignId],
        );
      await until(async () => (await attempts())[0]?.code === 'start_too_late', 15, 'the refusal');
      expect(stub.requests.length).toBe(requests);
      await onlyTheLeaverIsLeftOut(run);
      expect(stub.requests.length).toBe(requests + 1);
    },
    60_000,
  );
});
