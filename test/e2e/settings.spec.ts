import { Campaigns } from '../../src/features/campaigns/campaigns.service';
import { TextRecords } from '../../src/features/campaigns/check-domain';
import { OPERATOR } from '../../src/platform/http/actor';
import { SendGridEvents } from '../provider-stub/sendgrid-events';
import { logIn, type Caller } from '../setup/callers';
import { Service, until } from '../setup/service';
import { png } from './png';

interface Answer<T> {
  status: number;
  json: T & { code?: string; errors?: { path: string; code: string }[] };
}
interface Sender {
  id: string;
  email: string;
  isDefault: boolean;
  domain: { spf: boolean; dkim: boolean; dmarc: boolean; details: { spf: string } } | null;
}

describe('settings', () => {
  let service: Service;
  let admin: Caller;
  let marketer: Caller;
  let reader: Caller;
  let topicId: string;

  beforeAll(async () => {
    service = await Service.open({
      SENDGRID_WEBHOOK_PUBLIC_KEY: new SendGridEvents().publicKey,
    });
    topicId = await service.topic('nyhetsbrev');
    admin = await logIn(service, 'admin');
    marketer = await logIn(service, 'marketer');
    reader = await logIn(service, 'reader');
  });
  afterAll(() => service.close());

  async function call<T>(caller: Caller, method: string, path: string, body?: object) {
    const response = await fetch(`${service.url}/api/v1/${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...caller.headers },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, json: text ? JSON.parse(text) : {} } as Answer<T>;
  }
  const page = async (path: string) => (await fetch(service.url + path)).text();

  describe('senders', () => {
    const create = (body: object) => call<Sender>(admin, 'POST', 'senders', body);
    const list = async () =>
      (await call<{ items: Sender[]; fromSettings: { email: string } }>(marketer, 'GET', 'senders'))
        .json;

    it('are those of the settings until there is one, and the first one is the default', async () => {
      const before = await list();
      expect(before.items).toEqual([]);
      expect(before.fromSettings.email).toBe('nyhetsbrev@larkraft.example');
      const first = await create({ name: 'Lärkraft', email: 'brev@larkraft.example' });
      expect(first.json.isDefault).toBe(true);
      expect((await create({ name: 'Lärkraft', email: 'brev@larkraft.example' })).json.code).toBe(
        'sender_taken',
      );
    });

    it('have one default at any time, which goes last', async () => {
      const [first] = (await list()).items;
      const second = await create({
        name: 'Kurstips',
        email: 'tips@larkraft.example',
        isDefault: true,
      });
      expect((await list()).items.map(({ isDefault }) => isDefault)).toEqual([true, false]);
      const refused = await call(admin, 'DELETE', `senders/${second.json.id}`);
      expect([refused.status, refused.json.code]).toEqual([409, 'default_sender']);
      expect((await call(admin, 'DELETE', `senders/${first!.id}`)).status).toBe(204);
    });

    it('are copied into a new mail campaign, so that another default changes no draft', async () => {
      const campaigns = service.get(Campaigns);
      const campaign = await campaigns.create({ name: 'Prov', topicId }, OPERATOR);
      expect(campaign.senderEmail).toBe('tips@larkraft.example');
      const own = { name: 'Eget', topicId, senderEmail: 'eget@larkraft.example' };
      expect((await campaigns.create(own, OPERATOR)).senderName).toBeNull();
      const text = await campaigns.create({ name: 'Sms', topicId, channel: 'sms' }, OPERATOR);
      expect(text.senderEmail).toBeNull();
    });

    it('say what DNS says of their domain, when somebody asks', async () => {
      const records: Record<string, string[]> = {
        'larkraft.example': ['v=spf1 include:sendgrid.net -all'],
        's1._domainkey.larkraft.example': ['k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4'],
      };
      jest
        .spyOn(service.get(TextRecords), 'at')
        .mockImplementation(async (name) => records[name] ?? []);
      const check = await call(admin, 'POST', 'senders/check-domain', {
        domain: 'larkraft.example',
      });
      expect(check.json).toMatchObject({ spf: true, dkim: true, dmarc: false });
      expect((await list()).items[0]!.domain).toMatchObject({
        dmarc: false,
        details: { spf: 'v=spf1 include:sendgrid.net -all' },
      });
      const foreign = await call(admin, 'POST', 'senders/check-domain', { domain: 'example.com' });
      expect(foreign.json.code).toBe('unknown_sender_domain');
    });

    it('are changed by nobody but whoever may change settings', async () => {
      const body = { name: 'X', email: 'x@larkraft.example' };
      expect((await call(marketer, 'POST', 'senders', body)).status).toBe(403);
    });
  });

  describe('the brand', () => {
    const change = (body: object) =>
      call<{ logo: { url: string } | null }>(admin, 'PATCH', 'brand', body);

    it('is on the pages at once, by day and by night', async () => {
      expect(await page('/avsluta')).not.toContain('--go:#7a1fa2');
      const changed = await change({ name: 'Kursbolaget', colour: '#7a1fa2', footer: 'Hej & hå' });
      expect(changed.status).toBe(200);
      const shown = await page('/avsluta');
      expect(shown).toContain('<span class="brand">Kursbolaget</span>');
      expect(shown).toContain(':root{--go:#7a1fa2');
      expect(shown).toContain('<p>Hej &amp; hå</p>');
      expect(shown).toContain('Lärkraft AB, Exempelgatan 1');
    });

    it('refuses a colour that white cannot be read on, and markup in a line', async () => {
      const pale = await change({ colour: '#ffcc00' });
      expect(pale.json.errors).toEqual([
        { path: 'colour', code: 'contrast_too_low', message: 'contrast_too_low' },
      ]);
      expect((await change({ footer: '{{ contact.email }}' })).status).toBe(422);
      expect((await change({ name: '<b>x</b>' })).status).toBe(422);
    });

    it('has a logo that is a small PNG, at an address that is the same for everybody', async () => {
      const wrong = Buffer.from('GIF89a').toString('base64');
      expect((await change({ logo: wrong })).json.errors?.[0]?.code).toBe('logo_not_png');
      const { json } = await change({ logo: png(360, 88).toString('base64') });
      expect(json.logo).toMatchObject({ width: 180, height: 44 });
      const image = await fetch(service.url + json.logo!.url);
      expect(image.headers.get('content-type')).toBe('image/png');
      expect(image.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
      expect(await page('/avsluta')).toContain(`<img src="${json.logo!.url}" alt="Kursbolaget"`);
    });

    it('is in mails from then on', async () => {
      await service.people(topicId, [{ email: 'kim@exempel.example' }]);
      await service.settled(await service.launch(topicId));
      const mail = (await service.mailbox('kim@exempel.example')).at(-1)!;
      expect(mail.html).toContain('#7a1fa2');
      expect(mail.html).toContain(`${service.env.PUBLIC_URL}/brand/logo/`);
      expect(mail.text).toContain('Hej & hå');
    });

    it('can be taken away again', async () => {
      await change({ name: null, colour: null, footer: '', logo: null });
      expect(await page('/avsluta')).toContain('<span class="brand">Lärkraft AB</span>');
    });
  });

  it('tell of each webhook whether it is set up, when it was called and what was wrong', async () => {
    const webhook = async (name: string) => {
      const { json } = await call<{ items: Record<string, unknown>[] }>(
        admin,
        'GET',
        'operations/webhooks',
      );
      return json.items.find((item) => item.webhook === name)!;
    };
    expect(await webhook('sendgrid_events')).toMatchObject({ configured: true, heardAt: null });
    expect(await webhook('twilio_status')).toMatchObject({
      configured: false,
      setting: 'TWILIO_AUTH_TOKEN',
    });
    await fetch(`${service.url}/webhooks/sendgrid/events`, { method: 'POST', body: '[]' });
    await until(
      async () => (await webhook('sendgrid_events')).failure === 'webhook_signature_invalid',
      10,
      'failure',
    );
  });

  it('tell what waits, in every line and in the job queue', async () => {
    const { json } = await call<{ lines: { pool: string }[]; bells: { pool: string }[] }>(
      admin,
      'GET',
      'operations/queues',
    );
    expect(json.lines).toHaveLength(7);
    expect(json.lines[0]).toMatchObject({ pool: 'sending', channel: 'email', stuck: 0 });
    expect(json.bells.map(({ pool }) => pool)).toContain('sending');
  });

  it('let everybody choose the language of their own screens', async () => {
    const { json } = await call<{ staff: { language: string } }>(
      reader,
      'PUT',
      'session/language',
      { language: 'en' },
    );
    expect(json.staff.language).toBe('en');
  });

  describe('the search for anything', () => {
    const search = async (caller: Caller, text: string) =>
      (
        await call<{
          contacts: { email: string }[] | null;
          campaigns: { name: string }[] | null;
          templates: { key: string }[] | null;
        }>(caller, 'POST', 'search', { text })
      ).json;

    it('finds people, campaigns and templates', async () => {
      expect((await search(marketer, 'kim@exempel.example')).contacts).toHaveLength(1);
      expect((await search(marketer, 'HÖSTENS')).campaigns![0]!.name).toBe('Höstens kurser');
      expect((await search(marketer, 'nyhetsbr')).templates![0]!.key).toBe('nyhetsbrev');
    });

    it('shows nobody to whom people may not be shown, and notes whom it showed', async () => {
      expect((await search(reader, 'kim')).contacts).toBeNull();
      await search(marketer, 'kim');
      const [entry] = await service.db.query<{ details: { contactIds: string[] } }>(
        `SELECT details FROM audit_entry WHERE action = 'contacts.searched' ORDER BY id DESC LIMIT 1`,
      );
      expect(entry!.details.contactIds).toHaveLength(1);
    });
  });
});
