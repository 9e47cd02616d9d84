import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { logIn, type Caller } from '../setup/callers';
import { declaredRoutes } from '../setup/routes';
import { Service, until, type MailboxRow } from '../setup/service';
import { validBodies } from './valid-bodies';

const EVIL = 'evil.example';
/** Everything by which a proxy, or somebody who plays one, may say what the host is. */
const POISON = {
  host: EVIL,
  'x-forwarded-host': EVIL,
  'x-forwarded-server': EVIL,
  'x-forwarded-proto': 'gopher',
  'x-forwarded-port': '6666',
  'x-forwarded-prefix': '//evil.example',
  forwarded: `host=${EVIL};proto=gopher`,
  'x-host': EVIL,
  'x-original-url': '/api/v1/staff',
  'x-rewrite-url': '/api/v1/staff',
  referer: `https://${EVIL}/`,
};

describe('links', () => {
  let service: Service;
  let admin: Caller;
  let message: string;
  let confirm: string;

  beforeAll(async () => {
    // A proxy is trusted: the worst case, since it may then say who calls, and still not who we are.
    service = await Service.open({ TRUST_PROXY: '1' });
    const valid = await validBodies(service);
    admin = await logIn(service, 'admin');
    const topicId = valid['PATCH /api/v1/topics/:id']!.id!;
    await service.settled(await service.launch(topicId, { publicArchive: true }));
    message = tokenIn((await service.mailbox('kim@exempel.example'))[0]!, 'u');
    await signUp('ny@exempel.example', POISON);
    await until(async () => (await service.mailbox('ny@exempel.example')).length > 0);
    confirm = tokenIn((await service.mailbox('ny@exempel.example'))[0]!, 'confirm');
  }, 60_000);
  afterAll(() => service.close());

  const tokenIn = (mail: MailboxRow, path: string) =>
    new RegExp(`localhost:3000/${path}/([\\w-]+)`).exec(mail.text)![1]!;

  /** With these headers as they are: fetch would not let Host be set. */
  async function ask(verb: string, path: string, headers: Record<string, string>, body?: string) {
    return new Promise<{ status: number; text: string; headers: string }>((resolve, reject) => {
      const { port } = new URL(service.url);
      const asked = request({ host: '127.0.0.1', port, method: verb, path, headers }, (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (piece: string) => (text += piece));
        answer.on('end', () =>
          resolve({ status: answer.statusCode!, text, headers: answer.rawHeaders.join('\n') }),
        );
      });
      asked.on('error', reject).end(body);
    });
  }

  async function signUp(email: string, headers: Record<string, string>) {
    const form = (await ask('GET', '/signup/prov', { host: 'x' })).text;
    const value = (name: string) => new RegExp(`name="${name}" value="([^"]+)"`).exec(form)![1]!;
    const fields = { email, lang: 'sv', seen: value('seen'), topic: value('topic') };
    return ask(
      'POST',
      '/signup/prov',
      { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
      new URLSearchParams(fields).toString(),
    );
  }

  describe('are made from the settings and never from the request (threat 15, ASVS 4.1.3)', () => {
    it('on every page and in every answer of the API', async () => {
      const campaigns = await service.db.query<{ id: string }>(`SELECT id FROM campaign`);
      const values: Record<string, string> = {
        token: message,
        form: 'prov',
        version: '2018-04-05',
      };
      for (const { verb, path, access } of declaredRoutes(service)) {
        if (verb !== 'GET' || path === '/metrics') continue;
        const id = path.startsWith('/dev')
          ? (await service.db.query<{ id: string }>('SELECT id FROM mailbox_message'))[0]!.id
          : campaigns[0]!.id;
        const url = path.replace(/:(\w+)/, (_, name: string) => values[name] ?? id);
        const headers = access === 'public' ? POISON : { ...admin.headers, ...POISON };
        for (const accept of ['text/html', 'application/json']) {
          const { text, headers: answered } = await ask('GET', url, { ...headers, accept });
          expect([url, /evil\.example|gopher|6666/.exec(text + answered)]).toEqual([url, null]);
        }
      }
    });

    it('in what a form answers, and in the mail it sends', async () => {
      const answers = [
        await signUp('till@exempel.example', POISON),
        await ask(
          'POST',
          '/avsluta',
          { ...POISON, 'content-type': 'application/x-www-form-urlencoded' },
          'address=nej%40exempel.example',
        ),
        await ask('POST', `/preferences/${message}/keep`, POISON),
        await ask('POST', `/confirm/${confirm}`, POISON),
      ];
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 303, 200]);
      for (const { text, headers } of answers) expect(text + headers).not.toMatch(/evil|gopher/);
      await until(async () => (await service.mailbox('ny@exempel.example')).length === 2);
      for (const mail of await service.mailbox()) {
        const links = `${mail.html}${mail.text}${JSON.stringify(mail.headers)}`.match(
          /https?:\/\/[^/"<>\s\\]+/g,
        )!;
        expect(
          [...new Set(links)].filter((link) => !link.startsWith('http://localhost:3000')),
        ).toEqual(expect.not.arrayContaining([expect.stringContaining('evil')]));
      }
    });

    it('and no header leads to another route', async () => {
      const { status, text } = await ask('GET', '/healthz', { ...POISON, ...admin.headers });
      expect([status, text]).toEqual([200, '{"status":"ok"}']);
    });

    it.each([
      '//evil.example',
      '//evil.example/%2e%2e',
      '/\\evil.example',
      '/%5cevil.example',
      '/http://evil.example',
      '/u//evil.example',
      '/api/docs//evil.example/..',
      '/@evil.example',
    ])('and %s leads nowhere else (threat 14)', async (path) => {
      const { status, headers } = await ask('GET', path, { host: 'localhost:3000' });
      const to = /^location\n(.*)/im.exec(headers)?.[1];
      // The documentation's files are redirected to their folder, by a path of ours.
      if (status < 400) expect(to).toMatch(/^\/api\/docs\//);
      else expect(to).toBeUndefined();
    });
  });

  describe('open only what they were made for (threats 10, 11)', () => {
    const flip = (token: string, at: number) =>
      token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);

    it.each(['u', 'preferences', 'why', 'view'])(
      '/%s answers for a forged, cut, or foreign token as for one that never was',
      async (page) => {
        const never = randomBytes(16).toString('base64url');
        const absent = await ask('GET', `/${page}/${never}`, { host: 'x' });
        expect(absent.status).toBe(404);
        const forged = [
          flip(message, 0),
          flip(message, 10),
          message.slice(1),
          `${message}A`,
          confirm,
          confirm.slice(0, 22),
          message.toLowerCase(),
          `${message}%00`,
        ];
        for (const token of forged) {
          const answer = await ask('GET', `/${page}/${token}`, { host: 'x' });
          expect([token, answer.status, answer.text.replaceAll(token, '')]).toEqual([
            token,
            404,
            absent.text.replaceAll(never, ''),
          ]);
        }
        expect((await ask('GET', `/${page}/${message}`, { host: 'x' })).status).toBe(200);
      },
    );

    it('a link of a message confirms no sign-up, and no link opens the API', async () => {
      expect((await ask('GET', `/confirm/${message}`, { host: 'x' })).status).toBe(404);
      for (const token of [message, confirm]) {
        const headers = { host: 'x', authorization: `Bearer ${token}`, cookie: `utskick=${token}` };
        expect((await ask('GET', '/api/v1/session', headers)).status).toBe(401);
      }
    });
  });
});
