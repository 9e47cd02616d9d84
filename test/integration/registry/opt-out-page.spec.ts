import type { Server } from 'node:http';
import type { NestExpressApplication } from '@nestjs/platform-express';
import request from 'supertest';
import { newId } from '../../../src/platform/ids';
import { doubleOptIn, grant, KEYS, World } from './world';

describe('/u/{token}', () => {
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

  const optOutsOf = (contactId: string) =>
    world.entries(`contact_id = $1 AND kind = 'opt_out'`, [contactId]);
  const ledgerSize = async () => (await world.entries()).length;

  it('shows one page with one button, a masked address and nothing of the person (P-13, P-72)', async () => {
    const { token } = await world.reader('anna@exempel.example', news);
    const response = await request(http).get(`/u/${token}`).expect(200);
    expect(response.text.match(/<button/g)).toHaveLength(1);
    expect(response.text).toContain('a•••@e•••.example');
    expect(response.text).not.toContain('anna@');
    expect(response.text).not.toContain('Kim');
    expect(response.text).toContain('Inte din adress? Gör ingenting');
    expect(response.text).not.toMatch(/<script|https?:\/\/(?!utskick\.example)/);
    expect(response.headers).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex',
    });
    expect(response.headers['set-cookie']).toBeUndefined();
    expect(Buffer.byteLength(response.text)).toBeLessThan(10_240);
  });

  it('speaks English to who chose it and to who has it', async () => {
    const { token, contactId } = await world.reader('eng@example.com', news);
    await request(http)
      .get(`/u/${token}?lang=en`)
      .expect(200, /Stop all marketing/);
    await world.db.query(`UPDATE contact SET language = 'en' WHERE id = $1`, [contactId]);
    await request(http)
      .get(`/u/${token}`)
      .expect(200, /<html lang="en">/);
    await request(http)
      .get(`/u/${token}?lang=sv`)
      .expect(200, /<html lang="sv">/);
  });

  it('changes nothing on GET, HEAD or OPTIONS, and the button still works afterwards (P-13, F-01, F-02, F-03, F-04, F-06)', async () => {
    const { token, contactId } = await world.reader('skannad@example.com', news);
    const before = await ledgerSize();
    for (let i = 0; i < 100; i++) await request(http).get(`/u/${token}`).expect(200);
    await request(http).head(`/u/${token}`).expect(200);
    await request(http).options(`/u/${token}`).expect(204);
    expect(await ledgerSize()).toBe(before);
    expect(await world.gate('skannad@example.com')).toMatchObject({ allowed: [news], epoch: 1 });
    await request(http).post(`/u/${token}`).expect(200);
    expect(await optOutsOf(contactId)).toHaveLength(1);
  });

  const posts: [string, string, (token: string) => request.Test][] = [
    [
      'one_click',
      'the urlencoded body of RFC 8058',
      (token) => request(http).post(`/u/${token}`).type('form').send('List-Unsubscribe=One-Click'),
    ],
    [
      'one_click',
      'the multipart body of RFC 8058',
      (token) => request(http).post(`/u/${token}`).field('List-Unsubscribe', 'One-Click'),
    ],
    [
      'form',
      'the button',
      (token) => request(http).post(`/u/${token}?lang=sv`).type('form').send('form=1'),
    ],
    ['bare', 'no body', (token) => request(http).post(`/u/${token}`)],
    [
      'bare',
      'malformed JSON',
      (token) =>
        request(http).post(`/u/${token}`).set('content-type', 'application/json').send('{"a":'),
    ],
    [
      'bare',
      'a type nobody knows',
      (token) =>
        request(http).post(`/u/${token}`).set('content-type', 'x/y; charset=martian').send('??'),
    ],
    [
      'bare',
      'half a megabyte',
      (token) =>
        request(http)
          .post(`/u/${token}`)
          .type('form')
          .send(`a=${'x'.repeat(500_000)}`),
    ],
    [
      'bare',
      'multipart without an end',
      (token) =>
        request(http)
          .post(`/u/${token}`)
          .set('content-type', 'multipart/form-data; boundary=x')
          .send('--x\r\nConte'),
    ],
  ];
  it.each(posts)('opts out as %s by a post with %s (P-06, P-07, F-11)', async (detail, _, post) => {
    const value = `p06-${newId()}@example.com`;
    const { token, contactId } = await world.reader(value, news);
    const response = await post(token).expect(200);
    expect(response.text).toContain('Klart. Du får inget mer.');
    expect(response.headers.location).toBeUndefined();
    expect(await optOutsOf(contactId)).toMatchObject([
      { door: 'link', detail, scope: 'all', channel: null, actor_type: 'recipient' },
    ]);
    expect(await world.gate(value)).toMatchObject({ allowed: [], no_all: true });
  });

  it('needs no cookie, token, origin or log-in, and answers both verbs (P-08, P-09, F-08, F-09)', async () => {
    const { token } = await world.reader('f08@example.com', news);
    await request(http)
      .post(`/u/${token}`)
      .set({
        origin: 'https://evil.example',
        'sec-fetch-site': 'cross-site',
        cookie: 'session=forged',
      })
      .set({ authorization: 'Bearer nonsense', referer: 'https://evil.example/' })
      .expect(200);
    expect(await world.gate('f08@example.com')).toMatchObject({ no_all: true });
  });

  it('obeys the token in the path only (P-08)', async () => {
    const a = await world.reader('a-path@example.com', news);
    const b = await world.reader('b-body@example.com', news);
    await request(http)
      .post(`/u/${a.token}?token=${b.token}`)
      .type('form')
      .send(`token=${b.token}`)
      .expect(200);
    expect(await optOutsOf(a.contactId)).toHaveLength(1);
    expect(await optOutsOf(b.contactId)).toHaveLength(0);
  });

  it('answers 404 with the manual form to any token it did not make, and takes no ids (P-10, F-61)', async () => {
    const { token, contactId } = await world.reader('f61@example.com', news);
    const flipped = Array.from(
      token,
      (character, i) => token.slice(0, i) + (character === 'A' ? 'B' : 'A') + token.slice(i + 1),
    );
    const before = await ledgerSize();
    for (const wrong of [
      ...flipped.slice(0, 10),
      contactId,
      'f61@example.com',
      token.slice(1),
      `${token}x`,
      '%00',
      '..',
    ]) {
      for (const verb of ['get', 'post'] as const) {
        const response = await request(http)[verb](`/u/${encodeURIComponent(wrong)}`);
        expect(response.status).toBe(404);
        expect(response.text).toContain('action="/avsluta?lang=sv"');
      }
    }
    expect(await ledgerSize()).toBe(before);
  });

  it.each(['/', '?utm_source=x', '/?utm=x', '?lang=en&lang=sv', '?lang[]=x'])(
    'never redirects: %s (P-10, F-07)',
    async (suffix) => {
      const { token } = await world.reader(`p10-${newId()}@example.com`, news);
      await request(http).get(`/u/${token}${suffix}`).expect(200);
      await request(http).post(`/u/${token}${suffix}`).expect(200);
    },
  );

  it('records a repeated post once and keeps the first time (P-11)', async () => {
    const { token, contactId } = await world.reader('igen@example.com', news);
    await request(http).post(`/u/${token}`).expect(200);
    const [first] = await optOutsOf(contactId);
    const again = await request(http).post(`/u/${token}`).expect(200);
    expect(again.text).toContain('Ditt nej står redan kvar');
    expect(again.text).toContain(String(first?.id));
    expect(await optOutsOf(contactId)).toEqual([first]);
  });

  it('records fifty posts at the same moment once (P-11)', async () => {
    const { token, contactId } = await world.reader('femtio@example.com', news);
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => request(http).post(`/u/${token}`)),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(50).fill(200));
    expect(await optOutsOf(contactId)).toHaveLength(1);
  });

  it('does not take a confirmation token for a link', async () => {
    const token = await world.link('bekrafta@example.com', { class: 'confirm' });
    await request(http).get(`/u/${token}`).expect(404);
    await request(http).post(`/u/${token}`).expect(404);
  });

  it('takes many valid posts from one caller, also while that caller guesses (P-09, P-60)', async () => {
    const readers = await Promise.all(
      Array.from({ length: 150 }, (_, i) => world.reader(`p09-${i}@example.com`, news)),
    );
    const guess = () => request(http).post(`/u/${world.tokens.tokenFor(newId())}`);
    const guesses = [];
    for (let i = 0; i < 80; i++) guesses.push((await guess()).status);
    expect(guesses.filter((status) => status === 200)).toEqual([]);
    expect(guesses.at(-1)).toBe(429);
    const valid = await Promise.all(
      readers.map(({ token }) =>
        request(http).post(`/u/${token}`).type('form').send('List-Unsubscribe=One-Click'),
      ),
    );
    expect(valid.every(({ status }) => status === 200)).toBe(true);
  });

  it('shows the test banner and changes nothing for a test token (P-18, F-89)', async () => {
    const contactId = await world.contact('provad@example.com');
    await world.record(grant(world.ref('provad@example.com'), contactId, news));
    const token = await world.link('provad@example.com', {
      contactId,
      topicId: news,
      class: 'test',
    });
    const before = await ledgerSize();
    await request(http)
      .get(`/u/${token}`)
      .expect(200, /Testutskick/);
    await request(http)
      .post(`/u/${token}`)
      .expect(200, /inget ändrats/);
    await request(http)
      .post(`/preferences/${token}`)
      .type('form')
      .send('action=all')
      .expect(200, /Inget har ändrats/);
    expect(await ledgerSize()).toBe(before);
    expect(await world.gate('provad@example.com')).toMatchObject({ allowed: [news] });
  });

  it('works three years later, after the person is erased, and after every key was rotated (P-71, P-74, F-18)', async () => {
    const { token, contactId } = await world.reader('raderad@example.com', news);
    await world.db.query(
      `UPDATE link_token SET created_at = now() - interval '3 years' WHERE contact_id = $1`,
      [contactId],
    );
    await world.db.query(
      `UPDATE link_token SET contact_id = NULL, message_id = NULL WHERE contact_id = $1`,
      [contactId],
    );
    await world.db.query(`DELETE FROM contact WHERE id = $1`, [contactId]);
    const page = await request(http).get(`/u/${token}`).expect(200);
    expect(page.text).toContain('den här adressen');

    const rotated = await World.beside(world, {
      LINK_KEYS: `${KEYS.v1},${KEYS.v2}`,
      ADDRESS_KEYS: `${KEYS.v1},${KEYS.v2}`,
    });
    await request(rotated.server).post(`/u/${token}`).expect(200, /Klart/);
    await rotated.close();
    expect(await world.gate('raderad@example.com')).toMatchObject({ no_all: true, allowed: [] });
  });

  it('still opts out by an old link after the person came back (P-73)', async () => {
    const { token, contactId } = await world.reader('tillbaka@example.com', news);
    await request(http).post(`/u/${token}`).expect(200);
    await world.record(doubleOptIn(world.ref('tillbaka@example.com'), contactId, news));
    expect(await world.gate('tillbaka@example.com')).toMatchObject({ allowed: [news] });
    await request(http).post(`/u/${token}`).expect(200);
    expect(await world.gate('tillbaka@example.com')).toMatchObject({ allowed: [], no_all: true });
    expect(await optOutsOf(contactId)).toHaveLength(2);
  });

  it('takes an address with a plus sign by its link (F-17, F-14)', async () => {
    const { token } = await world.reader('a+b@example.com', news);
    await request(http).post(`/u/${token}`).expect(200);
    expect(await world.gate('a+b@example.com')).toMatchObject({ no_all: true });
  });

  it('blocks the person everywhere and says so, and blocks a later programme too (F-26, F-28, F-52, L-08)', async () => {
    const contactId = await world.contact('hemma@f52.example', 'jobb@f52.example', '+46701740607');
    await world.record(
      grant(world.ref('hemma@f52.example'), contactId, news),
      grant(world.ref('jobb@f52.example'), contactId, news),
    );
    const token = await world.link('jobb@f52.example', { contactId });
    const done = await request(http).post(`/u/${token}`).expect(200);
    expect(done.text).toContain('alla dina adresser och nummer');
    const later = await world.topic('programme-added-later');
    await world.record(grant(world.ref('hemma@f52.example'), contactId, later));
    for (const value of ['hemma@f52.example', 'jobb@f52.example', '+46701740607']) {
      expect(await world.gate(value)).toMatchObject({ no_all: true, allowed: [] });
    }
  });

  it('says how many messages had already left, without the one that was clicked', async () => {
    const { token, contactId } = await world.reader('pavag@example.com', news);
    const [link] = await world.db.query<{ messageId: string }>(
      `SELECT message_id AS "messageId" FROM link_token WHERE contact_id = $1`,
      [contactId],
    );
    const message = (id: string, state: string, hoursAgo: number) =>
      world.db.query(
        `INSERT INTO message (id, dispatch_id, contact_id, address_key, state, reason, permit_at)
         VALUES ($1, $2, $3, $4, $5, CASE $5 WHEN 'WITHHELD' THEN 'paused' END, now() - $6 * interval '1 hour')`,
        [id, newId(), contactId, world.ref('pavag@example.com').key, state, hoursAgo],
      );
    await message(link!.messageId, 'ACCEPTED', 1);
    await message(newId(), 'HANDED_OVER', 0);
    await message(newId(), 'ACCEPTED', 2);
    await message(newId(), 'ACCEPTED', 80);
    await message(newId(), 'DELIVERED', 1);
    await message(newId(), 'WITHHELD', 1);
    await request(http)
      .post(`/u/${token}`)
      .expect(200, /2 meddelanden hade redan lämnats/);
  });

  it('offers to keep topics with nothing ticked, by a form that only asks for a confirmation (P-72, F-60)', async () => {
    const { token } = await world.reader('behall@example.com', news);
    const done = await request(http).post(`/u/${token}`).expect(200);
    expect(done.text).toContain(`action="/preferences/${token}/keep?lang=sv"`);
    expect(done.text).toContain(`value="${news}"`);
    expect(done.text).not.toContain('checked');
    expect(Buffer.byteLength(done.text)).toBeLessThan(10_240);
  });
});

