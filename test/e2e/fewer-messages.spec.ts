import { CheckCampaign } from '../../src/features/campaigns/check-campaign';
import { Campaigns } from '../../src/features/campaigns/campaigns.service';
import { Dispatches } from '../../src/features/delivery/dispatches';
import { SweepDelivery } from '../../src/features/delivery/sweep-delivery';
import { Explain } from '../../src/features/registry/explain';
import type { LedgerAct } from '../../src/features/registry/ledger/ledger-act';
import { nextAfter } from '../../src/features/registry/sent-lately';
import { formatDay } from '../../src/features/registry/pages/format';
import { Registry } from '../../src/features/registry/registry.service';
import { Clock } from '../../src/platform/clock';
import { OPERATOR } from '../../src/platform/http/actor';
import { newId } from '../../src/platform/ids';
import { apiKey, learner, type Caller } from '../setup/callers';
import { Service, until, type Person } from '../setup/service';

const SMS = { channel: 'sms', templateKey: undefined, body: 'Hej!' };

describe('fewer messages', () => {
  let service: Service;
  let tips: string;
  let news: string;
  let people = 0;

  beforeAll(async () => {
    service = await Service.open();
    const noon = new Date(`${new Date().toISOString().slice(0, 10)}T11:00:00Z`);
    jest.spyOn(service.get(Clock), 'now').mockImplementation(() => noon);
    tips = await service.topic('kurstips');
    news = await service.topic('nyhetsbrev');
    // Somebody for whom nothing changes: every campaign is for somebody, and goes to them.
    const always = { email: 'alltid@exempel.example', phone: '+46701740605' };
    await service.people(tips, [always]);
    await service.people(news, [always]);
  });
  afterAll(() => service.close());

  async function person(more: Partial<Person> = {}, topicId = tips) {
    const email = `sallan${(people += 1)}@exempel.example`;
    const [id] = await service.people(topicId, [{ email, ...more }]);
    return { id: id!, email, me: await learner(service, id!) };
  }
  const put = async (me: Caller, body: object) => {
    const answer = await fetch(`${service.url}/api/v1/me/preferences`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json', ...me.headers },
      body: JSON.stringify(body),
    });
    return { status: answer.status, ...((await answer.json()) as { fewer?: boolean }) };
  };
  const get = (path: string, { headers }: Pick<Caller, 'headers'>) =>
    fetch(service.url + path, { headers, redirect: 'manual' });
  const form = (path: string, headers: Record<string, string>, action: string) =>
    fetch(service.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: new URLSearchParams({ action }).toString(),
      redirect: 'manual',
    });
  /** What became of a person in a campaign that has just been sent. */
  async function sentTo(contactId: string, edits: object = {}, topicId = tips): Promise<string> {
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
  /** As if everything had been sent so much earlier. */
  async function daysPass(days: number): Promise<void> {
    for (const table of ['batch', 'message'])
      await service.db.query(
        `UPDATE ${table} SET permit_at = permit_at - make_interval(days => $1)`,
        [days],
      );
  }
  const record = (contactId: string, act: Partial<LedgerAct> & Pick<LedgerAct, 'kind' | 'door'>) =>
    service.db.tx((tx) =>
      service
        .get(Registry)
        .record(tx, [
          { scope: 'all', channel: null, address: null, contactId, actor: OPERATOR, ...act },
        ]),
    );
  /** Makes two contacts one, and tells of the address of each whether it gets fewer. */
  async function merge(kept: { id: string; email: string }, gone: { id: string; email: string }) {
    const crm = await apiKey(service, 'contacts:write');
    const merged = await fetch(`${service.url}/api/v1/contacts/${kept.id}/merge`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...crm.headers },
      body: JSON.stringify({ from: gone.id }),
    });
    expect(merged.status).toBe(204);
    const gates = await service.db.query<{ fewer: boolean }>(
      'SELECT fewer FROM gate WHERE address_key = ANY($1::bytea[])',
      [[kept.email, gone.email].map((email) => service.key(email))],
    );
    return gates.map(({ fewer }) => fewer);
  }
  const sentenceOf = async (contactId: string) =>
    (await service.get(Explain).contact(contactId, OPERATOR, 'sv')).sentence;

  it('one goes, the next within thirty days is withheld and says why, and after thirty days one goes again', async () => {
    const { id, me } = await person();
    expect(await put(me, { fewer: true })).toMatchObject({ status: 200, fewer: true });
    expect(await sentenceOf(id)).toBe(
      'Får Kurstips via e-post. Har valt färre utskick: högst ett var trettionde dag.',
    );
    expect(await sentTo(id)).toBe('ACCEPTED');

    const draft = { name: 'Räknad', topicId: tips, templateKey: 'enkel' };
    const { id: counted } = await service.get(Campaigns).create(draft, OPERATOR);
    const promised = await service.get(CheckCampaign).audience(counted);
    const campaignId = await service.launch(tips);
    const counts = await service.settled(campaignId);
    expect(counts.withheld).toEqual([{ reason: 'fewer', count: 1 }]);
    expect(promised.withheld).toEqual(counts.withheld);
    expect(promised.gets).toBe(counts.buckets.accepted);
    expect(await fateIn(campaignId, id)).toBe('fewer');

    const next = formatDay('sv', nextAfter(new Date()));
    expect(await sentenceOf(id)).toBe(
      `Får inte någon marknadsföring nu: har valt färre utskick, nästa tidigast ${next}.`,
    );
    const { addresses } = await service.get(Explain).contact(id, OPERATOR, 'sv');
    expect(addresses[0]!.topics[0]).toMatchObject({ reason: 'fewer', door: 'mina_sidor' });
    const messages = (await (await get('/api/v1/me/messages', me)).json()) as object;
    expect(messages).toMatchObject({ withheld: [{ reason: 'fewer', count: 1 }] });
    expect(await (await get('/mina-sidor/skickat', me)).text()).toContain(
      'Ett utskick stoppades för att du hade valt färre.',
    );

    await daysPass(29);
    expect(await sentTo(id)).toBe('fewer');
    await daysPass(2);
    expect(await sentTo(id)).toBe('ACCEPTED');
    expect(await sentTo(id)).toBe('fewer');
  }, 60_000);

  it('P-72 F-60: is chosen by the link of a mail, and taken back only by the owner, in Mina sidor', async () => {
    const { id, email, me } = await person();
    expect(await sentTo(id)).toBe('ACCEPTED');
    const mail = (await service.mailbox(email)).at(-1)!;
    const link = service.local(/<(.*)>/.exec(mail.headers['List-Unsubscribe']!)![1]!);
    const path = new URL(link).pathname.replace('/u/', '/preferences/');
    const chosen = await (await form(path, {}, 'fewer')).text();
    expect(chosen).toContain('Du har valt färre utskick: högst ett var trettionde dag.');
    expect(await sentTo(id)).toBe('fewer');
    await form(path, {}, 'as-before');
    expect(await sentTo(id)).toBe('fewer');

    const page = await (await get('/mina-sidor', me)).text();
    expect(page).toContain('Du har valt färre utskick: högst ett var trettionde dag.');
    expect(page).toContain('Det här får du av oss nu. E-post: Kurstips.');
    expect((await form('/mina-sidor', {}, 'as-before')).headers.get('location')).toContain('login');
    expect(await sentTo(id)).toBe('fewer');
    expect((await form('/mina-sidor', me.headers, 'as-before')).status).toBe(303);
    expect(await (await get('/mina-sidor', me)).text()).not.toContain('Du har valt färre');
    expect(await sentTo(id)).toBe('ACCEPTED');
    expect((await form('/mina-sidor', me.headers, 'fewer')).status).toBe(303);
    expect(await sentTo(id)).toBe('fewer');
  }, 60_000);

  it('counts a text message for mail, and a mail for text messages', async () => {
    const texted = await person({ phone: '+46701740606' });
    const mailed = await person({ phone: '+46701740607' });
    for (const { me } of [texted, mailed]) await put(me, { fewer: true });
    await daysPass(31);
    expect(await sentTo(texted.id, SMS)).toBe('ACCEPTED');
    expect(await sentTo(texted.id)).toBe('fewer');
    await daysPass(31);
    expect(await sentTo(mailed.id)).toBe('ACCEPTED');
    expect(await sentTo(mailed.id, SMS)).toBe('fewer');
  }, 60_000);

  it('is asked again by the permit: of two campaigns that wait, one goes', async () => {
    const { id, me } = await person();
    await put(me, { fewer: true });
    await service.db.query(`UPDATE channel_state SET held_because = 'test', held_at = now()`);
    const [first, second] = [await service.launch(tips), await service.launch(tips)];
    const runs = service.get(Dispatches);
    for (const campaignId of [first, second])
      await until(async () => Boolean((await runs.findByCampaign(campaignId))?.materialisedAt));
    await runs.pause((await runs.findByCampaign(second))!.id);
    await service.db.query('UPDATE channel_state SET held_because = NULL, held_at = NULL');
    await service.db.query('UPDATE batch SET retry_at = NULL');
    await service.get(SweepDelivery).run();
    await service.settled(first);
    expect(await fateIn(first, id)).toBe('ACCEPTED');
    expect(await fateIn(second, id)).toBe('PLANNED');
    await runs.resume((await runs.findByCampaign(second))!.id);
    await service.settled(second);
    expect(await fateIn(second, id)).toBe('fewer');
  }, 60_000);

  it('holds for the person: at another address that they get later too', async () => {
    const { id, me } = await person();
    await put(me, { fewer: true });
    expect(await sentTo(id)).toBe('ACCEPTED');
    const later = `senare${people}@exempel.example`;
    const key = service.key(later);
    await service.db.query(
      `INSERT INTO address (id, contact_id, channel, value, canonical, address_key, key_version, source, collected_at)
       VALUES ($1, $2, 'email', $3, $3, $4, 1, 'mina_sidor', now())`,
      [newId(), id, later, key],
    );
    await record(id, {
      kind: 'grant',
      scope: 'topic',
      channel: 'email',
      address: { channel: 'email', key, version: 1 },
      topicId: tips,
      ground: 'CONSENT',
      method: 'import_attested',
      door: 'import',
    });
    const campaignId = await service.launch(tips);
    await service.settled(campaignId);
    const fates = await service.db.query(
      `SELECT m.reason FROM message_status m JOIN dispatch d ON d.id = m.dispatch_id
       WHERE d.campaign_id = $1 AND m.contact_id = $2 AND m.address_key = $3`,
      [campaignId, id, key],
    );
    expect(fates).toEqual([{ reason: 'fewer' }]);
  }, 60_000);

  it('goes over to who is kept when two contacts are made one, with what was sent to the other', async () => {
    const gone = await person({ externalId: 'borta' });
    const kept = await person({ externalId: 'kvar' }, news);
    await put(gone.me, { fewer: true });
    await put(kept.me, { fewer: true });
    await put(kept.me, { fewer: false });
    expect(await sentTo(gone.id)).toBe('ACCEPTED');
    expect(await merge(kept, gone)).toEqual([true, true]);
    expect(await sentTo(kept.id, {}, news)).toBe('fewer');
    await daysPass(31);
    expect(await sentTo(kept.id, {}, news)).toBe('ACCEPTED');
    expect(await put(kept.me, { fewer: false })).toMatchObject({ status: 200, fewer: false });
    expect(await sentTo(kept.id, {}, news)).toBe('ACCEPTED');
  }, 60_000);

  it('reaches the addresses that come with another contact, whatever was chosen for these', async () => {
    const [kept, gone] = [await person(), await person()];
    await put(kept.me, { fewer: true });
    for (const fewer of [true, false]) await put(gone.me, { fewer });
    expect(await merge(kept, gone)).toEqual([true, true]);
  });

  it('opens nothing: a restriction, an erasure and a no hold as before when its thirty days are over', async () => {
    const [restricted, erased, left] = [await person(), await person(), await person()];
    for (const { me } of [restricted, erased, left]) await put(me, { fewer: true });
    expect(await sentTo(restricted.id)).toBe('ACCEPTED');
    await record(restricted.id, { kind: 'restrict', door: 'privacy_officer' });
    await record(erased.id, { kind: 'erase', door: 'privacy_officer' });
    await put(left.me, { everythingOff: true });
    await daysPass(31);
    const all = { audience: { members: 'everyone' }, templateKey: 'enkel' };
    expect(await sentTo(restricted.id, all)).toBe('restricted');
    expect(await sentTo(erased.id, all)).toBe('erased');
    expect(await sentTo(left.id, all)).toBe('suppressed_person');
    await put(left.me, { fewer: false });
    expect(await sentTo(left.id, all)).toBe('suppressed_person');
  }, 60_000);
});
