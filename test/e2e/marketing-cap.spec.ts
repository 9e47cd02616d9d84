import { CheckCampaign } from '../../src/features/campaigns/check-campaign';
import { Campaigns } from '../../src/features/campaigns/campaigns.service';
import { Dispatches } from '../../src/features/delivery/dispatches';
import { SweepDelivery } from '../../src/features/delivery/sweep-delivery';
import { SearchPeople } from '../../src/features/people/search-people';
import { Explain } from '../../src/features/registry/explain';
import { formatDay } from '../../src/features/registry/pages/format';
import { Clock } from '../../src/platform/clock';
import { OPERATOR } from '../../src/platform/http/actor';
import { apiKey } from '../setup/callers';
import { Service, until, type Person } from '../setup/service';

const SMS = { channel: 'sms', templateKey: undefined, body: 'Hej!' };

describe('the most that one person gets', () => {
  let service: Service;
  let tips: string;
  let news: string;
  let people = 0;

  beforeAll(async () => {
    service = await Service.open({ MARKETING_CAP: '2', MARKETING_CAP_DAYS: '10' });
    const noon = new Date(`${new Date().toISOString().slice(0, 10)}T11:00:00Z`);
    jest.spyOn(service.get(Clock), 'now').mockImplementation(() => noon);
    tips = await service.topic('kurstips');
    news = await service.topic('nyhetsbrev');
  });
  afterAll(() => service.close());

  /** And, each time, somebody new to whom everything goes: a campaign is for somebody. */
  async function person(more: Partial<Person> = {}) {
    const email = `ofta${(people += 1)}@exempel.example`;
    const [id] = await service.people(tips, [{ email, ...more }]);
    await service.people(news, [{ email, ...more }]);
    return id!;
  }
  async function sentTo(contactId: string, edits: object = {}, topicId = tips): Promise<string> {
    await person({ phone: `+4670174${1000 + people}` });
    const campaignId = await service.launch(topicId, { ...edits });
    const counts = await service.settled(campaignId);
    expect([counts.gap, counts.buckets.accepted > 0]).toEqual([0, true]);
    return fateIn(campaignId, contactId);
  }
  async function fateIn(campaignId: string, contactId: string): Promise<string> {
    const [row] = await service.db.query<{ state: string; reason: string | null }>(
      `SELECT m.state, m.reason FROM message_status m JOIN dispatch d ON d.id = m.dispatch_id
       WHERE d.campaign_id = $1 AND m.contact_id = $2`,
      [campaignId, contactId],
    );
    return row!.reason ?? row!.state;
  }
  async function daysPass(days: number): Promise<void> {
    for (const table of ['batch', 'message'])
      await service.db.query(
        `UPDATE ${table} SET permit_at = permit_at - make_interval(days => $1)`,
        [days],
      );
  }
  const explained = (contactId: string) => service.get(Explain).contact(contactId, OPERATOR, 'sv');

  it('counts every topic and channel, withholds the next and says so, and ends by itself', async () => {
    const id = await person({ phone: '+46701740606' });
    expect(await sentTo(id)).toBe('ACCEPTED');
    expect((await explained(id)).mayWrite).toBe(true);
    expect(await sentTo(id, SMS, news)).toBe('ACCEPTED');

    const draft = { name: 'Räknad', topicId: tips, templateKey: 'enkel' };
    const { id: counted } = await service.get(Campaigns).create(draft, OPERATOR);
    await person();
    const promised = await service.get(CheckCampaign).audience(counted);
    const campaignId = await service.launch(tips);
    const counts = await service.settled(campaignId);
    expect(promised.withheld).toEqual(counts.withheld);
    expect(promised.gets).toBe(counts.buckets.accepted);
    expect(await fateIn(campaignId, id)).toBe('capped');

    const next = new Date(Date.now() + 10 * 86_400_000);
    const { mayWrite, sentence, addresses } = await explained(id);
    expect(mayWrite).toBe(false);
    expect(sentence).toBe(
      `Får inte någon marknadsföring nu: har fått så många utskick som någon ska få på en tid, nästa tidigast ${formatDay('sv', next)}.`,
    );
    expect(addresses[0]!.topics[0]).toMatchObject({ allowed: false, reason: 'capped' });
    const reachable = await service
      .get(SearchPeople)
      .run({ reachableBy: 'email', limit: 200 }, OPERATOR);
    expect(reachable.items.map((found) => found.id)).not.toContain(id);

    await daysPass(9);
    expect(await sentTo(id)).toBe('capped');
    await daysPass(2);
    expect((await explained(id)).mayWrite).toBe(true);
    expect(await sentTo(id)).toBe('ACCEPTED');
  }, 60_000);

  it('is asked again by the permit: of three campaigns that wait, two go', async () => {
    const id = await person();
    await service.db.query(`UPDATE channel_state SET held_because = 'test', held_at = now()`);
    const campaigns = [
      await service.launch(tips),
      await service.launch(news),
      await service.launch(tips),
    ];
    const runs = service.get(Dispatches);
    const runOf = async (campaignId: string) => (await runs.findByCampaign(campaignId))!;
    for (const campaignId of campaigns)
      await until(async () => Boolean((await runs.findByCampaign(campaignId))?.materialisedAt));
    for (const campaignId of campaigns) {
      expect(await fateIn(campaignId, id)).toBe('PLANNED');
      await runs.pause((await runOf(campaignId)).id);
    }
    await service.db.query('UPDATE channel_state SET held_because = NULL, held_at = NULL');
    const fates: string[] = [];
    for (const campaignId of campaigns) {
      await service.db.query('UPDATE batch SET retry_at = NULL');
      await runs.resume((await runOf(campaignId)).id);
      await service.get(SweepDelivery).run();
      await service.settled(campaignId);
      fates.push(await fateIn(campaignId, id));
    }
    expect(fates).toEqual(['ACCEPTED', 'ACCEPTED', 'capped']);
  }, 60_000);

  it('counts with the person who is kept what the other got before the two were made one', async () => {
    const gone = await person({ externalId: 'borta' });
    const kept = await person({ externalId: 'kvar' });
    expect(await sentTo(gone)).toBe('ACCEPTED');
    const crm = await apiKey(service, 'contacts:write');
    const merged = await fetch(`${service.url}/api/v1/contacts/${kept}/merge`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...crm.headers },
      body: JSON.stringify({ from: gone }),
    });
    expect(merged.status).toBe(204);
    const { id: counted } = await service
      .get(Campaigns)
      .create({ name: 'Räknad', topicId: tips, templateKey: 'enkel' }, OPERATOR);
    const { withheld } = await service.get(CheckCampaign).audience(counted);
    const capped = withheld.find(({ reason }) => reason === 'capped')?.count ?? 0;
    expect(await sentTo(kept)).toBe('capped');
    expect(capped).toBeGreaterThan(0);
  }, 60_000);

  it('does not count what provably never left', async () => {
    const id = await person();
    expect(await sentTo(id)).toBe('ACCEPTED');
    expect(await sentTo(id)).toBe('ACCEPTED');
    await service.db.query(
      `UPDATE message m SET state = 'REJECTED', token = b.permit_token, permit_at = b.permit_at, attempts = 1
       FROM batch b WHERE b.id = m.batch_id AND m.contact_id = $1
         AND m.id = (SELECT max(id::text)::uuid FROM message WHERE contact_id = $1)`,
      [id],
    );
    expect(await sentTo(id)).toBe('ACCEPTED');
    expect(await sentTo(id)).toBe('capped');
  }, 60_000);
});
