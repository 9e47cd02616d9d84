import { apiKey, type Caller } from '../setup/callers';
import { Service, type MailboxRow } from '../setup/service';
import { shapeOf, wordsOf } from './markup-shape';

/** What people are called who should not be. 7 × 191 = 1337 must never be worked out. */
const NAMES = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</title></style></textarea><svg/onload=alert(1)>',
  '<a href="javascript:alert(1)">x</a>',
  '<!--><iframe srcdoc="<p>x">',
  '&lt;b&gt;&#60;i&#62;&amp;lt;',
  '{{ 7 | times: 191 }}{% if true %}x{% endif %}',
  "{% include 'package.json' %}{{ contact.constructor }}",
  '{{{7*191}}}${7*191}<%= 7*191 %>#{7*191}',
  '[[ sender.email ]][% if 1 %]x[% endif %]',
  '{{insert first_name}} -name- %recipient.name% *|FNAME|*',
  '$& $1 $` \\u003cb\\u003e %3Cb%3E',
  "=cmd|'/c calc'!A1",
  '@SUM(1+1)*cmd|x',
  '\u202Egnp.exe\u2066x',
  '__proto__',
];
/** Line ends of every kind; a name that holds one is refused, or has a space in its place. */
const LINE_ENDS = ['\r\n', '\n', '\r', '\u2028', '\u2029', '\u0085', '\0', '\v'];

const PAGES = ['u', 'preferences', 'why'];

