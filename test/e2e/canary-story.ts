import { postMail } from '../provider-stub/inbound-parse';
import { SendGridStub } from '../provider-stub/sendgrid-stub';
import type { Caller } from '../setup/callers';
import { until } from '../setup/until';
import type { Service } from '../setup/service';

/** Rights of the system that tells the story. */
export const PERMISSIONS = [
  'contacts:read',
  'contacts:write',
  'imports:run',
  'campaigns:read',
  'campaigns:write',
  'campaigns:send',
  'registry:read',
  'opt-outs:record',
  'service-cases:read',
  'service-cases:write',
  'forms:write',
  'audit:read',
] as const;

const TOPIC = 'nyhetsbrev';
/** A number set apart for fiction, which no log would have by chance. */
const PHONE = '0701740677';
const ADDRESSES = ['203.0.113.77', '198.51.100.77'];

/** A word that stands for something personal, and for the place it was put. */
export const canary = (n: number) => `kanarie${String(n).padStart(2, '0')}`;
export const CANARIES = [
  ...Array.from({ length: 56 }, (_, n) => canary(n + 1)),
  PHONE.slice(1),
  ...ADDRESSES,
];

/** A life with the product, from a customer's list to a complaint, told to a process at `url` with canaries wherever a person could be. */
export class CanaryStory {
  /** Every token that a link of the story had. */
  readonly tokens: string[] = [];
  readonly answers: string[] = [];
  private topicId = '';

  constructor(
    private readonly url: string,
    private readonly service: Service,
    private readonly stub: SendGridStub,
    private readonly key: Caller,
  ) {}

  /** As a browser with a past would ask. */
  private async ask(path: string, init: RequestInit = {}, status?: number): Promise<string> {
    const response = await fetch(this.url + path, {
      redirect: 'manual',
      ...init,
      headers: {
        'user-agent': canary(2),
        referer: `https://example.com/${canary(3)}`,
        cookie: `other=${canary(4)}`,
        'x-forwarded-for': ADDRESSES[0]!,
        'x-request-id': canary(5),
        ...init.headers,
      },
    });
    const text = await response.text();
    this.answers.push(`${init.method ?? 'GET'} ${path} ${response.status}`);
    if (status !== undefined && response.status !== status)
      throw new Error(`${path}: ${response.status} instead of ${status}: ${text.slice(0, 300)}`);
    return text;
  }

  private form(path: string, fields: Record<string, string>, status = 200): Promise<string> {
    return this.ask(path, { method: 'POST', body: new URLSearchParams(fields) }, status);
  }

  private async api<T>(method: string, path: string, body?: unknown, status?: number): Promise<T> {
    const headers = {
      ...this.key.headers,
      ...(body instanceof FormData ? {} : { 'content-type': 'application/json' }),
    };
    const sent =
      body instanceof FormData ? body : typeof body === 'string' ? body : JSON.stringify(body);
    const text = await this.ask(
      `/api/v1/${path}`,
      { method, headers, ...(body !== undefined && { body: sent }) },
      status,
    );
    return (text.startsWith('{') ? JSON.parse(text) : {}) as T;
  }

  private async mailTo(email: string) {
    await until(
      async () => this.stub.delivered.some(({ to }) => to.includes(email)),
      20,
      `mail to ${email}`,
    );
    return this.stub.delivered.filter(({ to }) => to.includes(email)).at(-1)!;
  }