describe('/u/{token} without a database', () => {
  it('answers 503 and never a success page (P-10, F-15)', async () => {
    const world = await World.open();
    const news = await world.topic('news');
    const { token } = await world.reader('natt@example.com', news);
    const app = await world.app();
    const http = app.getHttpServer() as Server;
    await request(http).get(`/u/${token}`).expect(200);
    await world.vanish();
    for (const verb of ['get', 'post'] as const) {
      const response = await request(http)[verb](`/u/${token}`);
      expect(response.status).toBe(503);
      expect(response.text).not.toContain('Klart');
      expect(response.headers['retry-after']).toEqual(expect.stringMatching(/^\d+$/));
    }
    await app.close();
  });

  it('answers 503 when the entry cannot be written, and has then changed nothing (P-10, P-12, F-15)', async () => {
    const world = await World.open();
    const news = await world.topic('news');
    const { token } = await world.reader('full@example.com', news);
    await world.db.query(
      `ALTER TABLE ledger_entry ADD CONSTRAINT broken CHECK (kind <> 'opt_out')`,
    );
    const app = await world.app();
    const response = await request(app.getHttpServer() as Server).post(`/u/${token}`);
    expect(response.status).toBe(503);
    expect(response.text).not.toContain('Klart');
    expect(await world.gate('full@example.com')).toMatchObject({ allowed: [news], no_all: false });
    await app.close();
    await world.close();
  });
});
