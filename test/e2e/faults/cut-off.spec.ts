import { SweepDelivery } from '../../../src/features/delivery/sweep-delivery';
import { SendGridStub } from '../../provider-stub/sendgrid-stub';
import { Cable } from '../../setup/cable';
import { timePasses } from '../../setup/passing-time';
import { Service, until } from '../../setup/service';

const PEOPLE = 10;

describe('a worker that is cut off from its database', () => {
  let stub: SendGridStub;
  let cable: Cable;
  let worker: Service;
  /** Another process, with a way of its own to the same database. */
  let watcher: Service;
  let topicId: string;

  beforeAll(async () => {
    stub = await SendGridStub.start();
    cable = await Cable.toNewDatabase();
    const settings = {
      EMAIL_CHANNEL: 'sendgrid',
      SENDGRID_API_KEY: 'SG.test',
      SENDGRID_API_URL: stub.url,
    };
    watcher = await Service.open(settings, 'web', cable.database);
    worker = await Service.open(settings, 'all', { url: cable.url, drop: async () => undefined });
    topicId = await watcher.topic('nyhetsbrev');
    await watcher.people(
      topicId,
      Array.from({ length: PEOPLE }, (_, n) => ({ email: `kund${n}@exempel.example` })),
    );
  });
  afterAll(async () => {
    await worker.close();
    await watcher.close();
    await cable.drop();
    await stub.stop();
  });

  it.each([
    ['without a word', async () => cable.freeze()],
    ['by a reset', () => cable.pull()],
  ])(
    'fault 20: %s while a request is in flight: the reaper calls it UNKNOWN, the late answer is applied by its token, and nobody is asked twice',
    async (_, cut) => {
      let answer = () => {};
      stub.answerNext({
        kind: 'accept',
        until: new Promise<void>((resolve) => (answer = resolve)),
      });
      const requests = stub.requests.length;
      const campaignId = await watcher.launch(topicId, { templateKey: 'enkel' });
      await until(async () => stub.requests.length > requests, 20, 'a request');
      await cut();
      await timePasses(watcher.db, 60);
      await watcher.get(SweepDelivery).run();
      const { buckets } = await watcher.counts(campaignId);
      expect(buckets).toMatchObject({ unknown: PEOPLE, in_flight: 0, pending: 0 });

      answer();
      await new Promise((resolve) => setTimeout(resolve, 500));
      expect((await watcher.counts(campaignId)).buckets.unknown).toBe(PEOPLE);
      await cable.pull().catch(() => undefined);
      await cable.plugIn();
      const accepted = async () => (await watcher.counts(campaignId)).buckets.accepted;
      await until(async () => (await accepted()) === PEOPLE, 20, 'the late answer');
      await watcher.settled(campaignId);
      expect(stub.requests.length).toBe(requests + 1);
      expect(stub.account().doubled).toBe(0);
    },
    60_000,
  );
});
