import { request } from 'node:http';
import { LinkTokens } from '../../src/features/registry/link-tokens';
import { Replies } from '../../src/features/feedback/replies/replies';
import { Clock } from '../../src/platform/clock';
import { ROLE_PERMISSIONS } from '../../src/platform/http/permissions';
import { newId } from '../../src/platform/ids';
import {
  INBOUND_SECRET,
  inboundPost,
  postMail,
  type IncomingMail,
} from '../provider-stub/inbound-parse';
import { apiKey, type Caller } from '../setup/callers';
import { Service } from '../setup/service';

const MAILBOX = 'avsluta@svar.example';
const MEGABYTE = 1024 * 1024;
const DESK = '/api/v1/service-desk';

interface Reader {
  contactId: string;
  email: string;
  /** Of the mail they got. */
  token: string;
  /** As their mail program has it. */
  header: string;
}

interface ReplyItem {
  id: string;
  from: string;
  words: string;
  meaning: string;
  late: boolean;
  answerBy: string;
}

describe('mail to us', () => {
  let service: Service;
  let topicId: string;
  let agent: Caller;
  let now: Date | null = null;
  let people = 0;

  beforeAll(async () => {
    service = await Service.open({
      INBOUND_MAIL_ADDRESS: MAILBOX,
      INBOUND_MAIL_SECRET: INBOUND_SECRET,
    });
    jest.spyOn(service.get(Clock), 'now').mockImplementation(() => now ?? new Date());
    topicId = await service.topic('nyhetsbrev');
    // No session: those end while these tests wait for days.
    agent = await apiKey(service, ...ROLE_PERMISSIONS.service);
  });
  afterAll(() => service.close());
  beforeEach(() => (now = null));

  /** Somebody who has got a mail from us. */
  async function reader(): Promise<Reader> {
    const email = `lasare${people++}@exempel.example`;
    const [contactId] = await service.people(topicId, [{ email, firstName: 'Åsa' }]);
    await service.settled(await service.launch(topicId));
    const mail = (await service.mailbox(email)).at(-1)!;
    const header = mail.headers['List-Unsubscribe']!;
    return { contactId: contactId!, email, header, token: /\/u\/([\w-]{22})>/.exec(header)![1]! };
  }

  const post = (mail: IncomingMail) => postMail(service.url, mail);
  const noesOf = (contactId: string) =>
    service.db.query<{ door: string; detail: string | null }>(
      `SELECT door, detail FROM ledger_entry WHERE contact_id = $1 AND kind = 'opt_out'`,
      [contactId],
    );
  const replies = async () => (await service.db.query('SELECT FROM reply')).length;
  const became = async (what: string) => {
    const metrics = await (await fetch(`${service.url}/metrics`)).text();
    const line = new RegExp(`utskick_inbound_mails_total{became="${what}"} (\\d+)`).exec(metrics);
    return Number(line?.[1] ?? 0);
  };
  async function desk<T>(method: string, path: string, body?: object) {
    const response = await fetch(`${service.url}${DESK}/${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...agent.headers },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, json: (text ? JSON.parse(text) : {}) as T };
  }
  const queue = async () =>
    (await desk<{ items: ReplyItem[] }>('GET', 'replies?state=open')).json.items;

  it('P-02 P-14: is offered as the second way out, and the mail that it makes is a no', async () => {
    const one = await reader();
    const [, url, mailto] = /^<(https?:[^>]+)>, <(mailto:[^>]+)>$/.exec(one.header)!;
    expect(url).toMatch(/\/u\/[\w-]{22}$/);
    const { pathname, searchParams } = new URL(mailto!);
    expect(pathname).toBe(MAILBOX);
    const mail = {
      from: `Åsa Läsare <${one.email}>`,
      to: pathname,
      subject: searchParams.get('subject')!,
    };
    expect((await post(mail)).status).toBe(200);
    expect(await noesOf(one.contactId)).toEqual([{ door: 'reply_mail', detail: 'keyword' }]);
    const kept = await service.db.query(
      `SELECT state, sender, body FROM reply WHERE address_key = $1`,
      [service.key(one.email)],
    );
    expect(kept).toEqual([{ state: 'done', sender: null, body: null }]);
  });

  it('P-14 F-70: of a vacation reply, a report, a forwarded mail and a real "avsluta", only the last changes anything', async () => {
    const one = await reader();
    const subject = `avsluta ${one.token}`;
    const from = one.email;
    const before = await replies();
    const ignored: IncomingMail[] = [
      {
        from,
        subject: `Frånvaro: ${subject}`,
        to: `avsluta+${one.token}@svar.example`,
        text: 'Avsluta\nJag är på semester.',
        headers: ['Auto-Submitted: auto-replied', 'X-Auto-Response-Suppress: All'],
      },
      {
        from: 'MAILER-DAEMON@mx.example.com',
        subject,
        returnPath: '',
        text: 'stopp',
        headers: ['Content-Type: multipart/report; report-type=delivery-status; boundary="x"'],
      },
      { from, subject, text: 'avsluta', headers: ['Precedence: bulk'] },
      { from: 'postmaster@exempel.example', subject, text: 'avsluta' },
    ];
    for (const mail of ignored) expect((await post(mail)).status).toBe(200);
    expect(await replies()).toBe(before);
    expect(await became('auto_submitted')).toBe(1);

    const quoted = `Läs det här!\n\n> Avsluta prenumeration: https://larkraft.example/u/${one.token}`;
    const friend = { from: 'en.van@exempel.example', subject: 'Fwd: Höstens kurser', text: quoted };
    expect((await post(friend)).status).toBe(200);
    const forwarded = { ...friend, subject: `Fwd: ${subject}`, text: 'Avsluta' };
    expect((await post(forwarded)).status).toBe(200);
    expect(await noesOf(one.contactId)).toEqual([]);
    expect(await replies()).toBe(before + 2);

    expect((await post({ from, subject, text: 'Hej då' })).status).toBe(200);
    expect(await noesOf(one.contactId)).toHaveLength(1);
  });

  it('P-14: knows the person by the word in the address, never by the sender', async () => {
    const [one, other] = [await reader(), await reader()];
    const to = `avsluta+${one.token}@svar.example`;
    await post({ from: other.email, to, subject: 'Re: Höstens kurser', text: 'STOPP tack!' });
    expect(await noesOf(one.contactId)).toHaveLength(1);
    expect(await noesOf(other.contactId)).toEqual([]);
    // A plain no that anybody could have written in their name waits for a person.
    await post({ from: other.email, subject: 'avsluta' });
    expect(await noesOf(other.contactId)).toEqual([]);
    expect((await queue()).at(-1)).toMatchObject({ from: other.email, meaning: 'stop' });
  });

  it('takes a mail that comes twice, or five times at once, for one', async () => {
    const one = await reader();
    const mail = { from: one.email, subject: `avsluta ${one.token}`, messageId: newId() };
    const before = await replies();
    const answers = await Promise.all(Array.from({ length: 5 }, () => post(mail)));
    expect(answers.map(({ status }) => status)).toEqual(Array(5).fill(200));
    expect(await replies()).toBe(before + 1);
    expect(await noesOf(one.contactId)).toHaveLength(1);
  });

  it.each([
    ['in ISO 8859-1', { text: 'Avanmäl mig', charset: 'iso-8859-1' as const }],
    ['in UTF-8', { text: 'Avanmäl mig' }],
    [
      'as HTML alone',
      { html: '<div>Avanmäl&nbsp;mig</div><blockquote>Höstens kurser</blockquote>' },
    ],
    [
      'with a large attachment',
      {
        text: 'Avanmäl',
        attachments: [{ name: 'logo.png', bytes: Buffer.alloc(4 * MEGABYTE, 7) }],
      },
    ],
  ])('reads a no %s', async (_, words) => {
    const one = await reader();
    const to = `avsluta+${one.token}@svar.example`;
    expect((await post({ from: one.email, to, subject: 'Re: kurser', ...words })).status).toBe(200);
    expect(await noesOf(one.contactId)).toHaveLength(1);
  });

  it('P-14: reads a no whose HTML holds a large picture, however large its fields are', async () => {
    const one = await reader();
    const picture = Buffer.alloc(2.25 * MEGABYTE, 7).toString('base64');
    const html = `<p>Hej</p><img src="data:image/png;base64,${picture}">`;
    const subject = `avsluta ${one.token}`;
    expect((await post({ from: one.email, subject, html })).status).toBe(200);
    expect(await noesOf(one.contactId)).toHaveLength(1);
    const text = `Avanmäl mig\n${'å'.repeat(2 * MEGABYTE)}`;
    const other = await reader();
    const to = `avsluta+${other.token}@svar.example`;
    await post({ from: other.email, to, subject: 'Re: kurser', text });
    expect(await noesOf(other.contactId)).toHaveLength(1);
  });

  it('P-14: knows the link of ours among addresses that others have tagged', async () => {
    const [one, other] = [await reader(), await reader()];
    const tagged = 'Kundtjänst <kund+AbCdEfGhIjKlMnOpQrStUv@crm.example>';
    await post({ from: one.email, to: tagged, subject: `avsluta ${one.token}` });
    expect(await noesOf(one.contactId)).toHaveLength(1);
    const to = `${tagged}, x+AbCdEfGhIjKlMnOpQrStUv@svar.example, avsluta+${other.token}@svar.example`;
    await post({ from: other.email, to, subject: 'Re: kurser', text: 'Stopp' });
    expect(await noesOf(other.contactId)).toHaveLength(1);
    const third = await reader();
    const elsewhere = `avsluta+${third.token}@crm.example`;
    await post({ from: third.email, to: elsewhere, subject: 'Re: kurser', text: 'Stopp' });
    expect(await noesOf(third.contactId)).toEqual([]);
  });

  it('reads a no in a subject of a raw post', async () => {
    const one = await reader();
    await post({ from: one.email, subject: `avsluta ${one.token}`, raw: true });
    expect(await noesOf(one.contactId)).toHaveLength(1);
    const vacation = { headers: ['Auto-Submitted: auto-replied'], text: 'avsluta' };
    const before = await replies();
    await post({ from: one.email, subject: 'avsluta', raw: true, ...vacation });
    expect(await replies()).toBe(before);
  });

  it('P-18: changes nothing for the word of a test mail', async () => {
    const links = service.get(LinkTokens);
    const token = links.random();
    await links.store(service.db, [
      {
        hash: links.hash(token),
        class: 'test',
        channel: 'email',
        addressKey: service.key('prov@exempel.example'),
      },
    ]);
    const before = await replies();
    await post({ from: 'prov@exempel.example', subject: `avsluta ${token}` });
    expect(await replies()).toBe(before);
    expect(await became('test')).toBe(1);
  });

  describe('that a person has to read', () => {
    const waiting = async (text: string, mail: Partial<IncomingMail> = {}) => {
      const from = `fraga${people++}@exempel.example`;
      await post({ from, subject: 'Fråga', text, ...mail });
      return (await queue()).find((reply) => reply.from === from)!;
    };

    it('P-14: waits with its own words and no link, and is late after one working day', async () => {
      now = new Date('2026-11-27T12:00:00Z');
      const one = await reader();
      const text = `Kan ni sluta skriva på helgen?\n\nhttps://larkraft.example/u/${one.token}\n\n> Hej\n> Höstens kurser`;
      const reply = await waiting(text);
      expect(reply).toMatchObject({
        words: 'Fråga\n\nKan ni sluta skriva på helgen?\n\nhttps://larkraft.example/u/…',
        meaning: 'unclear',
        late: false,
        answerBy: '2026-11-30T23:00:00.000Z',
      });
      now = new Date('2026-11-30T23:00:00Z');
      expect((await queue()).find(({ id }) => id === reply.id)).toMatchObject({ late: true });
      await service.get(Replies).watch();
      const metrics = await (await fetch(`${service.url}/metrics`)).text();
      expect(metrics).toContain('utskick_unhealthy{what="replies_late"} 1');
      expect(metrics).toMatch(/utskick_open_replies [1-9]/);
      expect(metrics).toMatch(/utskick_oldest_open_reply_seconds \d{6}/);
    });

    it('F-97: becomes a no of the person and of the address they wrote from, with a case, and loses its words', async () => {
      const one = await reader();
      const [otherId] = await service.people(topicId, [{ email: 'alias@exempel.example' }]);
      const to = `avsluta+${one.token}@svar.example`;
      await post({
        from: 'alias@exempel.example',
        to,
        subject: 'Re: kurser',
        text: 'Nu räcker det, inga fler brev.',
      });
      const { id } = (await queue()).find(({ from }) => from === 'alias@exempel.example')!;
      const told = await desk<{ reference: string; caseId: string; entryId: string }>(
        'POST',
        `replies/${id}/opt-out`,
        {},
      );
      expect(told).toMatchObject({
        status: 200,
        json: { reference: expect.stringMatching(/^A-/) },
      });
      expect(await noesOf(one.contactId)).toMatchObject([{ door: 'service_desk' }]);
      expect(await noesOf(otherId!)).toHaveLength(1);
      const made = await desk<object>('GET', `cases/${told.json.caseId}`);
      expect(made.json).toMatchObject({
        cameBy: 'email',
        closedAs: 'stopped',
        words: expect.stringContaining('Nu räcker det'),
      });
      const [row] = await service.db.query(
        'SELECT state, outcome, sender, body, ledger_entry_id FROM reply WHERE id = $1',
        [id],
      );
      expect(row).toEqual({
        state: 'done',
        outcome: 'opted_out',
        sender: null,
        body: null,
        ledger_entry_id: told.json.entryId,
      });
      expect((await desk('POST', `replies/${id}/opt-out`, {})).status).toBe(409);
    });

    it('is put aside as what it was', async () => {
      const { id } = await waiting('Vilken tid börjar kursen?');
      expect((await desk('POST', `replies/${id}/dismiss`, { as: 'opted_out' })).status).toBe(422);
      expect((await desk('POST', `replies/${id}/dismiss`, { as: 'answered' })).status).toBe(204);
      expect((await queue()).map((reply) => reply.id)).not.toContain(id);
      const done = await desk<{ items: ReplyItem[] }>('GET', 'replies?state=done');
      expect(done.json.items[0]).toMatchObject({
        id,
        outcome: 'answered',
        words: null,
        from: null,
      });
    });

    it('is one no when two people settle it at once', async () => {
      const { id } = await waiting('Jag vill inte ha fler mejl från er tack');
      const both = await Promise.all([1, 2].map(() => desk('POST', `replies/${id}/opt-out`, {})));
      expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    });

    it('loses its words after a year that nobody read it in', async () => {
      now = new Date('2026-11-01T09:00:00Z');
      const { id } = await waiting('Hallå?');
      now = new Date('2027-11-02T09:00:00Z');
      await service.get(Replies).forget();
      const rows = await service.db.query('SELECT outcome, sender, body FROM reply WHERE id = $1', [
        id,
      ]);
      expect(rows).toEqual([{ outcome: 'expired', sender: null, body: null }]);
    });
  });

  describe('that is hostile', () => {
    const path = `/webhooks/sendgrid/inbound/${INBOUND_SECRET}`;
    const send = (to: string, headers: Record<string, string>, body: Buffer | string) =>
      fetch(service.url + to, {
        method: 'POST',
        headers,
        body: typeof body === 'string' ? body : new Uint8Array(body),
      });

    /** What becomes of a request that sends these pieces and does not end. */
    const begin = (to: string, headers: Record<string, string>, pieces: Buffer[] = []) =>
      new Promise<number | 'cut off'>((resolve) => {
        const form = { 'content-type': 'multipart/form-data; boundary=x', ...headers };
        const call = request(service.url + to, { method: 'POST', headers: form }, (answer) => {
          resolve(answer.statusCode ?? 0);
          call.destroy();
        });
        call.on('error', () => resolve('cut off'));
        call.flushHeaders();
        for (const piece of pieces) call.write(piece);
      });

    it('is refused without the secret, and stored nowhere', async () => {
      const one = await reader();
      const { headers, body } = inboundPost({ from: one.email, subject: `avsluta ${one.token}` });
      const before = await replies();
      for (const secret of ['x', `${INBOUND_SECRET}x`, INBOUND_SECRET.slice(0, -1), '%00']) {
        const { status } = await send(`/webhooks/sendgrid/inbound/${secret}`, headers, body);
        expect([secret, status]).toEqual([secret, 403]);
      }
      expect((await send('/webhooks/sendgrid/inbound/', headers, body)).status).toBe(404);
      expect(await replies()).toBe(before);
      expect(await noesOf(one.contactId)).toEqual([]);
    });

    it.each([
      ['no form', { 'content-type': 'application/json' }, '{"text":"avsluta"}'],
      ['no boundary', { 'content-type': 'multipart/form-data' }, 'avsluta'],
      ['cut off', { 'content-type': 'multipart/form-data; boundary=x' }, '--x\r\nContent-Disp'],
    ])('is refused when it is broken: %s', async (_, headers, body) => {
      const before = await replies();
      expect((await send(path, headers, body)).status).toBe(400);
      expect(await replies()).toBe(before);
      expect(await became('unreadable')).toBeGreaterThan(0);
    });

    it('is refused when it is larger than any mail, whether or not it says so beforehand', async () => {
      const before = await replies();
      expect(await begin(path, { 'content-length': String(40 * MEGABYTE) })).toBe(413);
      const head = '--x\r\nContent-Disposition: form-data; name="a"; filename="a"\r\n\r\n';
      const pieces = [Buffer.from(head), ...Array<Buffer>(40).fill(Buffer.alloc(MEGABYTE, 7))];
      expect(await begin(path, { 'transfer-encoding': 'chunked' }, pieces)).toBe('cut off');
      expect(await replies()).toBe(before);
    });

    it.each([
      ['a NUL', { subject: 'a\0b', text: 'Hej\0 du' }],
      ['headers that never end', { headers: [`X-Long: ${'a'.repeat(500_000)}`] }],
      ['a sender that is none', { from: '"><script>', text: 'avsluta' }],
      ['a charset nobody has', { headers: ['Content-Type: text/plain; charset="x-none"'] }],
      ['half signs', { text: 'avsluta \ud83e' }],
      [
        'endless brackets',
        { from: '<'.repeat(100_000), returnPath: 'x@exempel.example', text: '('.repeat(100_000) },
      ],
      ['endless quotation', { text: 'Den '.repeat(100_000) }],
      ['a field as large as a post may be', { text: 'å'.repeat(14 * MEGABYTE) }],
      ['a line of one sign', { text: '@'.repeat(MEGABYTE) }],
      ['lines of two signs', { text: '>@\n@>\n'.repeat(200_000) }],
      ['markup without an end', { html: '<div><blockquote>'.repeat(50_000) }],
    ])('waits for a person when it holds %s', async (_, mail) => {
      const before = await replies();
      const started = performance.now();
      const answer = await post({ from: 'x@exempel.example', subject: 'Hej', ...mail });
      expect(answer.status).toBe(200);
      expect(performance.now() - started).toBeLessThan(3_000);
      expect(await replies()).toBe(before + 1);
    });

    it('is not stored, and comes again, while the database is away', async () => {
      await service.db.query('ALTER TABLE reply RENAME TO reply_away');
      const answer = await post({ from: 'x@exempel.example', subject: 'Hej' });
      await service.db.query('ALTER TABLE reply_away RENAME TO reply');
      expect(answer.status).toBe(500);
    });
  });
});

describe('mail to us, not set up', () => {
  it.each([
    [{}, 0],
    [{ INBOUND_MAIL_ADDRESS: MAILBOX }, 1],
  ])('is answered 503 and never believed: %j', async (settings, unhealthy) => {
    const service = await Service.open(settings, 'web');
    const answer = await postMail(service.url, { from: 'a@example.com', subject: 'avsluta' });
    expect(answer.status).toBe(503);
    const metrics = await (await fetch(`${service.url}/metrics`)).text();
    expect(metrics).toContain(`utskick_unhealthy{what="inbound_mail_secret"} ${unhealthy}`);
    await service.close();
  });
});
