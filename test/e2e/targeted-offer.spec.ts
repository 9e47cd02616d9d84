import { apiKey, type Caller } from '../setup/callers';
import { Service, until } from '../setup/service';

const POLICY = '2018-04-05';
const DAY = 86_400_000;
const ago = (days: number) => new Date(Date.now() - days * DAY).toISOString();

type Deed = { course: 'excel-1' | 'excel-2'; kind: string; days: number };
const completed = (days: number): Deed => ({ course: 'excel-1', kind: 'completed', days });
const READY = [completed(100)];

/** What each learner of a company has done, by number; whom the offer is for stands first. */
const COMPANIES = {
  falken: {
    name: 'Falkens Bygg AB',
    city: 'Malmö',
    learners: [
      ...Array.from({ length: 8 }, () => READY),
      [completed(500)],
      [...READY, { course: 'excel-2', kind: 'started', days: 3 }],
    ],
  },
  skeppet: {
    name: 'Skeppets Varv AB',
    city: 'Malmö',
    learners: [
      ...Array.from({ length: 6 }, () => READY),
      [{ course: 'excel-1', kind: 'started', days: 9 }],
      READY,
      READY,
      [],
    ],
  },
  granen: {
    name: 'Granens Data AB',
    city: 'Lund',
    learners: Array.from({ length: 5 }, () => READY),
  },
} satisfies Record<string, { name: string; city: string; learners: Deed[][] }>;

/** Completed it like the others, and are not to be asked about any more: one objected, one is a minor. */
const OBJECTED = 'skeppet-7';
const MINOR = 'skeppet-8';
/** Are in the segment, and get nothing. */
const NO_TO_OFFERS = 'falken-0';
const CAPPED = 'skeppet-0';
const NAMED = 14;
const GETS = 12;

