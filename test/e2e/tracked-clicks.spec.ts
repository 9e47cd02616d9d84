import { MergeContacts } from '../../src/features/imports/people/merge-contacts';
import { OptOuts } from '../../src/features/registry/opt-outs';
import { Registry } from '../../src/features/registry/registry.service';
import { SignupForms } from '../../src/features/signups/forms/signup-forms.service';
import { DeliverWebhooks } from '../../src/features/webhooks/deliver-webhooks';
import { OPERATOR, RECIPIENT } from '../../src/platform/http/actor';
import { type Caller, learner, logIn } from '../setup/callers';
import { Service, until, type MailboxRow } from '../setup/service';

const ARTICLE = 'https://www.example.com/artiklar/tjugo-minuter';
const COUNTED = /http:\/\/localhost:3000\/c\/[\w-]{8}(?:\/[\w-]{22})?(?=["\s<.)])/g;

/** L-40, P-49: who follows which link is known of nobody but those who agreed, and only while they do. */
describe('clicks of somebody who agrees to be seen', () => {
  let service: Service;
  let topicId: string;
  let marketer: Caller;
  let people = 0;

  beforeAll(async () => {
    service = await Service.open();
    topicId = await service.topic('nyhetsbrev');
    marketer = await logIn(service, 'marketer');
    const others = Array.from({ length: 6 }, (_, n) => ({ email: `andra${n}@exempel.example` }));
    await service.people(topicId, others);
  });
  afterAll(() => service.close());

  async function person() {
    const email = `sedd${(people += 1)}@exempel.example`;
    const [id] = await service.people(topicId, [{ email }]);
    return { id: id!, email, me: await learner(service, id!) };
  }
  const put = async (me: Caller, body: object) =>
    fetch(`${service.url}/api/v1/me/preferences`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json', ...me.headers },
      body: JSON.stringify(body),
    });
  const post = (path: string, fields: Record<string, string>) =>
    fetch(path, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' });
  const follow = (link: string, headers: Record<string, string> = {}, method = 'GET') =>
    fetch(service.local(link), { redirect: 'manual', headers, method });

  async function send(): Promise<string> {
    const campaignId = await service.launch(topicId);
    await service.settled(campaignId);
    return campaignId;
  }
  const mailTo = async (email: string): Promise<MailboxRow> =>
    (await service.mailbox(email)).at(-1)!;
  const linksIn = ({ html }: MailboxRow) => html.match(COUNTED) ?? [];
  /** Of the mail, the link to the article, whoever it tells of. */
  async function linkTo(mail: MailboxRow, campaignId: string): Promise<string> {
    const [link] = await service.db.query<{ code: string }>(
      'SELECT code FROM campaign_link WHERE campaign_id = $1 AND url = $2',
      [campaignId, ARTICLE],
    );
    return linksIn(mail).find((one) => one.includes(`/c/${link!.code}`))!;
  }
  const clicksOf = (contactId: string) =>
    service.db.query<{ code: string; campaign_id: string }>(
      'SELECT code, campaign_id FROM contact_click WHERE contact_id = $1',
      [contactId],
    );
  const entriesOf = (contactId: string) =>
    service.db.query<{ kind: string; door: string; method: string; wording_version: string }>(
      `SELECT kind, door, method, wording_version FROM ledger_entry
       WHERE contact_id = $1 AND kind IN ('track', 'untrack') ORDER BY seq`,
      [contactId],
    );
  async function answer(op: string, match = 'all') {
    const tree = { match, rules: [{ field: 'clicks', op }] };
    const response = await fetch(`${service.url}/api/v1/segments/answer`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...marketer.headers },
      body: JSON.stringify({ tree }),
    });
    return (await response.json()) as {
      people: number;
      untracked: number;
      sentence: { sv: string };
      sample: { id: string }[];
    };
  }
  const found = async (op: string, match?: string) =>
    (await answer(op, match)).sample.map(({ id }) => id);

  it('nobody is asked for by being there: without a yes every mail has the same links', async () => {
    await person();
    await send();
    const mails = await service.mailbox();
    const links = mails.map((mail) => linksIn(mail).join(' '));
    expect(links[0]).not.toBe('');
    expect(new Set(links).size).toBe(1);
    expect(links[0]).not.toMatch(/\/c\/[\w-]{8}\//);
  });

  it('are stored, found by segments and shown to the person, who agreed in Mina sidor', async () => {
    const { id, email, me } = await person();
    const other = await person();
    const given = await put(me, { tracking: true });
    expect(await given.json()).toMatchObject({ tracking: true });
    const [entry] = await entriesOf(id);
    expect(entry).toMatchObject({
      kind: 'track',
      door: 'mina_sidor',
      method: 'mina_sidor_authenticated',
    });
    const [wording] = await service.db.query<{ text: string }>(
      'SELECT text FROM wording WHERE version = $1',
      [entry!.wording_version],
    );
    expect(wording!.text).toContain('Ja, ni får se vad jag klickar på');

    const campaignId = await send();
    const mail = await mailTo(email);
    const own = await linkTo(mail, campaignId);
    expect(own).toMatch(/\/c\/[\w-]{8}\/[\w-]{22}$/);
    expect(await linkTo(await mailTo(other.email), campaignId)).toMatch(/\/c\/[\w-]{8}$/);
    // P-03: the ways out lead nowhere but to us, and tell of nothing.
    for (const way of ['u', 'why', 'view', 'preferences']) {
      const links = mail.html.match(new RegExp(`http://localhost:3000/${way}/[^"]*`, 'g')) ?? [];
      for (const link of links) expect(link).toMatch(new RegExp(`/${way}/[\\w-]{22}$`));
    }
    expect(mail.text).toContain(own);

    const response = await follow(own);
    expect([response.status, response.headers.get('location')]).toEqual([302, ARTICLE]);
    await follow(await linkTo(await mailTo(other.email), campaignId));
    expect(await clicksOf(id)).toEqual([{ code: own.split('/')[4], campaign_id: campaignId }]);
    expect(await clicksOf(other.id)).toEqual([]);

    expect(await found('clicked')).toEqual([id]);
    const { sentence, untracked } = await answer('clicked');
    expect(sentence.sv).toBe('Personer som har klickat i något utskick');
    expect(untracked).toBeGreaterThan(6);
    // Neither somebody who clicked nor somebody who did not.
    expect(await found('never_clicked')).toEqual([]);
    expect(await found('clicked', 'none')).toEqual([]);

    const known = await fetch(`${service.url}/api/v1/me/learning`, { headers: me.headers });
    const { clicks } = (await known.json()) as { clicks: { url: string; goneOn: string }[] };
    expect(clicks).toMatchObject([{ url: ARTICLE }]);
    const page = await fetch(`${service.url}/api/v1/contacts/${id}/timeline`, {
      headers: (await logIn(service, 'privacy_officer')).headers,
    });
    const { items } = (await page.json()) as { items: { kind: string; sentence: string }[] };
    expect(items.find(({ kind }) => kind === 'click')!.sentence).toContain(ARTICLE);
  });

  it('are not stored of programs, of made-up words or of links that stand in another mail', async () => {
    const { id, email, me } = await person();
    await put(me, { tracking: true });
    const campaignId = await send();
    const own = await linkTo(await mailTo(email), campaignId);
    await follow(own, {}, 'HEAD');
    await follow(own, { 'sec-purpose': 'prefetch;prerender' });
    await follow(own, { 'user-agent': 'Mozilla/5.0 (compatible; Mailscanner/1.0)' });
    expect((await follow(`${own.slice(0, -22)}${'A'.repeat(22)}`)).status).toBe(302);
    expect((await follow(`${own}x`)).status).toBe(302);
    const otherCampaign = await send();
    const [elsewhere] = await service.db.query<{ code: string }>(
      'SELECT code FROM campaign_link WHERE campaign_id = $1 LIMIT 1',
      [otherCampaign],
    );
    await follow(service.env.link(`/c/${elsewhere!.code}/${own.slice(-22)}`));
    expect(await clicksOf(id)).toEqual([]);
    await follow(own);
    expect(await clicksOf(id)).toHaveLength(1);
  });

  it('are told to the systems that ask, once each, and are forgotten there too when the yes is taken back', async () => {
    const admin = await logIn(service, 'admin');
    const made = await fetch(`${service.url}/api/v1/webhook-endpoints`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...admin.headers },
      // Nobody answers there: what is to be told waits.
      body: JSON.stringify({
        url: 'http://127.0.0.1:9/',
        events: ['link.clicked', 'tracking.ended'],
      }),
    });
    expect(made.status).toBe(201);
    const told = () =>
      service.db.query<{ type: string; data: object }>(
        `SELECT type, payload->'data' AS data FROM webhook_delivery ORDER BY created_at`,
      );
    const { id, email, me } = await person();
    const other = await person();
    await put(me, { tracking: true });
    const campaignId = await send();
    const own = await linkTo(await mailTo(email), campaignId);
    await follow(await linkTo(await mailTo(other.email), campaignId));
    await follow(own);
    await follow(own);
    await service.get(DeliverWebhooks).run();
    await service.get(DeliverWebhooks).run();
    const data = { contactId: id, externalId: null, campaignId, url: ARTICLE };
    expect(await told()).toEqual([{ type: 'link.clicked', data }]);

    await put(me, { tracking: false });
    expect(await told()).toEqual([]);
    await until(async () => (await told()).length > 0, 20, 'the end of the consent');
    expect(await told()).toMatchObject([{ type: 'tracking.ended', data: { contactId: id } }]);
    await service.db.query('DELETE FROM webhook_endpoint');
  });

  it('are gone at once when the yes is taken back, and links in mails already sent tell nothing more', async () => {
    const { id, email, me } = await person();
    await put(me, { tracking: true });
    const campaignId = await send();
    const mail = await mailTo(email);
    const own = await linkTo(mail, campaignId);
    await follow(own);
    expect(await clicksOf(id)).toHaveLength(1);
    const [preferences] = /http:\/\/localhost:3000\/preferences\/[\w-]{22}/.exec(mail.html)!;
    const saved = await post(service.local(preferences), { action: 'untrack' });
    expect(await saved.text()).toContain('Sparat');
    expect(await clicksOf(id)).toEqual([]);
    expect((await follow(own)).headers.get('location')).toBe(ARTICLE);
    expect(await clicksOf(id)).toEqual([]);
    expect(await found('clicked')).not.toContain(id);
    expect((await entriesOf(id)).map(({ kind, door }) => [kind, door])).toEqual([
      ['track', 'mina_sidor'],
      ['untrack', 'preference_page'],
    ]);
    const next = await send();
    expect(await linkTo(await mailTo(email), next)).toMatch(/\/c\/[\w-]{8}$/);
  });

  it('end with a no to all marketing, and cannot begin while that stands', async () => {
    const { id, email, me } = await person();
    await put(me, { tracking: true });
    const campaignId = await send();
    await follow(await linkTo(await mailTo(email), campaignId));
    expect(await clicksOf(id)).toHaveLength(1);
    await service.get(OptOuts).byContact(id, { door: 'mina_sidor', actor: RECIPIENT });
    expect(await clicksOf(id)).toEqual([]);
    const refused = await put(me, { tracking: true });
    expect([refused.status, await refused.json()]).toMatchObject([
      409,
      { code: 'cannot_turn_on', errors: [{ path: 'tracking' }] },
    ]);
    expect(await entriesOf(id)).toHaveLength(1);
  });

  it('are asked for from the preference page by a mail that the mailbox confirms (P-72)', async () => {
    const { id, email } = await person();
    await send();
    const [preferences] = /http:\/\/localhost:3000\/preferences\/[\w-]{22}/.exec(
      (await mailTo(email)).html,
    )!;
    const page = await (await fetch(service.local(preferences))).text();
    expect(page).toContain('Får vi se vad du klickar på?');
    await post(`${service.local(preferences)}/keep`, { tracking: 'yes' });
    let ask = '';
    await until(async () => {
      ask = /http:\/\/localhost:3000\/confirm\/[\w-]+/.exec((await mailTo(email)).html)?.[0] ?? '';
      return ask !== '';
    });
    const asked = await (await fetch(service.local(ask))).text();
    expect(asked).toContain('bara så länge ditt ja gäller');
    expect(await entriesOf(id)).toEqual([]);
    const done = await (await post(service.local(ask), {})).text();
    expect(done).toContain('Tack, det är sparat');
    expect(await entriesOf(id)).toMatchObject([
      { kind: 'track', door: 'double_opt_in', method: 'double_opt_in_post' },
    ]);
    const [contact] = await service.db.query<{ kinds: string[] }>(
      'SELECT kinds FROM contact WHERE id = $1',
      [id],
    );
    expect(contact!.kinds).toEqual(['company_contact']);
    await post(service.local(ask), {});
    expect(await entriesOf(id)).toHaveLength(1);
    await post(service.local(preferences), { action: 'untrack' });
    expect(await (await fetch(service.local(ask))).text()).toContain('Vi ser inte vad du klickar');
  });

  it('are asked for by a form only where that is chosen, unticked, and agreed to with the sign-up', async () => {
    const words = { nameSv: 'Nyheter', nameEn: 'News', topicIds: [topicId] };
    const forms = service.get(SignupForms);
    await forms.create({ ...words, key: 'utan' }, OPERATOR);
    await forms.create({ ...words, key: 'med', asksTracking: true }, OPERATOR);
    const agreedBy = async (key: string, email: string) => {
      const page = await (await fetch(`${service.url}/signup/${key}`)).text();
      const seen = /name="seen" value="([^"]+)"/.exec(page)![1]!;
      await post(`${service.url}/signup/${key}`, { email, seen, topic: topicId, tracking: 'yes' });
      await until(async () => (await service.mailbox(email)).length > 0);
      const ask = /http:\/\/localhost:3000\/confirm\/[\w-]+/.exec((await mailTo(email)).html)![0];
      await post(service.local(ask), {});
      const entries = await service.db.query<{ kind: string; detail: string }>(
        `SELECT l.kind, l.detail FROM ledger_entry l JOIN address a ON a.contact_id = l.contact_id
         WHERE a.value = $1 AND l.kind IN ('grant', 'track') ORDER BY l.seq`,
        [email],
      );
      return { page, entries };
    };
    const without = await agreedBy('utan', 'utan@exempel.example');
    expect(without.page).not.toContain('name="tracking"');
    expect(without.entries).toEqual([{ kind: 'grant', detail: 'utan' }]);
    const asked = await agreedBy('med', 'med@exempel.example');
    expect(asked.page).toContain('name="tracking"');
    expect(asked.page).not.toContain('checked');
    expect(asked.entries).toEqual([
      { kind: 'grant', detail: 'med' },
      { kind: 'track', detail: 'med' },
    ]);
  });

  it('are nobody’s in a mailbox that two people share, and a merge keeps those of whom the yes was', async () => {
    const [first, second] = [await person(), await person()];
    await put(first.me, { tracking: true });
    const campaignId = await send();
    const own = await linkTo(await mailTo(first.email), campaignId);
    await follow(own);
    await service.get(MergeContacts).run(second.id, first.id, OPERATOR);
    expect(await clicksOf(second.id)).toEqual([]);
    await follow(own);
    expect(await clicksOf(second.id)).toEqual([]);

    const third = await person();
    await put(third.me, { tracking: true });
    const shared = await person();
    await service.db.query(
      `INSERT INTO address (id, contact_id, channel, value, canonical, address_key, key_version, source, collected_at)
       SELECT gen_random_uuid(), $2, channel, value, canonical, address_key, key_version, source, collected_at
       FROM address WHERE contact_id = $1`,
      [third.id, shared.id],
    );
    const next = await send();
    expect(await linkTo(await mailTo(third.email), next)).toMatch(/\/c\/[\w-]{8}$/);
  });

  it('are agreed to by nobody on behalf of somebody else', async () => {
    const { id } = await person();
    for (const door of ['service_desk', 'import', 'api', 'privacy_officer'] as const) {
      const act = { kind: 'track', scope: 'all', channel: null, address: null } as const;
      const method = door === 'privacy_officer' ? 'officer_with_evidence' : 'form';
      await expect(
        service.db.tx((tx) =>
          service
            .get(Registry)
            .record(tx, [{ ...act, contactId: id, door, method, actor: OPERATOR }]),
        ),
      ).rejects.toThrow('agrees to tracking for another');
    }
    expect(await entriesOf(id)).toEqual([]);
  });
});
