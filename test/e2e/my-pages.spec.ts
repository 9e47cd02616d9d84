import type { Learning } from '../../src/features/contacts/learning/known/known-learning.dto';
import { Explain } from '../../src/features/registry/explain';
import { SweepDelivery } from '../../src/features/delivery/sweep-delivery';
import { Clock } from '../../src/platform/clock';
import { OPERATOR } from '../../src/platform/http/actor';
import { learner, type Caller } from '../setup/callers';
import { declaredRoutes } from '../setup/routes';
import { Service, until } from '../setup/service';

interface Choices {
  language: string;
  person: { firstName: string };
  addresses: { channel: string }[];
  topics: {
    key: string;
    channels: Record<'email' | 'sms', { on: boolean; since: string; door: string } | null>;
  }[];
  everythingOff: { since: string; door: string } | null;
  pausedUntil: string | null;
  fewer: boolean;
}

describe('Mina sidor', () => {
  let service: Service;
  let topicId: string;
  let people = 0;

  beforeAll(async () => {
    service = await Service.open({ BATCH_SIZE: '10' });
    const noon = new Date(`${new Date().toISOString().slice(0, 10)}T11:00:00Z`);
    jest.spyOn(service.get(Clock), 'now').mockImplementation(() => noon);
    topicId = await service.topic('kurstips');
    await service.topic('nyhetsbrev');
  });
  afterAll(() => service.close());

  async function person(): Promise<{ id: string; email: string; me: Caller }> {
    const email = `elev${(people += 1)}@exempel.example`;
    const [id] = await service.people(topicId, [{ email, firstName: 'Åsa' }]);
    return { id: id!, email, me: await learner(service, id!) };
  }
  const get = (path: string, { headers }: Pick<Caller, 'headers'>) =>
    fetch(service.url + path, { headers, redirect: 'manual' });
  const read = async (me: Caller): Promise<Choices> =>
    (await (await get('/api/v1/me/preferences', me)).json()) as Choices;
  const put = (me: Caller, body: object) =>
    fetch(`${service.url}/api/v1/me/preferences`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json', ...me.headers },
      body: JSON.stringify(body),
    });
  const post = (path: string, { headers }: Pick<Caller, 'headers'>, fields: [string, string][]) =>
    fetch(service.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: new URLSearchParams(fields).toString(),
      redirect: 'manual',
    });
  const form = (me: Caller, ...fields: [string, string][]) => post('/mina-sidor', me, fields);
  const emailOf = (choices: Choices, key = 'kurstips') =>
    choices.topics.find((topic) => topic.key === key)!.channels.email!;
  async function link(email: string): Promise<string> {
    const campaignId = await service.launch(topicId);
    await service.settled(campaignId);
    const mail = (await service.mailbox(email)).at(-1)!;
    return service.local(/<(.*)>/.exec(mail.headers['List-Unsubscribe']!)![1]!);
  }

  it('D-01: a change there is seen at once at the link, at the service desk and by the API', async () => {
    const { id, email, me } = await person();
    const url = await link(email);
    const answer = await form(me, ['action', 'save'], ['was', 'kurstips:email']);
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toBe('/mina-sidor?news=saved');
    const page = await (await get('/mina-sidor?news=saved', me)).text();
    expect(page).toContain('Sparat.');
    expect(page).toContain('Du får ingen marknadsföring av oss.');
    expect(page).toMatch(/Av sedan [^<]+, på Mina sidor/);
    expect(page).not.toContain('checked=""');
    const preferences = await (await fetch(url.replace('/u/', '/preferences/'))).text();
    expect(preferences).not.toContain('Sluta skicka Kurstips');
    const { addresses } = await service.get(Explain).contact(id, OPERATOR, 'sv');
    const verdict = addresses[0]!.topics.find(({ topicKey }) => topicKey === 'kurstips');
    expect(verdict).toMatchObject({ allowed: false, door: 'mina_sidor' });
    expect(emailOf(await read(me))).toMatchObject({ on: false, door: 'mina_sidor' });
  });

  it('D-01 F-29: a no at the link is shown there, with where and when', async () => {
    const { email, me } = await person();
    const url = await link(email);
    expect(emailOf(await read(me))).toMatchObject({ on: true, door: 'import' });
    expect((await fetch(url, { method: 'POST' })).status).toBe(200);
    const choices = await read(me);
    expect(choices.everythingOff).toMatchObject({ door: 'link' });
    expect(emailOf(choices)).toMatchObject({ on: false, door: 'link' });
    const page = await (await get('/mina-sidor', me)).text();
    expect(page).toMatch(/Du sa nej [^<]+, via länken i ett mejl\./);
    expect(page).not.toContain('value="all"');
  });

  it('D-01: turned off while a campaign runs, nothing more is handed over', async () => {
    const { email, me } = await person();
    await service.db.query(`UPDATE channel_state SET held_because = 'test', held_at = now()`);
    const campaignId = await service.launch(topicId);
    await until(async () => {
      const [row] = await service.db.query<{ planned: number }>(
        `SELECT count(*)::int AS planned FROM message_status m JOIN address a ON a.id = m.address_id
         WHERE a.value = $1 AND m.state IN ('PLANNED', 'CLAIMED', 'RETRY_WAIT')`,
        [email],
      );
      return row!.planned === 1;
    });
    const answer = await put(me, { topics: [{ key: 'kurstips', channel: 'email', on: false }] });
    expect(answer.status).toBe(200);
    await service.db.query('UPDATE channel_state SET held_because = NULL, held_at = NULL');
    await service.db.query('UPDATE batch SET retry_at = NULL');
    await service.get(SweepDelivery).run();
    await service.settled(campaignId);
    expect(await service.mailbox(email)).toEqual([]);
    const { withheld } = (await (await get('/api/v1/me/messages', me)).json()) as {
      withheld: unknown;
    };
    expect(withheld).toEqual([{ reason: 'suppressed_person', count: 1 }]);
    expect(await (await get('/mina-sidor/skickat', me)).text()).toContain(
      'Ett utskick stoppades för att du hade sagt nej.',
    );
  });

  it('P-14: a no said from a mailbox is lifted by who logged in by a link to it, and by no other log-in', async () => {
    const { id, email, me } = await person();
    expect((await fetch(await link(email), { method: 'POST' })).status).toBe(200);
    const turnOn: [string, string][] = [
      ['was', ''],
      ['on', 'kurstips:email'],
    ];
    const [session] = await service.db.query<{ key: Buffer }>(
      'SELECT mailbox_key AS key FROM learner_session WHERE contact_id = $1',
      [id],
    );
    const prove = (key: Buffer | null) =>
      service.db.query('UPDATE learner_session SET mailbox_key = $2 WHERE contact_id = $1', [
        id,
        key,
      ]);
    await prove(null);
    const refused = await form(me, ...turnOn);
    expect(refused.status).toBe(409);
    expect(await refused.text()).toMatch(/Från e•••@e•••\.example har du sagt nej/);
    expect(emailOf(await read(me)).on).toBe(false);
    await prove(session!.key);
    expect((await form(me, ...turnOn)).status).toBe(303);
    expect(emailOf(await read(me))).toMatchObject({ on: true, door: 'mina_sidor' });
  });

  it('a page that has lain open while one said no elsewhere is no new yes', async () => {
    const { me } = await person();
    const fields: [string, string][] = [
      ['action', 'save'],
      ['was', 'kurstips:email'],
      ['on', 'kurstips:email'],
    ];
    await put(me, { everythingOff: true });
    await form(me, ...fields);
    expect((await read(me)).everythingOff).not.toBeNull();
    await form(me, ['action', 'save'], ['was', ''], ['on', 'kurstips:email']);
    expect(emailOf(await read(me))).toMatchObject({ on: true, door: 'mina_sidor' });
  });

  it('D-01: a no is kept on the page when a yes beside it is refused, and the page says so', async () => {
    const { me } = await person();
    const answer = await form(
      me,
      ['action', 'save'],
      ['was', 'kurstips:email'],
      ['on', 'nyhetsbrev:sms'],
    );
    expect(answer.status).toBe(409);
    const page = await answer.text();
    expect(page).toContain('Lägg först till ditt mobilnummer');
    expect(page).toContain('Det du stängde av och det andra du ändrade är sparat.');
    expect(emailOf(await read(me))).toMatchObject({ on: false, door: 'mina_sidor' });
  });

  it('F-69: takes a post from its own pages in a browser that says only the origin, from no other', async () => {
    const { me } = await person();
    const from = (origin: string) => ({ headers: { cookie: me.headers.cookie!, origin } });
    for (const path of ['/mina-sidor', '/mina-sidor/telefon', '/mina-sidor/skickat']) {
      // Under no-referrer the browser would say `Origin: null`.
      const { headers } = await get(path, me);
      expect([path, headers.get('referrer-policy')]).toEqual([path, 'same-origin']);
    }
    const all: [string, string][] = [['action', 'all']];
    for (const origin of ['https://evil.example', 'null']) {
      expect((await post('/mina-sidor', from(origin), all)).status).toBe(403);
    }
    expect((await read(me)).everythingOff).toBeNull();
    const own = from(new URL(service.env.PUBLIC_URL).origin);
    expect((await post('/mina-sidor', own, all)).status).toBe(303);
    expect((await read(me)).everythingOff).not.toBeNull();
  });

  it('D-15: says who is responsible and where to complain, in Swedish and in English', async () => {
    const { me } = await person();
    const swedish = await (await get('/mina-sidor', me)).text();
    expect(swedish).toContain('<html lang="sv">');
    expect(swedish).toContain('Hej Åsa!');
    expect(swedish).toMatch(/Lärkraft AB ansvarar .* Integritetsskyddsmyndigheten/);
    expect(swedish).toContain('/policy?lang=sv');
    expect(await (await get('/mina-sidor?lang=en', me)).text()).toContain('<html lang="en">');
    await form(me, ['action', 'language'], ['language', 'en']);
    expect(await (await get('/mina-sidor', me)).text()).toContain('<html lang="en">');
  });

  it('tells what was sent, how far it came and why', async () => {
    const { email, me } = await person();
    await link(email);
    const { items } = (await (await get('/api/v1/me/messages', me)).json()) as {
      items: Record<string, unknown>[];
    };
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({ channel: 'email', topic: 'Kurstips', ground: 'CONSENT' });
    expect(['sent', 'delivered', 'on_its_way']).toContain(items[0]!.state);
    const page = await (await get('/mina-sidor/skickat', me)).text();
    expect(page).toContain('för att du sa ja till Kurstips');
    expect(page).not.toContain('{{');
  });

  it('L-19: tells what is kept of what the person did, why, and until when', async () => {
    const { id, me } = await person();
    await service.db.query(
      `INSERT INTO course (id, external_id, name, created_at, updated_at) VALUES ($1, 'x', 'Excel <grund>', now(), now())`,
      [id],
    );
    await service.db.query(
      `INSERT INTO learner_event (event_id, contact_id, course_id, kind, occurred_at, received_at)
       VALUES ('e-1', $1, $1, 'completed', '2026-03-01T12:00:00Z', '2026-03-02T12:00:00Z')`,
      [id],
    );
    const { purpose, courses, events } = (await (
      await get('/api/v1/me/learning', me)
    ).json()) as Learning;
    expect([purpose, courses[0]?.state, events[0]?.goneOn]).toEqual([
      'R-10',
      'completed',
      '2029-03-03',
    ]);
    const page = await (await get('/mina-sidor/uppgifter', me)).text();
    expect(page).toContain('Excel &lt;grund&gt;');
    expect(page).toContain('Genomförd, 1 mars 2026');
    expect(page).toContain('Tas bort senast 3 mars 2029');
    expect(page).toContain('segmentering/profilering');
    await form(me, ['action', 'all']);
    const after = await (await get('/mina-sidor/uppgifter', me)).text();
    expect(after).toContain('Vi har inte sparat något om kurser du går.');
    const english = await (await get('/mina-sidor/uppgifter?lang=en', me)).text();
    expect(english).toContain('What we know about you');
    expect(english).not.toContain('{{');
  });

  it('P-58 L-05: a number is proven by a code on the telephone, and is asked by itself', async () => {
    const { id, me } = await person();
    const number = '+46701740606';
    // Somebody else, so that a campaign by SMS is for somebody when this person is not.
    await service.people(topicId, [{ email: 'annan@exempel.example', phone: '+46701740607' }]);
    const asked = await post('/mina-sidor/telefon', me, [
      ['action', 'send'],
      ['number', '070-174 06 06'],
    ]);
    const page = await asked.text();
    expect([asked.status, page.includes('autoComplete="one-time-code"')]).toEqual([200, true]);
    expect(page).not.toContain('checked=""');
    await until(async () => (await service.mailbox(number)).length === 1);
    const [sms] = await service.mailbox(number);
    const code = /\d{6}/.exec(sms!.text)![0];
    const wrong = await post('/mina-sidor/telefon', me, [
      ['action', 'confirm'],
      ['number', number],
      ['code', code === '000000' ? '111111' : '000000'],
    ]);
    expect(wrong.status).toBe(422);
    expect(await wrong.text()).toContain('Koden stämmer inte');
    const right = await post('/mina-sidor/telefon', me, [
      ['action', 'confirm'],
      ['number', number],
      ['code', code],
      ['topic', 'kurstips'],
    ]);
    expect(right.status).toBe(303);
    expect((await read(me)).topics[0]!.channels.sms).toMatchObject({ on: true });
    const campaign = { channel: 'sms', templateKey: undefined, body: 'Hej!' };
    await service.settled(await service.launch(topicId, campaign));
    expect(await service.mailbox(number)).toHaveLength(2);
    await post('/mina-sidor/telefon', me, [['action', 'remove']]);
    expect((await read(me)).addresses.map(({ channel }) => channel)).toEqual(['email']);
    await service.settled(await service.launch(topicId, campaign));
    expect(await service.mailbox(number)).toHaveLength(2);
    const logged = await service.db.query('SELECT details FROM audit_entry WHERE actor_id = $1', [
      id,
    ]);
    expect(JSON.stringify(logged)).not.toContain('70174');
  });

  describe('of somebody else', () => {
    it('F-69: shows and changes nothing, on any route, whatever is named', async () => {
      const [a, b] = [await person(), await person()];
      await put(b.me, {
        language: 'en',
        topics: [{ key: 'nyhetsbrev', channel: 'email', on: true }],
      });
      const before = await read(b.me);
      const named = { contactId: b.id, id: b.id, email: b.email };
      const query = `?${new URLSearchParams(named).toString()}`;
      const routes = declaredRoutes(service).filter(
        ({ name, path }) =>
          /^\/(api\/v1\/me|mina-sidor)(\/|$)/.test(path) &&
          !/log-?(in|out)|link|oidc|embed/.test(name),
      );
      expect(routes.length).toBeGreaterThanOrEqual(8);
      for (const { verb, path } of routes) {
        const url = service.url + path + query;
        const headers = { ...a.me.headers, accept: 'application/json' };
        const bodies =
          verb === 'GET'
            ? [undefined]
            : [
                JSON.stringify({ ...named, everythingOff: true }),
                JSON.stringify({ everythingOff: true }),
                new URLSearchParams({ ...named, action: 'all' }).toString(),
                new URLSearchParams({ ...named, action: 'remove' }).toString(),
                new URLSearchParams({ ...named, was: 'nyhetsbrev:email' }).toString(),
              ];
        for (const body of bodies) {
          const type = body?.startsWith('{')
            ? 'application/json'
            : 'application/x-www-form-urlencoded';
          const answer = await fetch(url, {
            method: verb,
            headers: { ...headers, ...(body && { 'content-type': type }) },
            body,
            redirect: 'manual',
          });
          expect(await answer.text()).not.toContain(b.email);
        }
      }
      expect(await read(b.me)).toEqual(before);
      expect((await read(a.me)).everythingOff).not.toBeNull();
    });

    it('F-62: nobody is shown anything without a log-in, and is led to it', async () => {
      const nobody = { headers: {} };
      const own = ['', '/skickat', '/uppgifter', '/telefon?lang=en'].map((p) => `/mina-sidor${p}`);
      for (const path of own) {
        const answer = await get(path, nobody);
        expect([answer.status, await answer.text()]).toEqual([
          303,
          expect.not.stringContaining('@'),
        ]);
        expect(answer.headers.get('location')).toMatch(/^\/mina-sidor\/login(\?lang=en)?$/);
        expect(answer.headers.get('set-cookie')).toBeNull();
      }
      expect((await post('/mina-sidor', nobody, [['action', 'all']])).status).toBe(303);
      for (const path of ['/api/v1/me/preferences', '/api/v1/me/messages', '/api/v1/me/learning']) {
        expect((await get(path, nobody)).status).toBe(401);
      }
    });

    it('F-69: another site cannot press a button for who is logged in', async () => {
      const { me } = await person();
      const evil = {
        headers: { ...me.headers, 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
      };
      for (const path of ['/mina-sidor', '/mina-sidor/telefon']) {
        expect((await post(path, evil, [['action', 'all']])).status).toBe(403);
      }
      expect((await read(me)).everythingOff).toBeNull();
    });
  });
});
