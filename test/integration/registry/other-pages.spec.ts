import type { Server } from 'node:http';
import type { NestExpressApplication } from '@nestjs/platform-express';
import request from 'supertest';
import { newId } from '../../../src/platform/ids';
import { doubleOptIn, grant, optOut, World } from './world';

describe('the preference page', () => {
  let world: World;
  let app: NestExpressApplication;
  let http: Server;
  let news: string;
  let tips: string;

  beforeAll(async () => {
    world = await World.open();
    news = await world.topic('news');
    tips = await world.topic('tips');
    app = await world.app();
    http = app.getHttpServer() as Server;
  });
  afterAll(async () => {
    await app.close();
    await world.close();
  });

  const reader = async (value: string) => {
    const found = await world.reader(value, news);
    await world.record(grant(world.ref(value), found.contactId, tips));
    return found;
  };
  const post = (token: string, body: string) =>
    request(http).post(`/preferences/${token}`).type('form').send(body);

  it('shows what the gate says, with nothing ticked and no other word of the person (P-72, F-25)', async () => {
    const { token } = await world.reader('visa@example.com', news);
    const page = await request(http).get(`/preferences/${token}`).expect(200);
    expect(page.text).toMatch(/Sluta skicka news \(sv\)/);
    expect(page.text).not.toMatch(/Sluta skicka tips/);
    expect(page.text).toContain(`/preferences/${token}/keep?lang=sv`);
    expect(page.text).toContain('v•••@e•••.com');
    expect(page.text).not.toMatch(/checked|Kim|visa@|<script/);
    expect(page.headers['set-cookie']).toBeUndefined();
    expect(Buffer.byteLength(page.text)).toBeLessThan(10_240);
  });

  it('takes a no to one topic and leaves the other (F-26, F-30)', async () => {
    const { token, contactId } = await reader('amne@example.com');
    await post(token, `action=stop&stop=${news}`).expect(200, /Sparat/);
    expect(await world.gate('amne@example.com')).toMatchObject({
      allowed: [tips],
      no_topics: [news],
      no_all: false,
    });
    expect(await world.entries(`contact_id = $1 AND kind = 'opt_out'`, [contactId])).toMatchObject([
      { scope: 'topic', topic_id: news, door: 'preference_page' },
    ]);
    await post(token, `stop=${news}&stop=${tips}`).expect(200);
    expect(await world.gate('amne@example.com')).toMatchObject({ allowed: [] });
  });

  it('takes a no to everything, once', async () => {
    const { token, contactId } = await reader('allt@example.com');
    await post(token, 'action=all').expect(200, /Du får ingen marknadsföring från oss/);
    await post(token, 'action=all').expect(200);
    expect(await world.entries(`contact_id = $1 AND kind = 'opt_out'`, [contactId])).toHaveLength(
      1,
    );
  });

  it('pauses for three months and lifts nothing by it', async () => {
    const { token, contactId } = await reader('paus@example.com');
    await world.record({ ...optOut(null, contactId), scope: 'topic', topicId: tips });
    await post(token, 'action=pause').expect(200, /Pausat till/);
    const gate = await world.gate('paus@example.com');
    expect(gate).toMatchObject({ allowed: [news], no_topics: [tips] });
    const days = ((gate!.paused_until as Date).getTime() - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(88);
    expect(days).toBeLessThan(93);
    await request(http)
      .get(`/why/${token}`)
      .expect(200, /Pausat till/);
    await world.db.query(`UPDATE gate SET paused_until = now() - interval '1 second'`);
    const over = await request(http).get(`/why/${token}`).expect(200);
    expect(over.text).not.toContain('Pausat');
    const page = await request(http).get(`/preferences/${token}`).expect(200);
    expect(page.text).not.toContain('Pausat');
  });

  it('gives fewer messages, says so, and leaves taking it back to the owner (P-72, F-60)', async () => {
    const { token, contactId } = await reader('farre@example.com');
    await world.address(contactId, 'farre@work.example');
    await post(token, 'action=fewer').expect(200, /Du har valt färre utskick: högst ett var/);
    await post(token, 'action=fewer').expect(200);
    for (const address of ['farre@example.com', 'farre@work.example']) {
      expect(await world.gate(address)).toMatchObject({ fewer: true, paused_until: null });
    }
    const wishes = () => world.entries(`kind = 'fewer' AND contact_id = $1`, [contactId]);
    expect(await wishes()).toMatchObject([
      { scope: 'all', channel: null, evidence: { days: 30 }, door: 'preference_page' },
    ]);
    const page = await request(http).get(`/preferences/${token}`).expect(200);
    expect(page.text).toContain('href="/mina-sidor?lang=sv"');
    expect(page.text).not.toContain('value="fewer"');
    expect(Buffer.byteLength(page.text)).toBeLessThan(10_240);
    for (const body of ['action=as-before', 'action=end', 'fewer=false', 'action=fewer&days=']) {
      await post(token, body).expect(200);
    }
    expect(await world.gate('farre@example.com')).toMatchObject({
      fewer: true,
      allowed: [news, tips],
    });
    expect(await wishes()).toHaveLength(1);
  });

  it('changes nothing on GET, for a nonsense post, or for somebody else', async () => {
    const { token } = await reader('ingenting@example.com');
    const before = (await world.entries()).length;
    for (let i = 0; i < 10; i++) await request(http).get(`/preferences/${token}`).expect(200);
    await post(token, '').expect(200, /Inget var markerat/);
    await post(token, 'action=stop&stop=all').expect(200, /Inget var markerat/);
    await post(token, `action=stop&stop=${newId()}`).expect(200);
    await post(token, `action=resume&topic=${news}&allowed=${news}`).expect(
      200,
      /Inget var markerat/,
    );
    await post(`${token.slice(1)}x`, 'action=all').expect(404);
    expect((await world.entries()).length).toBe(before);
  });

  it('cannot be used to say yes (d.2 token overreach, P-72)', async () => {
    const { token, contactId } = await reader('utokad@example.com');
    await world.record(optOut(null, contactId));
    for (const body of [`action=stop&topic=${news}`, `topic=${news}`, `keep=${news}&action=keep`]) {
      await post(token, body).expect(200);
    }
    expect(await world.gate('utokad@example.com')).toMatchObject({ allowed: [], no_all: true });
  });

  it('answers 404 with the manual form without a token of ours, and shows nothing by address (F-62)', async () => {
    for (const wrong of ['ingenting@example.com', newId(), '?email=ingenting@example.com']) {
      const page = await request(http).get(`/preferences/${wrong}`);
      expect(page.status).toBe(404);
      expect(page.text).not.toContain('Sluta skicka');
    }
  });

  it('speaks English by choice', async () => {
    const { token } = await reader('english@example.com');
    await request(http)
      .get(`/preferences/${token}?lang=en`)
      .expect(200, /Stop sending news \(en\)/);
  });

  describe('/why', () => {
    it('tells purpose, ground, source, time, how to stop, the controller and the authority (L-18, D-08)', async () => {
      const { token } = await world.reader('varfor@example.com', news);
      await world.record(doubleOptIn(world.ref('varfor@example.com'), null, news));
      const link = await world.link('varfor@example.com', { topicId: news });
      const page = await request(http).get(`/why/${link}`).expect(200);
      expect(page.text).toContain('R-05');
      expect(page.text).toContain('Ditt samtycke till news (sv)');
      expect(page.text).toContain('bekräftat via länk');
      expect(page.text).toContain('som kontaktperson');
      expect(page.text).toContain('Integritetsskyddsmyndigheten (IMY)');
      expect(page.text).toContain('Lärkraft AB');
      expect(page.text).toContain(`href="/u/${link}?lang=sv"`);
      expect(page.text).not.toMatch(/Datainspektionen|Kim|varfor@/);
      expect(Buffer.byteLength(page.text)).toBeLessThan(10_240);
      await request(http)
        .get(`/why/${token}?lang=en`)
        .expect(200, /according to a record/);
    });

    it('says what is left when the address is erased, and 404 for an unknown link', async () => {
      const link = await world.link('borta@example.com', { topicId: news });
      await request(http)
        .get(`/why/${link}`)
        .expect(200, /Adressen är raderad/);
      await request(http)
        .get(`/why/${link.slice(1)}A`)
        .expect(404);
    });
  });
});

describe('/avsluta', () => {
  let world: World;
  let app: NestExpressApplication;
  let http: Server;
  let news: string;

  beforeAll(async () => {
    world = await World.open({ TRUST_PROXY: '1' });
    news = await world.topic('news');
    app = await world.app();
    http = app.getHttpServer() as Server;
  });
  afterAll(async () => {
    await app.close();
    await world.close();
  });

  let caller = 0;
  const post = (address: string, ip = `192.0.2.${(caller = (caller + 1) % 250)}`) =>
    request(http).post('/avsluta').set('x-forwarded-for', ip).type('form').send({ address });

  it('acts at once, for every channel and every person at the address (P-75, F-51, L-12)', async () => {
    const a = await world.contact('tva@example.com', '+46701740608');
    const b = await world.contact('tva@example.com', 'b-eget@example.com');
    await world.record(
      grant(world.ref('tva@example.com'), a, news),
      grant(world.ref('+46701740608'), a, news),
      grant(world.ref('b-eget@example.com'), b, news),
    );
    await post('Tva@Example.COM').expect(200, /Klart/);
    for (const value of ['tva@example.com', '+46701740608', 'b-eget@example.com']) {
      expect(await world.gate(value)).toMatchObject({ no_all: true, allowed: [] });
    }
    expect(await world.entries(`door = 'manual_form'`)).toHaveLength(2);
  });

  it('takes a number in any spelling (P-58)', async () => {
    await post('070-174 06 09').expect(200, /\+46 ••• 09/);
    expect(await world.gate('+46701740609')).toMatchObject({ no_all: true, channel: 'sms' });
  });

  it('takes an address with a plus sign (F-17)', async () => {
    await post('a+b@example.com').expect(200);
    expect(await world.gate('a+b@example.com')).toMatchObject({ no_all: true });
    expect(await world.gate('ab@example.com')).toBeUndefined();
  });

  it('gives the same answer for known, unknown and already stopped (P-75, F-63)', async () => {
    await world.reader('kand1@example.com', news);
    const known = await post('kand1@example.com').expect(200);
    const unknown = await post('kand2@example.com').expect(200);
    const again = await post('kand1@example.com').expect(200);
    expect(unknown.text).toBe(known.text);
    expect(again.text).toBe(known.text);
    const { date: _a, ...headers } = known.headers as Record<string, string>;
    const { date: _b, ...others } = unknown.headers as Record<string, string>;
    expect(others).toEqual(headers);
  });

  it('answers known and unknown addresses in the same time (P-75, d.2 enumeration)', async () => {
    const times = { known: [] as number[], unknown: [] as number[] };
    for (let i = 0; i < 12; i++) {
      await world.reader(`tid${i}@example.com`, news);
      for (const [kind, value] of [
        ['known', `tid${i}@example.com`],
        ['unknown', `ej${i}@example.com`],
      ] as const) {
        const start = performance.now();
        await post(value).expect(200);
        times[kind].push(performance.now() - start);
      }
    }
    expect(Math.min(...times.known, ...times.unknown)).toBeGreaterThanOrEqual(249);
    // The quickest of each: what else the machine does can only add.
    expect(Math.abs(Math.min(...times.known) - Math.min(...times.unknown))).toBeLessThan(25);
  });

  it('says what is wrong with an address it cannot read, and keeps what was typed', async () => {
    const before = (await world.entries()).length;
    const page = await post('"><script>alert(1)</script>').expect(422);
    expect(page.text).toContain('ser inte ut som en e-postadress');
    expect(page.text).toContain('&quot;&gt;&lt;script&gt;');
    expect(page.text).toContain('aria-invalid="true"');
    await post('').expect(422);
    await request(http).post('/avsluta').expect(422);
    expect((await world.entries()).length).toBe(before);
  });

  it('is limited per address and caller, and per caller', async () => {
    for (let i = 0; i < 10; i++) await post('tio@example.com', '198.51.100.1').expect(200);
    const refused = await post('tio@example.com', '198.51.100.1').expect(429);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    await post('tio@example.com', '198.51.100.2').expect(200);
    const answers = await Promise.all(
      Array.from({ length: 31 }, (_, i) => post(`n${i}@example.com`, '198.51.100.3')),
    );
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(1);
  });

  it('shows the form in both languages, small and without a cookie', async () => {
    const page = await request(http)
      .get('/avsluta?lang=en')
      .expect(200, /Stop all marketing/);
    expect(page.headers['set-cookie']).toBeUndefined();
    expect(Buffer.byteLength(page.text)).toBeLessThan(10_240);
    await request(http)
      .get('/avsluta')
      .expect(200, /Avsluta all marknadsföring/);
  });
});
