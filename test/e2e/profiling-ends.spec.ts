import { ForgetLearning } from '../../src/features/contacts/learning/forget-learning';
import { Dispatches } from '../../src/features/delivery/dispatches';
import { SweepDelivery } from '../../src/features/delivery/sweep-delivery';
import { CountSegments } from '../../src/features/segments/count-segments';
import { Clock } from '../../src/platform/clock';
import { apiKey, type Caller } from '../setup/callers';
import { sayYes } from '../setup/say-yes';
import { Service, until } from '../setup/service';
import { kindsOf, LEARNT } from './profiling-kinds';

const DAY = 86_400_000;

type End = 'objects' | 'objects by the link of a mail' | 'is restricted' | 'is told to be a minor';

describe('profiling ends', () => {
  let service: Service;
  let caller: Caller;
  let topicId: string;
  let campaign: string;
  let kinds: ReturnType<typeof kindsOf>;
  /** Segment by the name of its kind. */
  const asked = new Map<string, string>();
  const courses: Record<string, string> = {};
  /** The static copy among them. */
  let frozen: string;

  beforeAll(async () => {
    service = await Service.open();
    topicId = await service.topic('kurstips');
    caller = await apiKey(
      service,
      'contacts:read',
      'contacts:write',
      'learning:write',
      'topics:write',
      'campaigns:read',
      'campaigns:write',
      'opt-outs:record',
    );
    for (const [externalId, level] of [
      ['excel-1', 1],
      ['excel-2', 2],
    ] as const) {
      const course = { name: `Excel ${level}`, subject: 'Excel', level };
      const { id } = await call<{ id: string }>('PUT', `courses/${externalId}`, course);
      courses[externalId] = id;
    }
    const named = { type: 'choice', choices: ['Excel', 'Word'], purpose: 'R-10' };
    for (const key of ['interest', 'guess'])
      await call('POST', 'attributes', { ...named, key, nameSv: key, nameEn: key });
  });
  afterEach(() => jest.restoreAllMocks());
  afterAll(() => service?.close());

  async function call<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: object,
  ): Promise<T> {
    const answer = await fetch(`${service.url}/api/v1/${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...caller.headers },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return (text ? JSON.parse(text) : {}) as T;
  }

  const emailOf = (name: string) => `${name}@exempel.example`;

  /** People who have agreed, with all that the kinds ask for; then whatever is made from them. */
  async function learners(...names: string[]): Promise<string[]> {
    const ids = await service.people(
      topicId,
      names.map((name) => ({ email: emailOf(name), externalId: name })),
    );
    const items = names.map((externalId) => ({
      externalId,
      kind: 'company_contact',
      attributes: { interest: 'Excel' },
    }));
    await call('POST', 'contacts/batch', { items });
    await call('POST', 'learner-events/batch', { items: names.map((name) => event(name)) });
    campaign = await service.launch(topicId, { templateKey: 'enkel' });
    await service.settled(campaign);
    const dynamic = await segment(LEARNT(courses['excel-1']!));
    const others = await segment(LEARNT(courses['excel-2']!));
    const copy = { name: 'Då' };
    frozen = (await call<{ id: string }>('POST', `segments/${dynamic}/freeze`, copy)).id;
    const [basic, further] = [courses['excel-1']!, courses['excel-2']!];
    kinds = kindsOf({ basic, further, campaign, dynamic, frozen, others });
    for (const [kind, { tree }] of Object.entries(kinds)) asked.set(kind, await saved(kind, tree));
    return ids;
  }

  const event = (contactExternalId: string) => ({
    eventId: `${contactExternalId}-1`,
    contactExternalId,
    courseExternalId: 'excel-1',
    kind: 'completed',
    occurredAt: new Date(Date.now() - DAY).toISOString(),
  });

  const saved = async (name: string, tree: object) =>
    (await call<{ id: string }>('POST', 'segments', { name, tree })).id;
  const segment = (rule: object) => saved('Del', { match: 'all', rules: [rule] });

  const explained = (segmentId: string, contactId: string) =>
    call<{ inside: boolean; profiled: boolean }>(
      'GET',
      `segments/${segmentId}/people/${contactId}`,
    );

  /** Of each kind: is the person in it, and how many are. */
  async function standing(contactId: string): Promise<Record<string, [boolean, number]>> {
    const all: Record<string, [boolean, number]> = {};
    for (const [kind, { tree }] of Object.entries(kinds)) {
      const { inside } = await explained(asked.get(kind)!, contactId);
      const { people } = await call<{ people: number }>('POST', 'segments/answer', { tree });
      all[kind] = [inside, people];
    }
    return all;
  }

  const events = async (contactId: string) => {
    const { events: known } = await call<{ events: object[] }>(
      'GET',
      `contacts/${contactId}/learning`,
    );
    return known.length;
  };

  const ENDS: Record<End, (name: string, contactId: string) => Promise<void>> = {
    objects: async (name: string) => {
      await call('POST', 'opt-outs', { externalId: name });
    },
    'objects by the link of a mail': async (name: string) => {
      const [mail] = (await service.mailbox(emailOf(name))).slice(-1);
      const link = /<(http[^>]*\/u\/[^>]*)>/.exec(mail!.headers['List-Unsubscribe']!)![1]!;
      const body = 'List-Unsubscribe=One-Click';
      expect((await fetch(service.local(link), { method: 'POST', body })).status).toBe(200);
    },
    'is restricted': async (_: string, contactId: string) => {
      await call('PUT', `contacts/${contactId}/restriction`);
    },
    'is told to be a minor': async (name: string) => {
      await call('PUT', `contacts/${name}`, { kind: 'company_contact', minor: true });
    },
  };

  it.each(Object.entries(ENDS))(
    'L-10 L-22 L-42: for somebody who %s, at once and by every kind of question',
    async (what, end) => {
      const name = what.replaceAll(' ', '-');
      const [leaving, staying] = await learners(name, `${name}-not`);
      const before = await standing(leaving!);
      for (const [kind, [inside]] of Object.entries(before))
        expect([kind, inside]).toEqual([kind, true]);
      await end(name, leaving!);
      const after = await standing(leaving!);
      for (const [kind, [, people]] of Object.entries(before))
        expect([kind, after[kind]]).toEqual([kind, [false, people - 1]]);
      for (const [kind, [inside]] of Object.entries(await standing(staying!)))
        expect([kind, inside]).toEqual([kind, true]);
      expect(await explained(asked.get('has done')!, leaving!)).toMatchObject({ profiled: false });
    },
    60_000,
  );

  it('L-10: for good: nothing is found out again of who agrees to a topic later', async () => {
    const name = 'aterkommer';
    const [contactId] = await learners(name);
    await call('POST', 'opt-outs', { externalId: name });
    expect(await events(contactId!)).toBe(0);
    await sayYes(service, { email: emailOf(name), contactId: contactId!, topicId });
    const again = { ...event(name), eventId: `${name}-2` };
    const answer = await call('POST', 'learner-events/batch', { items: [again] });
    expect(answer.items).toMatchObject([{ outcome: 'not_kept', reason: 'objected' }]);
    for (const [kind, [inside]] of Object.entries(await standing(contactId!)))
      expect([kind, inside]).toEqual([kind, false]);
  });

  it('L-10 L-22: frozen lists forget who objected the next night, and keep who is restricted', async () => {
    const [objecting, restricted, staying] = await learners('glomd', 'vilande', 'kvarvarande');
    const listed = async () => {
      const rows = await service.db.query<{ id: string }>(
        `SELECT contact_id AS id FROM segment_member WHERE segment_id = $1`,
        [frozen],
      );
      return new Set(rows.map(({ id }) => id));
    };
    const before = await listed();
    expect([objecting, restricted, staying].every((id) => before.has(id!))).toBe(true);
    await ENDS.objects('glomd', objecting!);
    await ENDS['is restricted']('vilande', restricted!);
    await service.get(CountSegments).run();
    const after = await listed();
    expect([objecting, restricted, staying].map((id) => after.has(id!))).toEqual([
      false,
      true,
      true,
    ]);
  });

  it('L-10: also between the launch and the sending: the message is withheld, and says why', async () => {
    const names = ['nejsagare', 'begransad', 'minderarig', 'kvar'];
    const ids = await learners(...names);
    const ends = [ENDS.objects, ENDS['is restricted'], ENDS['is told to be a minor']];
    await service.db.query(`UPDATE channel_state SET held_because = 'test', held_at = now()`);
    const campaignId = await service.launch(topicId, { templateKey: 'enkel' });
    const runs = service.get(Dispatches);
    await until(async () => Boolean((await runs.findByCampaign(campaignId))?.materialisedAt));
    for (const [n, end] of ends.entries()) await end(names[n]!, ids[n]!);
    await service.db.query('UPDATE channel_state SET held_because = NULL, held_at = NULL');
    await service.db.query('UPDATE batch SET retry_at = NULL');
    await service.get(SweepDelivery).run();
    expect((await service.settled(campaignId)).gap).toBe(0);
    const fates = await service.db.query<{ state: string; reason: string | null }>(
      `SELECT m.state, m.reason FROM message_status m JOIN dispatch d ON d.id = m.dispatch_id
       WHERE d.campaign_id = $1 AND m.contact_id = ANY ($2::uuid[]) ORDER BY array_position($2::uuid[], m.contact_id)`,
      [campaignId, ids],
    );
    expect(fates.map(({ state, reason }) => reason ?? state)).toEqual([
      'suppressed_person',
      'restricted',
      'minor',
      'ACCEPTED',
    ]);
  }, 60_000);

  // Last: three years are not taken back.
  it('R-10 R-09: three years and a day after it came, and not a day before; the statistics stay', async () => {
    const [contactId] = await learners('gammal', 'gammal-2');
    const month = new Date(Date.now() - DAY).toISOString().slice(0, 7);
    const trend = () =>
      call<{ items: object[] }>(
        'GET',
        `learning/trends?from=${month}&to=${month}&by=course&kind=completed`,
      );
    const statistics = await trend();
    const real = Date.now();
    const clock = jest.spyOn(service.get(Clock), 'now');
    clock.mockImplementation(() => new Date(real + 3 * 365 * DAY - DAY));
    for (const [kind, [inside]] of Object.entries(await standing(contactId!)))
      expect([kind, inside]).toEqual([kind, true]);
    clock.mockImplementation(() => new Date(real + (3 * 365 + 2) * DAY));
    const after = await standing(contactId!);
    for (const [kind, { asks }] of Object.entries(kinds))
      expect([kind, after[kind]![0]]).toEqual([kind, asks === 'absence']);
    await service.get(ForgetLearning).retain();
    await service.get(CountSegments).run();
    const listed = `SELECT FROM segment_member WHERE segment_id = $1 AND contact_id = $2`;
    expect(await service.db.query(listed, [frozen, contactId])).toEqual([]);
    expect(await events(contactId!)).toBe(0);
    expect(await trend()).toEqual(statistics);
  }, 60_000);
});
