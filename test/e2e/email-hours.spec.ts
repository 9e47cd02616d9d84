import { Campaigns } from '../../src/features/campaigns/campaigns.service';
import { DescribeCampaign } from '../../src/features/campaigns/describe-campaign';
import { WatchCampaign } from '../../src/features/campaigns/watch-campaign';
import { SweepDelivery } from '../../src/features/delivery/sweep-delivery';
import { Clock } from '../../src/platform/clock';
import { OPERATOR } from '../../src/platform/http/actor';
import { Service, until } from '../setup/service';

describe('hours for email', () => {
  let service: Service;
  let topicId: string;
  let now = new Date();
  // By the clock of Stockholm in winter, on a day to come: what the database itself says of the time must lie before.
  const year = new Date().getUTCFullYear() + 1;
  const at = (hour: number) => new Date(Date.UTC(year, 0, 12, hour - 1));

  beforeAll(async () => {
    service = await Service.open({ EMAIL_HOURS: '07:00-21:00' });
    jest.spyOn(service.get(Clock), 'now').mockImplementation(() => now);
    topicId = await service.topic('nyhetsbrev');
    await service.people(topicId, [
      { email: 'hemma@exempel.example' },
      { email: 'borta@exempel.example' },
    ]);
    await service.db.query(
      `UPDATE contact SET time_zone = 'America/New_York'
       WHERE id = (SELECT contact_id FROM address WHERE value = 'borta@exempel.example')`,
    );
  });
  afterAll(() => service.close());

  const anew = async () => {
    await service.db.query('UPDATE batch SET retry_at = NULL');
    await service.get(SweepDelivery).run();
  };
  const waits = (campaignId: string) =>
    until(async () => {
      const [batch] = await service.db.query<{ rests: boolean }>(
        `SELECT b.state = 'PLANNED' AND b.retry_at > now() + interval '1 hour' AS rests
         FROM batch b JOIN dispatch d ON d.id = b.dispatch_id WHERE d.campaign_id = $1`,
        [campaignId],
      );
      return batch?.rests === true;
    });

  it('a mail waits for its hour by its own recipient’s clock, and the campaign says until when', async () => {
    now = at(22);
    const morning = new Date(at(7).getTime() + 86_400_000);
    const draft = { name: 'Sent', topicId, templateKey: 'enkel', windowHours: 72 };
    const { id } = await service.get(Campaigns).create(draft, OPERATOR);
    const told = { from: '07:00', to: '21:00', since: now, until: morning };
    expect((await service.get(DescribeCampaign).run(id)).waits).toEqual(told);

    // In New York it is four in the afternoon.
    const campaignId = await service.launch(topicId, { windowHours: 72 });
    await until(async () => (await service.mailbox('borta@exempel.example')).length === 1);
    await waits(campaignId);
    expect(await service.mailbox('hemma@exempel.example')).toEqual([]);
    const { waits: still } = await service.get(WatchCampaign).progress(campaignId);
    expect(still).toEqual(told);

    now = morning;
    expect((await service.get(WatchCampaign).progress(campaignId)).waits).toBeNull();
    await anew();
    const counts = await service.settled(campaignId);
    expect([counts.gap, counts.buckets.accepted]).toEqual([0, 2]);
    expect(await service.mailbox('hemma@exempel.example')).toHaveLength(1);
  }, 60_000);

  it('what nobody could get between its first hour and its last is refused before', async () => {
    now = at(22);
    await expect(service.launch(topicId, { windowHours: 2 })).rejects.toMatchObject({
      code: 'campaign_not_ready',
      errors: [expect.objectContaining({ path: 'windowHours', code: 'outside_email_hours' })],
    });
  });

  it('a campaign that is planned for the day does not wait', async () => {
    now = at(22);
    const draft = { name: 'Dag', topicId, templateKey: 'enkel', timeZone: 'Europe/Stockholm' };
    const { id } = await service
      .get(Campaigns)
      .create({ ...draft, sendAtLocal: `${year}-01-14T09:00` } as never, OPERATOR);
    expect((await service.get(DescribeCampaign).run(id)).waits).toBeNull();
  });
});
