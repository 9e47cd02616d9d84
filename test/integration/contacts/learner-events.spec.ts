import { type LearningWorld, openLearning } from './learning-world';

describe('what learners do', () => {
  let world: LearningWorld;
  beforeAll(async () => {
    world = await openLearning();
    await world.course('excel-1');
    await world.course('spanska-1');
  });
  afterAll(() => world.close());

  it('is stored once, however often it comes', async () => {
    const anna = await world.learner('anna');
    const event = world.event('anna');
    expect(await world.outcomes(event)).toEqual(['stored']);
    expect(await world.outcomes(event)).toEqual(['repeated']);
    const sameMoment = { ...event, occurredAt: '2026-03-01T08:30:00Z' };
    expect(await world.outcomes(sameMoment)).toEqual(['repeated']);
    expect(await world.events(anna)).toHaveLength(1);
    expect(await world.months()).toEqual([
      expect.objectContaining({ month: '2026-03', kind: 'started', events: 1 }),
    ]);
  });

  it.each([
    ['kind', { kind: 'completed' }],
    ['time', { occurredAt: '2026-03-02T09:30:00+01:00' }],
    ['course', { courseExternalId: 'spanska-1' }],
    ['course left out', { courseExternalId: null }],
    ['person', { contactExternalId: 'bo' }],
  ])('changes nothing when the same id comes with another %s', async (what, other) => {
    await world.learner('bo');
    const cia = await world.learner('cia');
    const event = world.event('cia', { eventId: `conflict ${what}` });
    expect(await world.outcomes(event)).toEqual(['stored']);
    const before = await world.events(cia);
    const months = await world.months();
    expect(await world.outcomes({ ...event, ...other })).toEqual(['conflict']);
    const single = await world.post('learner-events', { ...event, ...other });
    expect(single).toMatchObject({ status: 409, body: { code: 'event_conflict' } });
    expect(await world.events(cia)).toEqual(before);
    expect(await world.months()).toEqual(months);
  });

  it('comes in any order', async () => {
    const dag = await world.learner('dag');
    await world.sent(
      world.event('dag', { kind: 'completed', occurredAt: '2026-05-02T12:00:00Z' }),
      world.event('dag', { kind: 'enrolled', occurredAt: '2026-01-02T12:00:00Z' }),
    );
    await world.sent(world.event('dag', { kind: 'started', occurredAt: '2026-02-02T12:00:00Z' }));
    const { courses, events } = await world.known(dag);
    expect(courses).toMatchObject([
      {
        externalId: 'excel-1',
        state: 'completed',
        enrolledAt: '2026-01-02T12:00:00.000Z',
        startedAt: '2026-02-02T12:00:00.000Z',
        completedAt: '2026-05-02T12:00:00.000Z',
        certificateAt: null,
      },
    ]);
    expect(events.map(({ kind }) => kind)).toEqual(['completed', 'started', 'enrolled']);
  });

  it('loses no good row for a bad one, and says of each what came of it', async () => {
    const eva = await world.learner('eva');
    const good = world.event('eva');
    const tomorrow = new Date(Date.now() + 25 * 3_600_000).toISOString();
    const results = await world.sent(
      { ...good, kind: 'slept', eventId: 'x-1' },
      good,
      world.event('nobody'),
      world.event('eva', { courseExternalId: 'nothing' }),
      good,
      { ...good, kind: 'completed' },
      world.event('eva', { occurredAt: '1999-12-31T23:00:00Z' }),
      world.event('eva', { occurredAt: tomorrow }),
      world.event('eva', { occurredAt: '2026-03-01' }),
      world.event('eva', { occurredAt: '2026-02-30T12:00:00Z' }),
      world.event('eva', { name: 'Eva' }),
      world.event('eva', { eventId: 'with\nline end' }),
      world.event('eva', { courseExternalId: null, kind: 'active' }),
      {},
    );
    expect(
      results.map(({ outcome, errors }) => [
        outcome,
        ...errors.map(({ path, code }) => `${path} ${code}`),
      ]),
    ).toEqual([
      ['refused', 'kind is_in'],
      ['stored'],
      ['unknown_contact', 'contactExternalId unknown_contact'],
      ['unknown_course', 'courseExternalId unknown_course'],
      ['repeated'],
      ['conflict'],
      ['refused', 'occurredAt too_long_ago'],
      ['refused', 'occurredAt in_the_future'],
      ['refused', 'occurredAt matches'],
      ['refused', 'occurredAt is_iso8601'],
      ['refused', 'name unknown_field'],
      ['refused', 'eventId matches'],
      ['stored'],
      [
        'refused',
        'eventId matches',
        'contactExternalId matches',
        'kind is_in',
        'occurredAt matches',
        'occurredAt is_iso8601',
      ],
    ]);
    expect(results.map(({ index }) => index)).toEqual([...results.keys()]);
    expect(await world.events(eva)).toHaveLength(2);
  });

  it('is told to whoever sends one alone with a path per fault', async () => {
    const { status, body } = await world.post('learner-events', world.event('nobody'));
    expect(status).toBe(422);
    expect(body.errors).toMatchObject([{ path: 'contactExternalId', code: 'unknown_contact' }]);
  });

  it('is stored once when two processes send the same at the same time, and counted once', async () => {
    const fia = await world.learner('fia');
    const items = Array.from({ length: 200 }, () => world.event('fia', { kind: 'active' }));
    const shuffled = [...items].reverse();
    const before = (await world.months()).find(({ kind }) => kind === 'active')?.events ?? 0;
    const answers = await Promise.all([
      world.outcomes(...items),
      world.outcomes(...shuffled),
      world.outcomes(...items),
      world.outcomes(...shuffled),
    ]);
    const all = answers.flat();
    expect(all.filter((outcome) => outcome === 'stored')).toHaveLength(200);
    expect(all.filter((outcome) => outcome === 'repeated')).toHaveLength(600);
    expect(await world.events(fia)).toHaveLength(200);
    const after = (await world.months()).filter(({ kind }) => kind === 'active');
    expect(after.reduce((sum, { events }) => sum + events, 0)).toBe(before + 200);
  });

  it('is counted in the month it happened in, in Stockholm', async () => {
    await world.learner('gun');
    await world.sent(
      world.event('gun', { kind: 'certificate', occurredAt: '2025-07-31T22:30:00Z' }),
      world.event('gun', { kind: 'certificate', occurredAt: '2025-07-31T21:30:00Z' }),
    );
    const months = (await world.months()).filter(({ kind }) => kind === 'certificate');
    expect(months.map(({ month, events }) => `${String(month)} ${events}`)).toEqual([
      '2025-07 1',
      '2025-08 1',
    ]);
  });

  it('shows no count under five', async () => {
    const trend = (by: string) =>
      world.get(`learning/trends?from=2025-01&to=2025-12&by=${by}&kind=certificate`);
    const few = { kind: 'certificate', events: null, fewerThanFive: true };
    expect((await trend('month')).body.items).toEqual([
      { key: '2025-07', name: null, ...few },
      { key: '2025-08', name: null, ...few },
    ]);
    const more = [1, 2, 3].map((day) =>
      world.event('gun', { kind: 'certificate', occurredAt: `2025-09-0${day}T10:00:00Z` }),
    );
    await world.sent(...more);
    expect((await trend('course')).body.items).toMatchObject([
      { name: 'Kurs excel-1', events: 5, fewerThanFive: false },
    ]);
    expect((await trend('organisation')).body.items).toMatchObject([{ key: null, events: 5 }]);
    expect((await world.get('learning/trends?from=2025-02&to=2025-01&by=month')).status).toBe(422);
  });

  it('follows a learner who was merged into another', async () => {
    const kept = await world.learner('kept');
    const gone = await world.learner('gone');
    await world.sent(world.event('gone'));
    await world.post(`contacts/${kept}/merge`, { from: gone }).expect(204);
    expect(await world.events(kept)).toHaveLength(1);
    expect(await world.outcomes(world.event('gone', { kind: 'completed' }))).toEqual(['stored']);
    expect(await world.events(kept)).toHaveLength(2);
    expect(await world.events(gone)).toEqual([]);
  });
});