describe('an offer of the next course to those at companies in Malmö who are ready for it', () => {
  let service: Service;
  let caller: Caller;
  let segmentId: string;
  let campaignId: string;

  beforeAll(async () => {
    service = await Service.open({ MARKETING_CAP: '1', MARKETING_CAP_DAYS: '30' });
    for (const topic of ['erbjudanden', 'nyhetsbrev']) await service.topic(topic);
    caller = await apiKey(
      service,
      'contacts:read',
      'contacts:write',
      'learning:write',
      'imports:run',
      'campaigns:read',
      'campaigns:write',
      'campaigns:send',
      'opt-outs:record',
      'registry:read',
    );
    for (const [id, { name, city }] of Object.entries(COMPANIES)) {
      await call('PUT', `organisations/${id}`, { name, city });
      const agreement = { organisation: id, startsOn: '2025-01-01' };
      await call('PUT', `agreements/avtal-${id}`, agreement);
    }
    for (const [n, name] of ['Excel grund', 'Excel fortsättning'].entries())
      await call('PUT', `courses/excel-${n + 1}`, {
        name,
        subject: 'Excel',
        level: n + 1,
        url: `https://kurser.example/excel-${n + 1}`,
      });
    for (const company of Object.keys(COMPANIES) as (keyof typeof COMPANIES)[])
      await handOver(company);
    await sendEvents();
  }, 60_000);
  afterAll(() => service?.close());

  async function call<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: object,
  ): Promise<T> {
    const isForm = body instanceof FormData;
    const answer = await fetch(`${service.url}/api/v1/${path}`, {
      method,
      headers: { ...caller.headers, ...(!isForm && { 'content-type': 'application/json' }) },
      ...(body && { body: isForm ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return (text ? JSON.parse(text) : {}) as T;
  }

  const emailOf = (externalId: string) => `${externalId}@exempel.example`;
  const learnersOf = (company: keyof typeof COMPANIES) =>
    COMPANIES[company].learners.map((_, n) => `${company}-${n}`);

  /** The employer's list, with its attestation, and where each has agreed to offers and the newsletter. */
  async function handOver(company: keyof typeof COMPANIES): Promise<void> {
    const rows = learnersOf(company).map((id) => `${emailOf(id)};Kim;${id};erbjudanden`);
    const file = ['E-post;Förnamn;Externt id;Ämnen', ...rows].join('\r\n');
    const form = new FormData();
    form.set('kind', 'learner');
    form.set('file', new Blob([file], { type: 'text/csv' }), `${company}.csv`);
    const { id } = await call<{ id: string }>('POST', 'imports', form);
    await call('PUT', `imports/${id}/mapping`, {
      attestation: {
        company: COMPANIES[company].name,
        attestedBy: 'HR-chefen',
        at: ago(300),
        policyVersion: POLICY,
        channel: 'intranätet',
      },
      consent: { channels: ['email'], reference: 'Mina sidor 2025', collectedAt: ago(300) },
    });
    await call('POST', `imports/${id}/start`);
    const state = async () => (await call<{ state: string }>('GET', `imports/${id}`)).state;
    await until(async () => (await state()) === 'finished', 30, `the import of ${company}`);
  }

  async function sendEvents(): Promise<void> {
    const items = Object.entries(COMPANIES).flatMap(([company, { learners }]) =>
      (learners as Deed[][]).flatMap((deeds, n) =>
        deeds.map(({ course, kind, days }) => ({
          eventId: `${company}-${n}-${course}-${kind}`,
          contactExternalId: `${company}-${n}`,
          courseExternalId: course,
          kind,
          occurredAt: ago(days),
        })),
      ),
    );
    const answer = await call<{ items: { outcome: string }[] }>('POST', 'learner-events/batch', {
      items,
    });
    expect(new Set(answer.items.map(({ outcome }) => outcome))).toEqual(new Set(['stored']));
  }

  async function idOf(externalId: string): Promise<string> {
    const { id } = await call<{ id: string }>('PUT', `contacts/${externalId}`, { kind: 'learner' });
    return id;
  }

  it('names them by the companies that handed them over, though they belong to none', async () => {
    await call('POST', 'opt-outs', { externalId: OBJECTED });
    await call('PUT', `contacts/${MINOR}`, { kind: 'learner', minor: true });
    await call('POST', 'opt-outs', { externalId: NO_TO_OFFERS, topic: 'erbjudanden' });
    const { items } = await call<{ items: { id: string; externalId: string }[] }>('GET', 'courses');
    const courseOf = (one: string) => [items.find(({ externalId }) => externalId === one)!.id];
    const learning = { field: 'learning' };
    const tree = {
      match: 'all',
      rules: [
        { field: 'organisation_city', op: 'is', value: 'malmö' },
        { field: 'agreement', op: 'active' },
        {
          ...learning,
          op: 'did',
          events: ['completed'],
          courses: courseOf('excel-1'),
          when: { last: 1, unit: 'years' },
        },
        { ...learning, op: 'never', events: ['started'], courses: courseOf('excel-2') },
      ],
    };
    const name = 'Redo för Excel fortsättning i Malmö';
    segmentId = (await call<{ id: string }>('POST', 'segments', { name, tree })).id;
    const answer = await call<{ people: number; leftOut: number }>('POST', 'segments/answer', {
      tree,
    });
    expect(answer).toMatchObject({ people: NAMED, leftOut: 2, profiling: true });
    const contact = await call('GET', `contacts/${await idOf('falken-1')}`);
    expect(contact).toMatchObject({
      organisation: null,
      employer: { name: 'Falkens Bygg AB' },
      agreements: [{ externalId: 'avtal-falken', startsOn: '2025-01-01' }],
    });
  });

  it('says of each why they are in it, or not', async () => {
    const rulesOf = async (externalId: string) => {
      const path = `segments/${segmentId}/people/${await idOf(externalId)}`;
      const { inside, profiled, rules } = await call<{
        inside: boolean;
        profiled: boolean;
        rules: { holds: boolean }[];
      }>('GET', path);
      return [inside, profiled, ...rules.map(({ holds }) => holds)];
    };
    expect(await rulesOf('falken-1')).toEqual([true, true, true, true, true, true]);
    expect(await rulesOf('falken-8')).toEqual([false, true, true, true, false, true]);
    expect(await rulesOf('falken-9')).toEqual([false, true, true, true, true, false]);
    expect(await rulesOf('granen-1')).toEqual([false, true, false, true, true, true]);
    expect(await rulesOf(OBJECTED)).toEqual([false, false, true, true, false, false]);
  });

  it('goes to those and no others, and says before it leaves who gets nothing and why', async () => {
    await reachTheCap();
    const [topic] = await service.db.query<{ id: string }>(
      `SELECT id FROM topic WHERE key = 'erbjudanden'`,
    );
    const draft = {
      name: 'Excel fortsättning i Malmö',
      topicId: topic!.id,
      templateKey: 'nasta-kurs',
      audience: { members: 'everyone', segments: { include: [segmentId] } },
    };
    campaignId = (await call<{ id: string }>('POST', 'campaigns', draft)).id;
    const promised = await call('GET', `campaigns/${campaignId}/audience`);
    expect(promised).toMatchObject({ audience: NAMED, gets: GETS });
    expect(promised.withheld).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ reason: 'suppressed_person', count: 1 }),
        expect.objectContaining({ reason: 'capped', count: 1 }),
      ]),
    );
    await call('POST', `campaigns/${campaignId}/launch`, {});
    await service.settled(campaignId);
    const mails = (await service.mailbox()).filter((mail) => mail.campaignId === campaignId);
    const expected = [...learnersOf('falken').slice(0, 8), ...learnersOf('skeppet').slice(0, 6)]
      .filter((id) => id !== NO_TO_OFFERS && id !== CAPPED)
      .map(emailOf);
    expect(mails.map(({ to }) => to).sort()).toEqual(expected.sort());
    for (const { html, text } of mails) {
      expect(html).toContain('href="https://kurser.example/excel-2"');
      expect(text).toContain('Eftersom du har slutfört Excel grund.');
    }
  }, 60_000);

  it('is ended by the link, and both the report and the page behind “why” say all of it', async () => {
    const [mail] = await service.mailbox(emailOf('falken-3'));
    const link = (name: string) =>
      service.local(new RegExp(`https?://[^"\\s<>]*/${name}/[\\w-]+`).exec(mail!.html)![0]);
    const why = async () => (await fetch(`${link('why')}?lang=sv`)).text();
    const before = await why();
    const because = 'Du fick Excel fortsättning därför att du har slutfört Excel grund.';
    for (const words of ['Erbjudanden', 'Från din arbetsgivare', 'Ditt samtycke', because])
      expect(before).toContain(words);
    const body = 'List-Unsubscribe=One-Click';
    expect((await fetch(link('u'), { method: 'POST', body })).status).toBe(200);
    // It tells why that mail came, but for what is forgotten with the no.
    const after = await why();
    for (const words of ['Erbjudanden', 'Från din arbetsgivare', 'Ditt samtycke'])
      expect(after).toContain(words);
    expect(after).not.toContain('Excel');

    const report = await call<{
      counts: { audience: number; gap: number; buckets: object; withheld: object[] };
      optOuts: object[];
    }>('GET', `campaigns/${campaignId}/report`);
    expect(report.counts).toMatchObject({
      audience: NAMED,
      gap: 0,
      buckets: { accepted: GETS, withheld: NAMED - GETS },
    });
    expect(report.optOuts).toEqual([expect.objectContaining({ door: 'link', count: 1 })]);
    const { items } = await call<{ items: { reason: string }[] }>(
      'GET',
      `campaigns/${campaignId}/messages?state=WITHHELD`,
    );
    expect(items.map(({ reason }) => reason).sort()).toEqual(['capped', 'suppressed_person']);

    const explained = await call<{ inside: boolean; profiled: boolean }>(
      'GET',
      `segments/${segmentId}/people/${await idOf('falken-3')}`,
    );
    expect(explained).toMatchObject({ inside: false, profiled: false });
    const learning = await call('GET', `contacts/${await idOf('falken-3')}/learning`);
    expect(learning).toMatchObject({ courses: [], events: [], offers: [] });
  });

  /** One of them has had as much as anybody is to get. */
  async function reachTheCap(): Promise<void> {
    const [news] = await service.db.query<{ id: string }>(
      `SELECT id FROM topic WHERE key = 'nyhetsbrev'`,
    );
    await service.people(news!.id, [{ email: emailOf(CAPPED), externalId: CAPPED }]);
    await service.settled(await service.launch(news!.id, { templateKey: 'enkel' }));
  }
});