  async tell(): Promise<void> {
    this.topicId = await this.service.topic(TOPIC);
    const { topicId } = this;
    await this.importList();
    const person = {
      kind: 'company_contact',
      email: `${canary(20)}@exempel.example`,
      firstName: canary(21),
      lastName: canary(22),
      organisation: canary(23),
      phone: PHONE,
    };
    await this.api('PUT', `contacts/${canary(24)}@crm.example`, person, 200);
    await this.api(
      'PUT',
      'contacts/p-1',
      { ...person, email: canary(25), city: `${canary(26)}\0` },
      422,
    );
    await this.api('PUT', 'organisations/o-1', { name: canary(27), city: canary(28) }, 200);
    await this.signUp();
    const campaign = await this.api<{ id: string }>(
      'POST',
      'campaigns',
      { name: 'Brev', topicId, templateKey: 'nyhetsbrev', subject: 'Hej {{ contact.first_name }}' },
      201,
    );
    await this.api(
      'POST',
      `campaigns/${campaign.id}/test`,
      { to: [`${canary(29)}@exempel.example`] },
      200,
    );
    this.stub.answerNext({
      kind: 'refuse',
      addresses: [`${canary(11)}@${canary(12)}.example`],
      naming: true,
    });
    await this.api('POST', `campaigns/${campaign.id}/launch`, {}, 202);
    await this.service.settled(campaign.id);
    await this.sayNo();
    await this.sendEvents();
    await this.goWrong();
  }

  private async importList(): Promise<void> {
    const file = [
      'e-post;mobil;förnamn;efternamn;titel;företag;ort;ämnen',
      `${canary(11)}@${canary(12)}.example;${PHONE};${canary(13)};${canary(14)};${canary(15)};${canary(16)};Lund;${TOPIC}`,
      `stannar@exempel.example;;${canary(13)};;;;;${TOPIC}`,
      `${canary(17)} hos exempel;;;;;;;${canary(18)}`,
    ];
    const upload = new FormData();
    upload.set('kind', 'company_contact');
    upload.set('file', new Blob([file.join('\r\n')]), `${canary(19)}.csv`);
    const { id } = await this.api<{ id: string }>('POST', 'imports', upload, 201);
    const consent = { channels: ['email'], reference: 'akt 17', collectedAt: '2026-01-15' };
    await this.api(
      'PUT',
      `imports/${id}/mapping`,
      { consent, notice: { version: '2018-04-05', at: '2026-01-15' } },
      200,
    );
    await this.api('POST', `imports/${id}/dry-run`, undefined, 200);
    await this.api('GET', `imports/${id}/faults.csv`, undefined, 200);
    await this.api('POST', `imports/${id}/start`, undefined, 202);
    await until(
      async () => (await this.api<{ state: string }>('GET', `imports/${id}`)).state === 'finished',
      20,
      'the import',
    );
  }

  private async signUp(): Promise<void> {
    const { topicId } = this;
    await this.api(
      'POST',
      'signup-forms',
      { key: 'prov', nameSv: 'Prov', nameEn: 'Trial', topicIds: [topicId] },
      201,
    );
    const page = await this.ask(`/signup/prov?utm_source=${canary(30)}`, {}, 200);
    const value = (name: string) => new RegExp(`name="${name}" value="([^"]+)"`).exec(page)![1]!;
    const email = `${canary(31)}@exempel.example`;
    await this.form('/signup/prov', {
      email,
      lang: 'sv',
      seen: value('seen'),
      topic: value('topic'),
    });
    await this.form('/signup/prov', { email: canary(32), lang: 'sv' }, 422);
    const token = /\/confirm\/([\w-]+)/.exec((await this.mailTo(email)).text)![1]!;
    this.tokens.push(token);
    await this.ask(`/confirm/${token}`, {}, 200);
    await this.form(`/confirm/${token}`, {});
    await until(
      async () => this.stub.delivered.filter(({ to }) => to.includes(email)).length === 2,
      20,
      'the welcome',
    );
  }

