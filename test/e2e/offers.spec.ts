import type { Block } from '../../src/domain/blocks/block';
import { Approval } from '../../src/features/campaigns/approval';
import { Campaigns } from '../../src/features/campaigns/campaigns.service';
import { CheckCampaign } from '../../src/features/campaigns/check-campaign';
import { LaunchCampaign } from '../../src/features/campaigns/launch-campaign';
import { OPERATOR } from '../../src/platform/http/actor';
import { newId } from '../../src/platform/ids';
import { SendGridStub } from '../provider-stub/sendgrid-stub';
import { apiKey, type Caller } from '../setup/callers';
import { Service } from '../setup/service';

const RECOMMENDED: Block = {
  id: 'kort',
  type: 'course',
  kicker: 'För dig',
  picture: null,
  heading: '',
  text: [],
  link: { label: 'Till kursen', url: '' },
  source: { from: 'recommended', most: 2 },
};
const MAIL = { subject: 'Nästa steg', preheader: 'Kurser för dig', blocks: [RECOMMENDED] };

describe('courses that suit the reader', () => {
  let stub: SendGridStub;
  let service: Service;
  let topicId: string;
  let system: Caller;
  let people: Record<string, string>;

  beforeAll(async () => {
    stub = await SendGridStub.start();
    service = await Service.open({
      EMAIL_CHANNEL: 'sendgrid',
      SENDGRID_API_KEY: 'SG.test',
      SENDGRID_API_URL: stub.url,
    });
    topicId = await service.topic('kurstips');
    system = await apiKey(service, 'learning:write', 'contacts:read', 'templates:read');
    await course('excel-1', { name: 'Excel grund', subject: 'Excel', level: 1 });
    await course('excel-2', { name: 'Excel <fort> & vidare', subject: 'Excel', level: 2 });
    await course('spanska-1', { name: 'Spanska A1', subject: 'Spanska', level: 1 });
    await course('spanska-2', { name: 'Spanska A2', subject: 'Spanska', level: 2 });
    const names = ['anna', 'bo', 'cia', 'dan'];
    const ids = await service.people(
      topicId,
      names.map((name) => ({ email: `${name}@exempel.example` })),
    );
    people = Object.fromEntries(names.map((name, n) => [name, ids[n]!]));
    await finished('anna', 'excel-1');
    await finished('bo', 'spanska-1');
    await service.db.query(`UPDATE contact SET language = 'en' WHERE id = $1`, [people.bo]);
    // Has finished something, and may not be profiled.
    await finished('dan', 'excel-1');
    await service.db.query('UPDATE contact SET minor = true WHERE id = $1', [people.dan]);
  });
  afterAll(async () => {
    await service?.close();
    await stub?.stop();
  });

  const course = (id: string, more: object) =>
    call('PUT', `/courses/${id}`, {
      description: `Om ${id}.`,
      url: `https://kurser.example/${id}`,
      ...more,
    });

  const finished = (name: string, externalId: string) =>
    service.db.query(
      `INSERT INTO learner_event (event_id, contact_id, course_id, kind, occurred_at, received_at)
       SELECT $1, $2, id, 'completed', now(), now() FROM course WHERE external_id = $3`,
      [newId(), people[name], externalId],
    );

  async function call(verb: string, path: string, body?: object): Promise<Record<string, unknown>> {
    const answer = await fetch(`${service.url}/api/v1${path}`, {
      method: verb,
      headers: { 'content-type': 'application/json', ...system.headers },
      body: body && JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
    return JSON.parse(text) as Record<string, unknown>;
  }

  const draft = (blocks: Block[] = [RECOMMENDED]) =>
    service.get(Campaigns).create({ name: 'Prov', topicId, ...MAIL, blocks } as never, OPERATOR);

  const delivered = (name: string) => {
    const mail = stub.delivered.findLast(({ to }) => to === `${name}@exempel.example`);
    if (!mail) throw new Error(`nothing for ${name}`);
    return mail;
  };

  async function page(name: string, kind: 'view' | 'why', lang = 'sv'): Promise<string> {
    const token = /\/u\/([\w-]{22})/.exec(delivered(name).html)![1]!;
    const link = `${service.url}/${kind}/${token}?lang=${lang}`;
    return (await fetch(link)).text();
  }

  it('are counted out where there is none, and the examples are people who get some', async () => {
    const { id } = await draft();
    const check = service.get(CheckCampaign);
    expect(await check.audience(id)).toMatchObject({ audience: 2, gets: 2, noOffer: 2 });
    const samples = await check.samples(id, OPERATOR);
    const shown = Object.fromEntries(samples.map(({ contact, text }) => [contact?.id, text]));
    expect(Object.keys(shown).sort()).toEqual([people.anna, people.bo].sort());
    expect(shown[people.anna!]).toContain('Eftersom du har slutfört Excel grund.');
    expect(shown[people.bo!]).toContain('Because you have completed Spanska A1.');
  });

  it('are shown for one person while one writes, and it is said when there are none', async () => {
    const preview = (contactId?: string) =>
      call('POST', '/templates/preview', { ...MAIL, contactId });
    expect(await preview(people.anna)).toMatchObject({ offered: 1, problems: [] });
    for (const nobody of [people.cia, people.dan]) {
      const { offered, text } = await preview(nobody);
      expect(offered).toBe(0);
      expect(text).not.toContain('Eftersom');
    }
    expect(await preview()).not.toHaveProperty('offered');
  });

  it('reach each person in their own mail, and nobody else is written to', async () => {
    const { id } = await draft();
    await service.get(LaunchCampaign).start(id, OPERATOR);
    const { audience, gap } = await service.settled(id);
    expect({ audience, gap }).toEqual({ audience: 2, gap: 0 });
    expect(stub.delivered.map(({ to }) => to).sort()).toEqual([
      'anna@exempel.example',
      'bo@exempel.example',
    ]);
    const anna = delivered('anna');
    expect(anna.html).toContain('Excel &lt;fort&gt; &amp; vidare');
    expect(anna.html).toContain('href="https://kurser.example/excel-2"');
    for (const part of [anna.html, anna.text]) {
      expect(part).toContain('Eftersom du har slutfört Excel grund.');
      expect(part).not.toContain('Spanska');
    }
    const bo = delivered('bo');
    expect(bo.text).toContain('Because you have completed Spanska A1.');
    expect(bo.html).not.toContain('Excel');
  });

  it('are told to whoever asks what we know of the person', async () => {
    expect(await call('GET', `/contacts/${people.anna}/learning`)).toMatchObject({
      offers: [{ course: 'Excel <fort> & vidare', rule: 'next_level', because: 'Excel grund' }],
    });
  });

  it('stay what they were in the browser and on the page that says why, whatever the catalogue says later', async () => {
    await course('excel-2', { name: 'Något annat', subject: 'Annat', level: 9, archived: true });
    const view = await page('anna', 'view');
    expect(view).toContain('Excel &lt;fort&gt; &amp; vidare');
    expect(view).toContain('Eftersom du har slutfört Excel grund.');
    const why = await page('anna', 'why');
    expect(why).toContain(
      'Du fick Excel &lt;fort&gt; &amp; vidare därför att du har slutfört Excel grund.',
    );
    expect(await page('bo', 'why', 'en')).toContain(
      'You got Spanska A2 because you have completed Spanska A1.',
    );
  });

  it('are forgotten when the person says no, and the mail is still there to be read', async () => {
    const offers = () => service.db.query('SELECT 1 FROM message_offer');
    expect(await offers()).toHaveLength(2);
    const token = /\/u\/([\w-]{22})/.exec(delivered('anna').html)![1]!;
    await fetch(`${service.url}/u/${token}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'List-Unsubscribe=One-Click',
    });
    expect(await offers()).toHaveLength(1);
    expect(await page('anna', 'why')).not.toContain('Excel');
    const view = await page('anna', 'view');
    expect(view).toContain('Kurser för dig');
    expect(view).not.toContain('Excel');
  });

  const OF_CATALOGUE: Block = {
    ...(RECOMMENDED as Extract<Block, { type: 'course' }>),
    source: { from: 'catalogue', course: 'spanska-1' },
  };

  it('a card of the catalogue says what the catalogue said at the approval', async () => {
    const { id } = await draft([OF_CATALOGUE]);
    await course('spanska-1', { name: 'Spanska för alla', url: 'https://kurser.example/ny' });
    const approved = await service.get(Approval).approve(id, OPERATOR);
    expect(approved.blocks).toMatchObject([
      {
        heading: 'Spanska för alla',
        link: { label: 'Till kursen', url: 'https://kurser.example/ny' },
      },
    ]);
    await course('spanska-1', { name: 'Ändrad igen' });
    await service.get(LaunchCampaign).start(id, OPERATOR);
    await service.settled(id);
    expect(delivered('bo').text).toContain('Spanska för alla');
    expect(delivered('bo').text).not.toContain('Ändrad igen');
  });

  it('a card of the catalogue stops the mail when its course is no longer given', async () => {
    const { id } = await draft([OF_CATALOGUE]);
    await course('spanska-1', { name: 'Spanska', archived: true });
    const refused = service.get(Approval).approve(id, OPERATOR);
    await expect(refused).rejects.toMatchObject({
      errors: [expect.objectContaining({ code: 'link_missing' })],
    });
    const { problems } = await call('POST', '/templates/preview', {
      ...MAIL,
      blocks: [OF_CATALOGUE],
    });
    expect(problems).toMatchObject([{ code: 'link_missing', block: 'kort' }]);
  });
});