describe('what somebody wrote', () => {
  let service: Service;
  let key: Caller;
  let topicId: string;
  const addressOf = (n: number) => `namn${n}@exempel.example`;

  beforeAll(async () => {
    service = await Service.open();
    key = await apiKey(
      service,
      'contacts:write',
      'topics:write',
      'forms:write',
      'imports:run',
      'campaigns:write',
      'templates:read',
    );
    topicId = await service.topic('nyhetsbrev');
    const people = NAMES.map((_, n) => ({ email: addressOf(n), externalId: `e${n}` }));
    await service.people(topicId, [{ email: 'kim@exempel.example', externalId: 'kim' }, ...people]);
  });
  afterAll(() => service.close());

  async function api(verb: string, path: string, body: object) {
    const response = await fetch(`${service.url}/api/v1/${path}`, {
      method: verb,
      headers: { ...key.headers, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: response.status, json: (await response.json()) as Record<string, unknown> };
  }

  const put = (id: string, email: string, name: string) =>
    api('PUT', `contacts/${id}`, {
      kind: 'company_contact',
      email,
      firstName: name,
      lastName: name,
      organisation: name,
    });

  const page = async (path: string) => (await fetch(service.url + path)).text();
  const tokenOf = (mail: MailboxRow) => /\/u\/([\w-]{22})/.exec(mail.text)![1]!;

  describe('as a name (threats 1, 5, 21)', () => {
    let kim: MailboxRow;
    const mails: MailboxRow[] = [];

    beforeAll(async () => {
      expect((await put('kim', 'kim@exempel.example', 'Kim')).status).toBe(200);
      for (const [n, name] of NAMES.entries()) {
        expect([name, (await put(`e${n}`, addressOf(n), name)).status]).toEqual([name, 200]);
      }
      const campaignId = await service.launch(topicId, {
        templateKey: 'enkel',
        subject: 'Hej {{ contact.first_name }} på {{ organisation.name }}!',
        body: `<mj-section><mj-column><mj-text>Hej {{ contact.first_name }} {{ contact.last_name }} på
          {{ organisation.name }}</mj-text>
          <mj-button href="https://www.example.com/?n={{ contact.first_name | url_encode }}">Läs</mj-button>
          </mj-column></mj-section>`,
      });
      const counts = await service.settled(campaignId);
      expect(counts.buckets).toMatchObject({ accepted: NAMES.length + 1, rejected: 0 });
      kim = (await service.mailbox('kim@exempel.example'))[0]!;
      for (const n of NAMES.keys()) mails.push((await service.mailbox(addressOf(n)))[0]!);
    }, 60_000);

    it('is text in the mail: its HTML has the shape of everybody else’s, and says the name', () => {
      for (const [n, name] of NAMES.entries()) {
        expect([name, shapeOf(mails[n]!.html)]).toEqual([name, shapeOf(kim.html)]);
        expect(wordsOf(mails[n]!.html)).toContain(`Hej ${name} ${name} på ${name}`);
        expect(mails[n]!.text.replace(/\s+/g, ' ')).toContain(`Hej ${name} ${name} på ${name}`);
        expect(`${mails[n]!.html}${mails[n]!.text}`).not.toContain('1337');
      }
    });

    it('is text in the subject, on one line, and makes no header', async () => {
      const raw = async (mail: MailboxRow) => {
        const [row] = await service.db.query<{ id: string }>(
          'SELECT id FROM mailbox_message WHERE message_id = $1',
          [mail.messageId],
        );
        const source = await page(`/dev/mailbox/${row!.id}/raw`);
        return { id: row!.id, names: namesOfHeaders(source) };
      };
      const expected = (await raw(kim)).names;
      for (const [n, name] of NAMES.entries()) {
        const { id, names } = await raw(mails[n]!);
        // Signs that turn the direction of writing would let a subject say what it is not.
        const shown = name.replace(/\p{Cf}/gu, ' ');
        expect(mails[n]!.subject).toBe(`Hej ${shown} på ${shown}!`);
        expect(names).toEqual(expected);
        const viewer = await page(`/dev/mailbox/${id}`);
        expect([name, shapeOf(viewer)]).toEqual([
          name,
          shapeOf(await page(`/dev/mailbox/${(await raw(kim)).id}`)),
        ]);
        expect(wordsOf(viewer)).toContain(`Hej ${shown} på`.replace(/\s+/g, ' '));
      }
    });

    it('is text in the list of mails, also when it is looked for', async () => {
      const list = shapeOf(await page('/dev/mailbox?to=kim@exempel.example'));
      for (const name of NAMES) {
        const found = shapeOf(await page(`/dev/mailbox?to=${encodeURIComponent(name)}`));
        // Nothing found: the same page without its one mail.
        expect(list).toEqual(expect.arrayContaining(found.filter((tag) => tag !== 'p')));
      }
      const all = shapeOf(await page('/dev/mailbox'));
      expect(all.filter((tag) => /^(script|img|iframe|svg)|\bon\w+/.test(tag))).toEqual([]);
    });

    it('is on no page that a link opens, and in the browser view it is text', async () => {
      for (const n of NAMES.keys()) {
        for (const path of PAGES) {
          const [theirs, kims] = await Promise.all(
            [mails[n]!, kim].map((mail) => page(`/${path}/${tokenOf(mail)}`)),
          );
          expect([path, shapeOf(theirs!)]).toEqual([path, shapeOf(kims!)]);
        }
        const view = await page(`/view/${tokenOf(mails[n]!)}`);
        expect(shapeOf(view)).toEqual(shapeOf(await page(`/view/${tokenOf(kim)}`)));
      }
    });

    it.each(LINE_ENDS.map((end) => [JSON.stringify(end), end]))(
      'with %s in it is refused, or one line',
      async (_, end) => {
        const email = 'kim@exempel.example';
        const { status } = await put('kim', email, `Kim${end}Bcc: alla@exempel.example`);
        const [row] = await service.db.query<{ name: string }>(
          `SELECT first_name AS name FROM contact WHERE external_id = 'kim'`,
        );
        expect([200, 422]).toContain(status);
        expect(row!.name).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
        const subject = await api('POST', 'campaigns', {
          name: 'x',
          subject: `a${end}Bcc: b@c.example`,
        });
        const sender = await api('POST', 'campaigns', {
          name: 'x',
          senderName: `a${end}Bcc: b@c.example`,
        });
        const reply = await api('POST', 'campaigns', {
          name: 'x',
          replyTo: `a@b.example${end}c@d.example`,
        });
        expect([end, subject.status, sender.status, reply.status]).toEqual([end, 422, 422, 422]);
      },
    );
  });

  it('as the name of a topic or a form is text on every page that shows it (threat 5)', async () => {
    const shapes = async () => ({
      signup: shapeOf(await page('/signup/prov')),
      home: shapeOf(await page('/')),
      embed: shapeOf(
        String(
          (
            (await api('PATCH', `signup-forms/${form.json.id as string}`, {})).json.embed as {
              sv: string;
            }
          ).sv,
        ),
      ),
      preferences: shapeOf(await page(`/preferences/${token}`)),
      why: shapeOf(await page(`/why/${token}`)),
    });
    const token = tokenOf((await service.mailbox('kim@exempel.example'))[0]!);
    const words = {
      nameSv: 'Prov',
      nameEn: 'Trial',
      introSv: 'Hej',
      consentSv: 'Jag vill gärna ha det här.',
    };
    const form = await api('POST', 'signup-forms', { key: 'prov', topicIds: [topicId], ...words });
    await api('PATCH', `topics/${topicId}`, { descriptionSv: 'x' });
    const expected = await shapes();
    for (const name of NAMES) {
      await api('PATCH', `topics/${topicId}`, { nameSv: name, nameEn: name, descriptionSv: name });
      const long = `${name} och lite till`;
      await api('PATCH', `signup-forms/${form.json.id as string}`, {
        nameSv: name,
        introSv: name,
        consentSv: long,
      });
      expect([name, await shapes()]).toEqual([name, expected]);
      expect(wordsOf(await page('/signup/prov'))).toContain(name);
    }
  });

  it('as an address, a language or a path comes back as text (threat 5)', async () => {
    for (const text of NAMES) {
      const typed = new URLSearchParams({ address: text, email: text });
      for (const path of ['/avsluta', '/signup/prov']) {
        const answer = await fetch(service.url + path, { method: 'POST', body: typed });
        const html = await answer.text();
        expect([path, text, answer.status]).toEqual([path, text, 422]);
        expect(shapeOf(html).filter((tag) => /^(script|img|iframe|svg)|\bon\w+/.test(tag))).toEqual(
          [],
        );
      }
      const strange = encodeURIComponent(text);
      for (const path of [
        `/?lang=${strange}`,
        `/u/${strange}`,
        `/nothing/${strange}`,
        `/archive?lang=${strange}`,
      ]) {
        expect(
          shapeOf(await page(path)).filter((tag) => /^(script|img|iframe|svg)|\bon\w+/.test(tag)),
        ).toEqual([]);
      }
    }
  });

  it('as a link that runs something is refused before it is sent (threat 6)', async () => {
    const links = [
      'javascript:alert(1)',
      'JaVaScRiPt:alert(1)',
      'java\tscript:alert(1)',
      ' javascript:alert(1)',
      'data:text/html,x',
      'vbscript:x',
      'file:///etc/passwd',
      '//evil.example',
    ];
    for (const link of links) {
      const body = `<mj-section><mj-column><mj-button href="${link}">x</mj-button></mj-column></mj-section>`;
      const { json } = await api('POST', 'templates/preview', { subject: 'x', body });
      expect([link, json.html]).toEqual([link, null]);
    }
  });

  it('in a list comes back guarded against formulas (threat 23)', async () => {
    const cells = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', "=cmd|'/c calc'!A1"];
    const rows = cells.map((cell) => `"${cell}";"${cell}"`);
    const form = new FormData();
    form.set('kind', 'company_contact');
    form.set('file', new Blob([`e-post;ämnen\r\n${rows.join('\r\n')}\r\n`]), '=cmd().csv');
    const send = (path: string, init: RequestInit) =>
      fetch(`${service.url}/api/v1/imports${path}`, { headers: key.headers, ...init });
    const { id } = (await (await send('', { method: 'POST', body: form })).json()) as {
      id: string;
    };
    await send(`/${id}/dry-run`, { method: 'POST' });
    const faults = await (await send(`/${id}/faults.csv`, {})).text();
    const found = [...faults.matchAll(/"((?:[^"]|"")*)"/g)].map(([, cell]) => cell!);
    expect(found.length).toBeGreaterThanOrEqual(cells.length * 4);
    expect(found.filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([]);
  });
});

function namesOfHeaders(source: string): string[] {
  const head = source.slice(0, source.search(/\r?\n\r?\n/));
  return head
    .split(/\r?\n/)
    .filter((line) => !/^\s/.test(line))
    .map((line) => line.split(':')[0]!);
}
