import { newId } from '../../../src/platform/ids';
import { type LearningWorld, openLearning } from './learning-world';

const DAY = 24;
const YEAR = 365 * DAY;

describe('what is kept of what people do ends', () => {
  let world: LearningWorld;
  beforeAll(async () => {
    world = await openLearning();
    await world.course('excel-1');
    await world.attribute('interest', { purpose: 'R-10' }).expect(201);
    await world.attribute('survey', { purpose: 'R-09' }).expect(201);
    await world.attribute('size', { purpose: 'R-08', type: 'number' }).expect(201);
  });
  afterEach(() => jest.restoreAllMocks());
  afterAll(() => world.close());

  const attributes = { interest: 'Excel', survey: 'nöjd', size: 40 };
  const keysOf = async (id: string) => (await world.known(id)).attributes.map(({ key }) => key);

  it('at once when the person objects to all marketing, and nothing new is kept (L-10)', async () => {
    const anna = await world.learner('anna', { attributes });
    await world.sent(world.event('anna'));
    await world.optOut('anna@exempel.example');
    expect(await world.events(anna)).toEqual([]);
    expect(await keysOf(anna)).toEqual(['size', 'survey']);
    expect(await world.outcomes(world.event('anna'))).toEqual(['not_kept: objected']);
    const { body } = await world.put('contacts/anna', {
      kind: 'learner',
      attributes: { interest: 'Word', size: 41 },
    });
    expect(body).toMatchObject({ changed: ['attributes.size'], attributesNotKept: ['interest'] });
    expect(await keysOf(anna)).toEqual(['size', 'survey']);
    await world.put('contacts/anna', { kind: 'learner', attributes: { size: null } }).expect(200);
    expect(await keysOf(anna)).toEqual(['survey']);
  });

  it('for everybody who has the address', async () => {
    const email = 'kontoret@exempel.example';
    const [bo, cia] = [await world.learner('bo', { email }), await world.learner('cia', { email })];
    await world.sent(world.event('bo'), world.event('cia'));
    await world.optOut(email);
    expect([...(await world.events(bo)), ...(await world.events(cia))]).toEqual([]);
  });

  it('without a deadlock when noes, events, values and merges cross', async () => {
    const ids = Array.from({ length: 24 }, (_, n) => `cross-${n}`);
    const people = new Map<string, string>();
    for (const id of ids) people.set(id, await world.learner(id, { attributes }));
    const events = () => ids.map((id) => world.event(id));
    const values = (size: number) =>
      world.post('contacts/batch', {
        items: ids.map((externalId) => ({ externalId, kind: 'learner', attributes: { size } })),
      });
    const merges = [0, 1, 2, 3].map((n) => {
      const [to, from] = [people.get(`cross-${n}`)!, people.get(`cross-${n + 12}`)!];
      return world.post(`contacts/${to}/merge`, { from });
    });
    const [first, second, ...rest] = await Promise.all([
      world.sent(...events()),
      world.sent(...events().reverse()),
      values(1),
      values(2),
      ...merges,
      ...ids.slice(0, 12).map((id) => world.optOut(`${id}@exempel.example`)),
    ]);
    expect([...first, ...second].every(({ outcome }) => /stored|not_kept/.test(outcome))).toBe(
      true,
    );
    const answers = rest.flatMap((answer) => (answer ? [answer.status] : []));
    expect(answers).toEqual([200, 200, 204, 204, 204, 204]);
    await world.forget.sweep();
    const [left] = await world.db.query<{ count: number }>(
      `SELECT count(*) FROM learner_event WHERE contact_id = ANY ($1::uuid[])`,
      [ids.slice(0, 16).map((id) => people.get(id)!)],
    );
    expect(left!.count).toBe(0);
    const stays = await world.events(people.get('cross-20')!);
    expect(stays).toHaveLength(2);
  });

  it('not when a restriction is asked for, but nothing new is kept then (L-22)', async () => {
    const dag = await world.learner('dag');
    await world.sent(world.event('dag'));
    const about = { scope: 'all', channel: null, address: null, contactId: dag } as const;
    const actor = { type: 'recipient', id: null } as const;
    await world.record({ kind: 'restrict', ...about, door: 'privacy_officer', actor });
    expect(await world.events(dag)).toHaveLength(1);
    expect(await world.outcomes(world.event('dag'))).toEqual(['not_kept: restricted']);
  });

  it('is not even begun for a minor (L-42)', async () => {
    const eva = await world.learner('eva', { minor: true, attributes: { interest: 'Spanska' } });
    expect(await world.outcomes(world.event('eva'))).toEqual(['not_kept: minor']);
    expect(await keysOf(eva)).toEqual([]);
  });

  it('altogether with an erasure', async () => {
    const fia = await world.learner('fia', { attributes });
    await world.sent(world.event('fia'));
    await world.erase('fia@exempel.example', fia);
    expect(await world.events(fia)).toEqual([]);
    const left = 'SELECT FROM contact_attribute WHERE contact_id = $1';
    expect(await world.db.query(left, [fia])).toEqual([]);
    expect(await world.outcomes(world.event('fia'))).toEqual(['unknown_contact']);
  });

  it('when what somebody else did is found to be theirs, and they had said no', async () => {
    const gun = await world.learner('gun');
    const other = await world.learner('gun-2', { email: undefined, attributes });
    await world.sent(world.event('gun-2'));
    await world.optOut('gun@exempel.example');
    await world.post(`contacts/${gun}/merge`, { from: other }).expect(204);
    expect(await world.events(gun)).toEqual([]);
    expect(await keysOf(gun)).toEqual(['size', 'survey']);
  });

  it('keeps the newest value of two people who are one', async () => {
    const kept = await world.learner('ina', { attributes: { size: 1, interest: 'ny' } });
    const other = await world.learner('ina-2', { attributes: { size: 2, survey: 'gammal' } });
    await world.db.query(
      `UPDATE contact_attribute SET collected_at = now() - interval '1 hour'
       WHERE contact_id = $1 AND attribute_id = (SELECT id FROM attribute WHERE key = 'size')`,
      [kept],
    );
    await world.post(`contacts/${kept}/merge`, { from: other }).expect(204);
    const values = (await world.known(kept)).attributes.map(({ key, value }) => [key, value]);
    expect(values).toEqual([
      ['interest', 'ny'],
      ['size', 2],
      ['survey', 'gammal'],
    ]);
  });

  it('of clicks three years after them, while the consent to be seen stands', async () => {
    const ida = await world.learner('ida', { attributes });
    await world.db.query('INSERT INTO tracking_consent VALUES ($1, now())', [ida]);
    await world.db.query(`INSERT INTO contact_click VALUES ($1, 'AAAAAAAA', $2, $1, now())`, [
      newId(),
      ida,
    ]);
    const count = async (table: string) =>
      (await world.db.query(`SELECT FROM ${table} WHERE contact_id = $1`, [ida])).length;
    const after = async (hours: number) => {
      world.pass(hours);
      await world.forget.retain();
      jest.restoreAllMocks();
      return [await count('contact_click'), await count('tracking_consent')];
    };
    expect(await after(3 * YEAR - DAY)).toEqual([1, 1]);
    expect(await after(3 * YEAR + 2 * DAY)).toEqual([0, 1]);
    await world.optOut('ida@exempel.example');
    expect(await count('tracking_consent')).toBe(0);
  });

  it('three years after it came, or one for statistics, and a day', async () => {
    const jan = await world.learner('jan', { attributes });
    await world.sent(world.event('jan', { occurredAt: '2001-01-01T12:00:00Z' }));
    const months = await world.months();
    const after = async (hours: number) => {
      world.pass(hours);
      await world.forget.retain();
      jest.restoreAllMocks();
      return [...(await keysOf(jan)), (await world.events(jan)).length];
    };
    expect(await after(YEAR - DAY)).toEqual(['interest', 'size', 'survey', 1]);
    expect(await after(YEAR + 2 * DAY)).toEqual(['interest', 'size', 1]);
    expect(await after(3 * YEAR - DAY)).toEqual(['interest', 'size', 1]);
    expect(await after(3 * YEAR + 2 * DAY)).toEqual([0]);
    expect(await world.months()).toEqual(months);
    const [entry] = await world.db.query<{ details: object }>(
      `SELECT details FROM audit_entry WHERE action = 'learning.expired' ORDER BY id DESC LIMIT 1`,
    );
    expect(entry!.details).toMatchObject({
      events: expect.any(Number),
      values: expect.any(Number),
    });
  });

  it('also where it was stored at the very moment of a no, a merge or a removal', async () => {
    const liv = await world.learner('liv');
    const mia = await world.learner('mia');
    const late = await world.learner('late');
    await world.optOut('liv@exempel.example');
    await world.post(`contacts/${mia}/merge`, { from: late }).expect(204);
    for (const contactId of [liv, late, newId()]) {
      await world.db.query(
        `INSERT INTO learner_event (event_id, contact_id, kind, occurred_at, received_at)
         VALUES ($1, $2, 'active', now(), $3)`,
        [newId(), contactId, new Date()],
      );
    }
    await world.forget.sweep();
    const left = await world.db.query<{ id: string }>(
      `SELECT contact_id AS id FROM learner_event WHERE course_id IS NULL`,
    );
    expect(left).toEqual([{ id: mia }]);
  });
});
