import type { Server } from 'node:http';
import type { NestExpressApplication } from '@nestjs/platform-express';
import request from 'supertest';
import { newId } from '../../../src/platform/ids';
import { World } from './world';

describe('the reason of a no', () => {
  let world: World;
  let app: NestExpressApplication;
  let http: Server;
  let news: string;

  beforeAll(async () => {
    world = await World.open();
    news = await world.topic('news');
    app = await world.app();
    http = app.getHttpServer() as Server;
  });
  afterAll(async () => {
    await app.close();
    await world.close();
  });

  const optOut = (token: string) =>
    request(http).post(`/u/${token}`).type('form').send('form=1').expect(200);
  const tell = (token: string, body: string) =>
    request(http).post(`/u/${token}/reason`).type('form').send(body);
  const told = () =>
    world.db.query<Record<string, unknown>>(
      'SELECT ledger_entry_id, reason FROM opt_out_reason ORDER BY at, id',
    );

  it('L-07: is asked for after the truth and what one may keep, with nothing chosen and nothing required', async () => {
    const { token } = await world.reader('a@example.com', news);
    const page = (await optOut(token)).text;
    const places = ['du får inget mer', 'vill du behålla', 'vill du berätta varför'].map((words) =>
      page.toLowerCase().indexOf(words),
    );
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places[0]).toBeGreaterThan(0);
    expect(page).not.toMatch(/checked|<input type="radio"[^>]*required|<textarea/);
    expect(Buffer.byteLength(page)).toBeLessThan(10_240);
  });

  it('is kept beside the entry of the no, without the person; the latest answer counts', async () => {
    const { token, contactId } = await world.reader('b@example.com', news);
    await optOut(token);
    const [entry] = await world.entries(`contact_id = $1 AND kind = 'opt_out'`, [contactId]);
    const page = await tell(token, 'reason=too_often').expect(200, /Ditt nej gäller som förut/);
    expect(page.headers['set-cookie']).toBeUndefined();
    await tell(token, 'reason=not_relevant').expect(200);
    expect(await told()).toEqual([{ ledger_entry_id: entry!.id, reason: 'not_relevant' }]);
    expect(await world.gate('b@example.com')).toMatchObject({ no_all: true });
  });

  it('L-07: no answer, and one in words of their own, is as good and is not kept', async () => {
    const { token } = await world.reader('c@example.com', news);
    await optOut(token);
    const before = await told();
    for (const body of ['', 'reason=', 'reason=Kim+ringde+mig', 'reason[]=other', '%E0%A4%A']) {
      await tell(token, body).expect(200, /Tack!/);
    }
    expect(await told()).toEqual(before);
  });

  it('changes nothing for who has not said no, for a test mailing, and by a link that is unknown', async () => {
    const { token } = await world.reader('d@example.com', news);
    await tell(token, 'reason=other').expect(200);
    expect(await world.gate('d@example.com')).toMatchObject({ no_all: false, allowed: [news] });
    const before = await told();
    const test = await world.link('b@example.com', { class: 'test' });
    await tell(test, 'reason=other').expect(200);
    await tell('A'.repeat(22), 'reason=other').expect(404);
    expect(await told()).toEqual(before);
  });

  it('is asked for on the preference page too, once everything is ended there', async () => {
    const { token } = await world.reader('e@example.com', news);
    const before = await request(http).get(`/preferences/${token}`);
    expect(before.text).not.toContain('Vill du berätta varför');
    const after = await request(http)
      .post(`/preferences/${token}`)
      .type('form')
      .send('action=all')
      .expect(200, /Vill du berätta varför/);
    expect(after.text).toContain(`/u/${token}/reason`);
  });

  it('speaks of a number and of no mail, where the link came in a text message', async () => {
    const number = '+46701740650';
    const { token } = await world.reader(number, news);
    const pages = [
      (await request(http).get(`/s/${token}`)).text,
      (await request(http).get(`/preferences/${token}`)).text,
      (await request(http).post(`/s/${token}`).type('form').send('form=1')).text,
      (await request(http).get(`/s/${token}`)).text,
      (await request(http).get(`/preferences/${token}`)).text,
    ];
    for (const page of pages) expect(page).not.toMatch(/mejl|vidarebefordra|Inte din adress/);
    expect(pages[0]).toContain('Inte ditt nummer?');
    expect(pages[3]).toContain('Numret är redan avregistrerat');
    await world.db.query('DELETE FROM address WHERE value = $1', [number]);
    expect((await request(http).get(`/s/${token}`)).text).toContain('det här numret');
  });

  it('P-60: is no way to guess links faster: one brake for this page and the button', async () => {
    const { token } = await world.reader('f@example.com', news);
    const guess = () => `/u/${world.tokens.tokenFor(newId())}`;
    const answers = new Set<number>();
    for (let n = 0; n < 35; n += 1) {
      answers.add((await request(http).get(`${guess()}/reason`)).status);
      answers.add((await request(http).post(`${guess()}/reason`)).status);
    }
    expect([...answers]).toEqual([404, 429]);
    await request(http).get(guess()).expect(429);
    await request(http).get(`/u/${token}/reason`).expect(200);
  });
});
