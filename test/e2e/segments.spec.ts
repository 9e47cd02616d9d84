import { Contacts } from '../../src/features/contacts/contacts.service';
import { OptOuts } from '../../src/features/registry/opt-outs';
import { CountSegments } from '../../src/features/segments/count-segments';
import { Campaigns } from '../../src/features/campaigns/campaigns.service';
import { OPERATOR } from '../../src/platform/http/actor';
import { newId } from '../../src/platform/ids';
import { type Caller, logIn } from '../setup/callers';
import { Service } from '../setup/service';

const MALMO = { match: 'all', rules: [{ field: 'city', op: 'is', value: 'malmö' }] };
const LEARNT = { match: 'all', rules: [{ field: 'learning', op: 'did', events: ['completed'] }] };
const NEVER = { match: 'none', rules: LEARNT.rules };
const naming = (id: string) => ({
  match: 'all',
  rules: [{ field: 'segment', op: 'one_of', value: [id] }],
});

describe('segments', () => {
  let service: Service;
  let topicId: string;
  let marketer: Caller;
  let reader: Caller;
  let people: string[];

  beforeAll(async () => {
    service = await Service.open();
    topicId = await service.topic('nyhetsbrev');
    marketer = await logIn(service, 'marketer');
    reader = await logIn(service, 'reader');
    people = await service.people(
      topicId,
      ['anna', 'bo', 'cia', 'dan'].map((name) => ({ email: `${name}@exempel.example` })),
    );
    const [anna, bo, cia] = people;
    await live([anna!, bo!]);
    await learn(anna!);
    await learn(cia!);
  });
  afterAll(() => service?.close());

  /** In Malmö live these, and nobody else. */
  const live = (inMalmo: string[]) =>
    service.db.query(`UPDATE contact SET city = CASE WHEN id = ANY ($1) THEN 'Malmö' END`, [
      inMalmo,
    ]);

  const learn = (contactId: string) =>
    service.db.query(
      `INSERT INTO learner_event (event_id, contact_id, kind, occurred_at, received_at) VALUES ($1, $2, 'completed', now(), now())`,
      [newId(), contactId],
    );

  async function call<T = Record<string, unknown>>(
    verb: string,
    path: string,
    body?: unknown,
    caller = marketer,
  ): Promise<{ status: number; body: T }> {
    const answer = await fetch(`${service.url}/api/v1/segments${path}`, {
      method: verb,
      headers: { 'content-type': 'application/json', ...caller.headers },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    return { status: answer.status, body: (text ? JSON.parse(text) : {}) as T };
  }

  interface View {
    id: string;
    kind: string;
    version: number;
    people: number | null;
    change: number | null;
    usedBy: { kind: string; id: string; name: string; holds: boolean }[];
    names: { id: string; name: { sv: string } }[];
    sentence: { sv: string; en: string };
    profiling: boolean;
  }
  const made = async (tree: object, name = 'Prov') =>
    (await call<View>('POST', '', { name, tree })).body;

  it('answers with a number, a sentence and some people, whose being seen is written down', async () => {
    const { status, body } = await call('POST', '/answer', { tree: MALMO });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      people: 2,
      profiling: false,
      leftOut: 0,
      sentence: { sv: 'Personer som har orten ”malmö”', en: 'People who have the city “malmö”' },
    });
    const seen = (body.sample as { id: string }[]).map(({ id }) => id);
    expect(seen.sort()).toEqual(people.slice(0, 2).sort());
    const [entry] = await service.db.query<{ details: { contactIds: string[] } }>(
      `SELECT details FROM audit_entry WHERE action = 'segment.sampled' ORDER BY id DESC LIMIT 1`,
    );
    expect(entry!.details.contactIds.sort()).toEqual(seen);
  });

  it('says which rule it is that nobody fits, and nothing of that where somebody does', async () => {
    const nowhere = { field: 'city', op: 'is', value: 'Ingenstans' };
    const { body } = await call('POST', '/answer', {
      tree: { match: 'all', rules: [...MALMO.rules, nowhere] },
    });
    expect(body).toMatchObject({
      people: 0,
      parts: [
        { path: 'rules.0', people: 2, sentence: { sv: 'Personer som har orten ”malmö”' } },
        { path: 'rules.1', people: 0 },
      ],
    });
    expect((await call('POST', '/answer', { tree: MALMO })).body.parts).toBeNull();
  });

  it('shows nobody to those who may not see people', async () => {
    const { body } = await call('POST', '/answer', { tree: MALMO }, reader);
    expect(body).toMatchObject({ people: 2, sample: null });
    const [anna] = people;
    const { id } = await made(MALMO);
    expect((await call('GET', `/${id}/people/${anna}`, undefined, reader)).status).toBe(403);
  });

  it('refuses a tree with every fault and where it is', async () => {
    const rules = [
      { field: 'salary', op: 'is' },
      { field: 'city', op: 'is', value: 7 },
    ];
    const { status, body } = await call('POST', '', { name: 'x', tree: { match: 'all', rules } });
    expect(status).toBe(422);
    expect(
      (body.errors as { path: string; code: string }[]).map(({ path, code }) => [path, code]),
    ).toEqual([
      ['tree.rules.0.field', 'unknown_field'],
      ['tree.rules.1.value', 'wrong_type'],
    ]);
  });

  it('saves over the version that was edited, and over no other', async () => {
    const { id, version } = await made(MALMO);
    const edit = await call<View>('PATCH', `/${id}`, { version, tree: LEARNT });
    expect(edit.body).toMatchObject({ version: 2, profiling: true });
    const late = await call('PATCH', `/${id}`, { version, name: 'Sent' });
    expect([late.status, late.body.code]).toEqual([409, 'segment_changed']);
  });

  it('refuses a circle, and to archive what another segment asks by', async () => {
    const inner = await made(MALMO);
    const outer = await made(naming(inner.id));
    const circle = await call('PATCH', `/${inner.id}`, { version: 1, tree: naming(outer.id) });
    expect(circle.body.errors).toMatchObject([
      {
        path: 'tree.rules.0',
        code: 'segment_cycle',
        message: `segment_cycle: ${inner.id} → ${outer.id} → ${inner.id}`,
      },
    ]);
    const refused = await call('DELETE', `/${inner.id}`);
    expect([refused.status, refused.body.code]).toEqual([409, 'segment_used_by_segment']);
    const { usedBy } = (await call<View>('GET', `/${inner.id}`)).body;
    expect(usedBy).toEqual([{ kind: 'segment', id: outer.id, name: 'Prov', holds: true }]);
    const { names } = (await call<View>('GET', `/${outer.id}`)).body;
    expect(names).toEqual([{ id: inner.id, name: { sv: 'Prov', en: 'Prov' } }]);
    expect((await call('DELETE', `/${outer.id}`)).status).toBe(204);
    expect((await call('DELETE', `/${inner.id}`)).status).toBe(204);
    const { body } = await call<{ items: View[] }>('GET', '');
    expect(body.items.map(({ id }) => id)).not.toContain(inner.id);
  });

  it('refuses to archive what a campaign that has not left goes to', async () => {
    const { id } = await made(MALMO);
    const campaign = await service.get(Campaigns).create({ name: 'Till dem' }, OPERATOR);
    await service.db.query(
      `UPDATE campaign SET audience = audience || jsonb_build_object('segmentId', $2::text) WHERE id = $1`,
      [campaign.id, id],
    );
    const refused = await call('DELETE', `/${id}`);
    expect([refused.status, refused.body.code]).toEqual([409, 'segment_used_by_campaign']);
    await service.db.query(`UPDATE campaign SET state = 'launched' WHERE id = $1`, [campaign.id]);
    const [use] = (await call<View>('GET', `/${id}`)).body.usedBy;
    expect(use).toEqual({ kind: 'campaign', id: campaign.id, name: 'Till dem', holds: false });
    expect((await call('DELETE', `/${id}`)).status).toBe(204);
  });

  it('freezes who is in it: later comers are not, and nothing of it can be edited but its name', async () => {
    const { id } = await made(LEARNT);
    const frozen = (await call<View>('POST', `/${id}/freeze`, { name: 'Då' })).body;
    expect(frozen).toMatchObject({ kind: 'static', profiling: true });
    const [, , , dan] = people;
    await learn(dan!);
    expect((await call('POST', '/answer', { tree: LEARNT })).body.people).toBe(3);
    expect((await call('POST', '/answer', { tree: naming(frozen.id) })).body.people).toBe(2);
    const edit = await call('PATCH', `/${frozen.id}`, { version: 1, tree: MALMO });
    expect([edit.status, edit.body.code]).toEqual([409, 'segment_is_frozen']);
    expect((await call('PATCH', `/${frozen.id}`, { version: 1, name: 'Nu' })).status).toBe(200);
    await service.db.query('DELETE FROM learner_event WHERE contact_id = $1', [dan]);
  });

  it('explains a person rule by rule, in words', async () => {
    const tree = { match: 'all', rules: [...MALMO.rules, { match: 'none', rules: LEARNT.rules }] };
    const { id } = await made(tree);
    const [anna, bo] = people;
    expect((await call('GET', `/${id}/people/${anna}`)).body).toEqual({
      inside: false,
      profiled: true,
      rules: [
        {
          path: 'rules.0',
          holds: true,
          sentence: { sv: 'har orten ”malmö”', en: 'have the city “malmö”' },
        },
        {
          path: 'rules.1.rules.0',
          holds: true,
          sentence: { sv: 'har gått klart någon kurs', en: 'have completed any course' },
        },
      ],
    });
    expect((await call('GET', `/${id}/people/${bo}`)).body).toMatchObject({ inside: true });
    expect((await call('GET', `/${id}/people/${newId()}`)).status).toBe(404);
  });

  it('counts each segment once a day, and says who came and went since', async () => {
    const { id } = await made(MALMO);
    const before = await call('GET', `/${id}/growth`);
    expect(before.body).toMatchObject({ days: [], came: 0, went: 0, countedAt: null });
    const counting = service.get(CountSegments);
    await counting.run();
    const [anna, bo, cia, dan] = people;
    await live([bo!, cia!, dan!]);
    await counting.run();
    const after = await call('GET', `/${id}/growth`);
    expect(after.body).toMatchObject({ days: [{ people: 2 }], came: 2, went: 1 });
    await service.db.query(`UPDATE segment_count SET day = day - 1 WHERE segment_id = $1`, [id]);
    await counting.run();
    const next = await call('GET', `/${id}/growth`);
    expect(next.body).toMatchObject({ days: [{ people: 3 }, { people: 2 }], came: 0, went: 0 });
    expect((await call<View>('GET', `/${id}`)).body).toMatchObject({ people: 3, change: 1 });
    await live([anna!, bo!]);
  });

  it('counts the others when one cannot be asked', async () => {
    const broken = await made(MALMO);
    await service.db.query(
      `UPDATE segment SET tree = '{"match": "all", "rules": [{"field": "gone", "op": "yes"}]}' WHERE id = $1`,
      [broken.id],
    );
    const { id } = await made(MALMO);
    await service.get(CountSegments).run();
    expect((await call('GET', `/${id}/growth`)).body).toMatchObject({ days: [{ people: 2 }] });
    await service.db.query('DELETE FROM segment WHERE id = $1', [broken.id]);
  });

  it('L-10: says how many it leaves out, who said no to profiling, and counts them in no segment that profiles', async () => {
    const [, bo] = people;
    expect((await call('POST', '/answer', { tree: NEVER })).body).toMatchObject({ people: 2 });
    await service.get(OptOuts).byContact(bo!, { door: 'service_desk', actor: OPERATOR });
    const never = await call('POST', '/answer', { tree: NEVER });
    expect(never.body).toMatchObject({ people: 1, profiling: true, leftOut: 1 });
    const city = await call('POST', '/answer', { tree: MALMO });
    expect(city.body).toMatchObject({ people: 2, profiling: false, leftOut: 0 });
  });

  it('answers how many would get a mail about a topic, and why the others would not', async () => {
    const everybody = {
      match: 'any',
      rules: [...MALMO.rules, { match: 'none', rules: MALMO.rules }],
    };
    const about = { channel: 'email', topicId };
    const plain = { kind: 'support_contact' as const, phone: '+46701234567' };
    await service.db.tx((tx) =>
      service.get(Contacts).upsert(tx, [plain], {
        source: 'support',
        sourceRef: 'test',
        actor: OPERATOR,
        now: new Date(),
      }),
    );
    const { body } = await call('POST', '/answer', { tree: everybody, ...about });
    expect(body).toMatchObject({
      people: 5,
      everybody: 5,
      delivery: {
        gets: 3,
        withoutAddress: 1,
        withheld: [{ reason: expect.stringMatching(/^suppressed/), count: 1 }],
      },
    });
    const inMalmo = await call('POST', '/answer', { tree: MALMO, ...about });
    expect(inMalmo.body).toMatchObject({ people: 2, delivery: { gets: 1, withoutAddress: 0 } });
    const half = await call('POST', '/answer', { tree: MALMO, channel: 'email' });
    expect([half.status, half.body.errors]).toMatchObject([422, [{ path: 'topicId' }]]);
    const unknown = await call('POST', '/answer', { tree: MALMO, ...about, topicId: newId() });
    expect([unknown.status, unknown.body.errors]).toMatchObject([422, [{ path: 'topicId' }]]);
  });
});
