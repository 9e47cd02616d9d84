import { setTimeout as wait } from 'node:timers/promises';
import { Approval } from '../../../src/features/campaigns/approval';
import { Campaigns } from '../../../src/features/campaigns/campaigns.service';
import { LaunchCampaign } from '../../../src/features/campaigns/launch-campaign';
import { SteerCampaign } from '../../../src/features/campaigns/steer-campaign';
import { SweepCampaigns } from '../../../src/features/campaigns/sweep-campaigns';
import { SweepDelivery } from '../../../src/features/delivery/sweep-delivery';
import { toLocal } from '../../../src/domain/schedule';
import { OPERATOR } from '../../../src/platform/http/actor';
import { SendGridStub } from '../../provider-stub/sendgrid-stub';
import { Service, until } from '../../setup/service';

const PEOPLE = 400;

describe('several people, and several processes, at one campaign', () => {
  let stub: SendGridStub;
  let service: Service;
  let other: Service;
  let topicId: string;

  beforeAll(async () => {
    stub = await SendGridStub.start();
    const settings = {
      EMAIL_CHANNEL: 'sendgrid',
      SENDGRID_API_KEY: 'SG.test',
      SENDGRID_API_URL: stub.url,
      BATCH_SIZE: '5',
      SEND_CONCURRENCY: '2',
    };
    service = await Service.open(settings);
    other = await Service.open(settings, 'all', service.database);
    topicId = await service.topic('kurstips');
    await service.people(
      topicId,
      Array.from({ length: PEOPLE }, (_, n) => ({ email: `elev${n}@exempel.example` })),
    );
  });
  afterAll(async () => {
    await other.close();
    await service.close();
    await stub.stop();
  });
  afterEach(() => {
    stub.mode = { kind: 'accept' };
  });

  const buckets = async (campaignId: string) => (await service.counts(campaignId)).buckets;
  const quiet = (campaignId: string) =>
    until(async () => (await buckets(campaignId)).in_flight === 0);
  const draft = () =>
    service
      .get(Campaigns)
      .create({ name: 'Höstens kurser', topicId, templateKey: 'enkel' }, OPERATOR);
  /** Both at the same time: how many got their way. The others are told so. */
  async function both(...acts: (() => Promise<unknown>)[]): Promise<number> {
    const ends = await Promise.allSettled(acts.map((act) => act()));
    for (const end of ends)
      if (end.status === 'rejected') expect(end.reason).toMatchObject({ status: 409 });
    return ends.filter(({ status }) => status === 'fulfilled').length;
  }
  const steer = (what: 'pause' | 'resume' | 'cancel', campaignId: string, at = service) => {
    return () => at.get(SteerCampaign)[what](campaignId, OPERATOR);
  };

  async function onceEach(campaignId: string): Promise<void> {
    const counts = await service.settled(campaignId);
    expect(counts).toMatchObject({ audience: PEOPLE, gap: 0, buckets: { accepted: PEOPLE } });
    expect(stub.account().doubled).toBe(0);
    const runs = await service.db.query(`SELECT FROM dispatch WHERE campaign_id = $1`, [
      campaignId,
    ]);
    expect(runs).toHaveLength(1);
  }

  it('fault 24: launches once, however often the button is pressed and by however many', async () => {
    const { id } = await draft();
    const press = (at: Service) => () => at.get(LaunchCampaign).start(id, OPERATOR);
    expect(
      await both(press(service), press(service), press(other), press(other), press(service)),
    ).toBe(1);
    await onceEach(id);
  });

  it('fault 24: takes up exactly what was left, through ten pauses by two marketers who press twice', async () => {
    stub.mode = { kind: 'accept', delayMs: 60 };
    const campaignId = await service.launch(topicId, { templateKey: 'enkel' });
    await until(async () => ((await buckets(campaignId).catch(() => null))?.accepted ?? 0) > 0);
    for (let round = 0; round < 10; round += 1) {
      const paused = await both(
        steer('pause', campaignId),
        steer('pause', campaignId, other),
        steer('pause', campaignId, other),
      );
      expect(paused).toBe(1);
      await quiet(campaignId);
      const { accepted, pending } = await buckets(campaignId);
      const [row] = await service.db.query<{ planned: number }>(
        `SELECT count(*) AS planned FROM message_status m JOIN dispatch d ON d.id = m.dispatch_id
         WHERE d.campaign_id = $1 AND m.state = 'PLANNED'`,
        [campaignId],
      );
      expect([accepted + pending, row!.planned]).toEqual([PEOPLE, pending]);
      await wait(30);
      expect((await buckets(campaignId)).accepted).toBe(accepted);
      expect(await both(steer('resume', campaignId), steer('resume', campaignId, other))).toBe(1);
      await wait(40);
    }
    await onceEach(campaignId);
  }, 60_000);

  it('fault 24: leaves nobody in doubt when one marketer pauses and the other cancels', async () => {
    stub.mode = { kind: 'accept', delayMs: 60 };
    const campaignId = await service.launch(topicId, { templateKey: 'enkel' });
    await until(async () => ((await buckets(campaignId).catch(() => null))?.accepted ?? 0) > 0);
    const acts = [steer('pause', campaignId), steer('cancel', campaignId, other)];
    expect(await both(...acts)).toBeGreaterThanOrEqual(1);
    await quiet(campaignId);
    const { accepted, cancelled } = await buckets(campaignId);
    expect(accepted + cancelled).toBe(PEOPLE);
    expect(await both(steer('resume', campaignId), steer('cancel', campaignId, other))).toBe(0);
    await wait(2_500);
    expect(await buckets(campaignId)).toMatchObject({ accepted, cancelled });
    expect(stub.account().doubled).toBe(0);
  });

  it('fault 31: makes one run of a campaign that two schedulers and two workers fire at the same time', async () => {
    const { id } = await service.get(Campaigns).create(
      {
        name: 'Schemalagd',
        topicId,
        templateKey: 'enkel',
        sendAtLocal: toLocal(new Date(Date.now() - 60_000), 'Europe/Stockholm').slice(0, 16),
      },
      OPERATOR,
    );
    await service.get(Approval).approve(id, OPERATOR);
    const both = [service, other, service, other];
    await Promise.all(both.map((at) => at.get(SweepCampaigns).run()));
    await Promise.all(both.map((at) => at.get(LaunchCampaign).run(id)));
    await Promise.all(both.map((at) => at.get(SweepDelivery).run()));
    await onceEach(id);
  });
});