  private async sayNo(): Promise<void> {
    const token = /\/u\/([\w-]{22})/.exec((await this.mailTo('stannar@exempel.example')).text)![1]!;
    this.tokens.push(token);
    for (const page of ['u', 'preferences', 'why', 'view'])
      await this.ask(`/${page}/${token}?mail=${canary(33)}`, {}, 200);
    await this.form(`/u/${token}`, { 'List-Unsubscribe': 'One-Click', note: canary(34) });
    await this.form('/avsluta', { address: `${canary(35)}@exempel.example` });
    await this.form('/avsluta', { address: PHONE });
    await this.api(
      'POST',
      'opt-outs',
      { address: `${canary(36)}@exempel.example`, reference: 'a-1' },
      200,
    );
    await this.api(
      'POST',
      'registry/lookup',
      { channel: 'email', address: `${canary(37)}@exempel.example` },
      200,
    );
    await this.api('POST', 'contacts/search', { q: `${canary(38)}@exempel.example` }, 200);
    await this.tellCustomerService(token);
  }

  private async tellCustomerService(token: string): Promise<void> {
    const desk = 'service-desk';
    const caller = { cameBy: 'phone', words: `Hon heter ${canary(49)}` };
    const address = `${canary(50)}@exempel.example`;
    await this.api('POST', `${desk}/opt-outs`, { ...caller, address, reference: 'a-2' }, 200);
    await this.api('POST', `${desk}/cases`, { ...caller, kind: 'question' }, 201);
    for (const query of [canary(13), address, `${canary(51)}@exempel.example`])
      await this.api('POST', `${desk}/search`, { query }, 200);
    const from = `${canary(52)} <${canary(53)}@exempel.example>`;
    const text = `Snälla, inte mer till ${canary(54)}\n\n> https://larkraft.example/u/${token}`;
    for (const subject of [canary(55), `avsluta ${token}`, `Re: avsluta ${token}`]) {
      const answer = await postMail(this.url, { from, subject, text });
      if (answer.status !== 200) throw new Error(`the mail was answered ${answer.status}`);
    }
    await this.api('GET', `${desk}/replies`, undefined, 200);
    this.answers.push('mail to us');
  }

  private async sendEvents(): Promise<void> {
    const [message] = await this.service.db.query<{ id: string }>(
      `SELECT id FROM message_status WHERE state = 'ACCEPTED' LIMIT 1`,
    );
    const about = { messageId: message!.id, to: `${canary(39)}@exempel.example` };
    const noise = {
      ip: ADDRESSES[1],
      useragent: canary(40),
      url: `https://example.com/${canary(41)}`,
      category: [canary(42)],
      mine: canary(43),
    };
    const events = [
      this.stub.events.event('delivered', about, { ...noise, response: `250 ${canary(44)}` }),
      this.stub.events.event(
        'bounce',
        { to: about.to },
        { ...noise, reason: `550 ${canary(45)}@exempel.example unknown` },
      ),
      this.stub.events.event('dropped', { to: about.to }, { ...noise, reason: canary(45) }),
      this.stub.events.event('spamreport', about, noise),
      this.stub.events.event('open', about, noise),
    ];
    await this.stub.events.post(`${this.url}/webhooks/sendgrid/events`, events);
    await until(async () => (await this.service.db.query('SELECT FROM event_slice')).length === 0);
  }

  private async goWrong(): Promise<void> {
    await this.api('POST', 'campaigns', `{"name":"${canary(46)}`, 400);
    await this.ask(`/finns-inte/${canary(47)}@exempel.example`, {}, 404);
    await this.ask(`/u/${canary(47)}`, {}, 404);
    await this.api('GET', `contacts/${canary(47)}`, undefined, 404);
    const login = {
      email: `${canary(48)}@larkraft.example`,
      password: `${canary(48)} ${canary(10)}`,
    };
    await this.api('POST', 'session', login, 401);
    // A defect of ours, in the middle of a person's data.
    await this.service.db.query(`ALTER TABLE organisation RENAME TO organisation_away`);
    await this.api(
      'PUT',
      'contacts/p-2',
      { kind: 'company_contact', email: `${canary(6)}@exempel.example`, organisation: canary(7) },
      500,
    );
    await this.api('PUT', `organisations/${canary(8)}`, { name: canary(9) }, 500);
    await this.service.db.query(`ALTER TABLE organisation_away RENAME TO organisation`);
  }
}
