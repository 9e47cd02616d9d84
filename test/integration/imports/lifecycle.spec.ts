import { RunImport } from '../../../src/features/imports/run-import';
import { SettleRows } from '../../../src/features/imports/settle-rows';
import { SweepImports } from '../../../src/features/imports/sweep-imports';
import { SLICE } from '../../../src/features/imports/import-rows';
import { peopleCsv } from '../../setup/csv';
import { type ImportsWorld, openImports } from './imports-world';

const ATTESTATION = {
  company: 'Exempel AB',
  attestedBy: 'Kim Berg, HR',
  at: '2026-01-15T09:00:00Z',
  policyVersion: '2018-04-05',
  channel: 'intranät',
};

describe('the life of an import', () => {
  let world: ImportsWorld;
  let topicId: string;
  beforeAll(async () => {
    world = await openImports();
    topicId = await world.topic('nyhetsbrev');
  });
  afterEach(() => jest.restoreAllMocks());
  afterAll(() => world.close());

  const contacts = async (where = 'TRUE') =>
    world.db.query<Record<string, unknown>>(`SELECT * FROM contact WHERE ${where} ORDER BY id`);
  const chunksOf = async (id: string) =>
    (
      await world.db.query<{ n: number }>(
        'SELECT count(*) AS n FROM import_chunk WHERE import_id = $1',
        [id],
      )
    )[0]!.n;
  const started = async (file: Buffer) => {
    const { id } = await world.uploaded(file);
    await world.post(id, 'start').expect(202);
    return id;
  };
  /** Does `act` when the slices have been settled so many times. */
  const afterSlices = (slices: number, act: () => Promise<void> | void) => {
    const settle = world.app.get(SettleRows);
    const real = settle.settle.bind(settle);
    let settled = 0;
    return jest.spyOn(settle, 'settle').mockImplementation(async (...args) => {
      const result = await real(...args);
      if (++settled === slices) await act();
      return result;
    });
  };

  it('is not tried once it is started: what undoing needs stays', async () => {
    const id = await started(Buffer.from('e-post,förnamn\nsent@example.com,Sent\n'));
    await world.post(id, 'dry-run').expect(409);
    await world.run(id);
    const { body } = await world.post(id, 'dry-run').expect(409);
    expect(body.code).toBe('import_already_started');
    await world.post(id, 'undo').expect(202);
    await world.run(id);
    expect(await contacts(`first_name = 'Sent'`)).toEqual([]);
  });

  it('keeps learners whose employer has not attested from being written to (D-04)', async () => {
    const file = 'e-post,förnamn,samtycke_nyhetsbrev\nelev@example.com,Elin,ja\n';
    const { id, warnings } = await world.uploaded(file, { kind: 'learner' });
    expect(warnings).toContain('no_attestation');
    await world.post(id, 'start').expect(202);
    await world.run(id);
    const [elev] = await contacts(`first_name = 'Elin'`);
    expect(elev).toMatchObject({ kinds: ['learner'], attested_at: null, notice_at: null });
  });

  it('stores who attested, when and by which channel, and that the people were told (D-04, L-18)', async () => {
    const file = 'e-post,förnamn,samtycke_nyhetsbrev\nelev@example.com,Elin,ja\n';
    const { id, counts } = await world.imported(
      file,
      { kind: 'learner' },
      { attestation: ATTESTATION },
    );
    expect(counts).toMatchObject({ changed: 1 });
    expect((await world.get(id)).attestation).toEqual(ATTESTATION);
    const [elev] = await contacts(`first_name = 'Elin'`);
    expect(elev).toMatchObject({
      attested_at: new Date(ATTESTATION.at),
      attestation_ref: `import:${id}`,
      notice_version: '2018-04-05',
    });
    const [address] = await world.db.query(
      `SELECT source, source_ref FROM address WHERE contact_id = $1`,
      [elev!.id],
    );
    expect(address).toEqual({
      source: 'employer_import',
      source_ref: expect.stringContaining('import:'),
    });
  });

  it.each([
    ['learner', 'e-post;mobil\nx1@example.com;070-174 06 30\n', 'mobil'],
    ['newsletter_subscriber', 'e-post;mobil\nx2@example.com;070-174 06 30\n', 'mobil'],
    ['newsletter_subscriber', 'e-post;förnamn\nx3@example.com;Kim\n', 'förnamn'],
  ])(
    'takes no column that the policy does not allow for a %s (3.2): %j',
    async (kind, file, header) => {
      const before = await contacts();
      const detail = await world.uploaded(file, { kind });
      expect(detail.warnings).toContain('field_not_allowed');
      expect(detail.columns).toContainEqual(
        expect.objectContaining({ header, problem: 'field_not_allowed' }),
      );
      await world.post(detail.id, 'start').expect(202);
      await world.run(detail.id);
      expect(await world.verdicts(detail.id)).toEqual([[2, 'faulty', 'field_not_allowed']]);
      expect(await contacts()).toEqual(before);
      const left = await world.uploaded(file, { kind });
      await world.map(left.id, { columns: [{ index: 1, use: null }] }).expect(200);
      expect((await world.post(left.id, 'dry-run')).body.counts).toMatchObject({
        new: 1,
        faulty: 0,
      });
    },
  );

  it('gives no grant for a topic that nobody has proof of consent to (L-01)', async () => {
    const file = 'e-post;ämnen\nutan@example.com;nyhetsbrev\n';
    await world.imported(file);
    expect(await world.gate('utan@example.com')).toMatchObject({ allowed: [] });
    const proof = { channels: ['email'], reference: 'Mässa 2026', collectedAt: '2026-02-01' };
    const { counts } = await world.imported(file, {}, { consent: proof });
    expect(counts).toMatchObject({ changed: 1 });
    expect(await world.gate('utan@example.com')).toMatchObject({ allowed: [topicId] });
    const entry = (await world.ledger()).at(-1);
    expect(entry).toMatchObject({
      kind: 'grant',
      ground: 'CONSENT',
      method: 'import',
      door: 'import',
      evidence: { proof: 'import', line: 2 },
    });
  });

  it("lets the row's own answer decide over proof for the whole file", async () => {
    const file = 'e-post;samtycke_nyhetsbrev\nnejtack@example.com;nej\ntyst@example.com;\n';
    const proof = { channels: ['email'], reference: 'Mässa 2026', collectedAt: '2026-02-01' };
    await world.imported(file, { topics: 'nyhetsbrev' }, { consent: proof });
    for (const email of ['nejtack@example.com', 'tyst@example.com']) {
      expect(await world.gate(email)).toMatchObject({ allowed: [] });
    }
  });

  it('stops at pause, goes on at resume, and takes each row once (F-81)', async () => {
    const id = await started(peopleCsv({ rows: 2_500, name: 'paus' }).bytes);
    const spy = afterSlices(1, async () => {
      // Waits for the slice's lock, as a person who presses the button does.
      void world.post(id, 'pause').then(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 50));
    });
    await world.run(id);
    spy.mockRestore();
    const paused = await world.get(id);
    expect(paused.state).toBe('paused');
    expect(paused.position).toBeLessThan(2_500);
    await world.run(id);
    expect((await world.get(id)).position).toBe(paused.position);
    await world.post(id, 'resume').expect(202);
    await world.run(id);
    expect(await world.get(id)).toMatchObject({
      state: 'finished',
      counts: { rows: 2_500, new: 2_500 },
    });
  });

  it('goes on at the next row after its worker was killed, and does none twice', async () => {
    const file = peopleCsv({ rows: 3_500, defective: 70, name: 'krasch' });
    const id = await started(file.bytes);
    for (const slice of [1, 2, 1]) {
      afterSlices(slice, () => {
        throw new Error('killed before the commit');
      });
      await expect(world.run(id)).rejects.toThrow('killed');
      jest.restoreAllMocks();
    }
    await world.run(id);
    expect(await world.get(id)).toMatchObject({
      state: 'finished',
      counts: { rows: 3_500, new: 3_430, faulty: 70, changed: 0, unchanged: 0 },
    });
    const [rows] = await world.db.query<{ n: number; lines: number }>(
      `SELECT count(*) AS n, count(DISTINCT line) AS lines FROM import_row WHERE import_id = $1`,
      [id],
    );
    expect(rows).toEqual({ n: 3_500, lines: 3_500 });
  });

  it('lets one worker at a time have an import, and another take over when its lease runs out', async () => {
    const id = await started(peopleCsv({ rows: 2 * SLICE + 1, name: 'lån' }).bytes);
    const settle = jest.spyOn(world.app.get(SettleRows), 'settle');
    await Promise.all(Array.from({ length: 4 }, () => world.run(id)));
    expect(settle).toHaveBeenCalledTimes(3);
    expect(await world.get(id)).toMatchObject({
      state: 'finished',
      counts: { rows: 2 * SLICE + 1 },
    });
  });

  it('takes each row once also when two workers both think that they have the import', async () => {
    const id = await started(peopleCsv({ rows: 2_500, name: 'dubbel' }).bytes);
    afterSlices(1, async () => {
      await world.db.query(`SELECT 1`);
    });
    const first = world.run(id);
    const second = (async () => {
      await new Promise((resolve) => setTimeout(resolve, 100));
      // The lease ran out while its worker slept.
      await world.db.query(`UPDATE import SET lease_until = now() - interval '1 s' WHERE id = $1`, [
        id,
      ]);
      await world.app.get(RunImport).run(id);
    })();
    await Promise.all([first, second]);
    expect(await world.get(id)).toMatchObject({
      state: 'finished',
      counts: { rows: 2_500, new: 2_500 },
    });
  });

  it('undoes within a day: gone are the contacts it made, back is what stood before', async () => {
    await world.imported(
      'e-post;externt id;förnamn;mobil\nkvar@example.com;u-1;Före;070-174 06 31\n',
    );
    const [before] = await contacts(`external_id = 'u-1'`);
    const { id } = await world.imported(
      [
        'e-post;externt id;förnamn;efternamn;mobil;samtycke_nyhetsbrev',
        'bytt@example.com;u-1;Efter;Ny;070-174 06 31;ja',
        'nytillkommen@example.com;u-2;Ny;Ny;;ja',
        'hann.svara@example.com;u-3;Ny;Ny;;ja',
      ].join('\n'),
    );
    expect(await world.gate('nytillkommen@example.com')).toMatchObject({ allowed: [topicId] });
    await world.optOut('hann.svara@example.com', await world.contactOf('hann.svara@example.com'));

    const undone = await world.undone(id);
    expect(undone).toMatchObject({ state: 'undone', undoneAt: expect.any(String) });
    const [after] = await contacts(`external_id = 'u-1'`);
    expect(after).toEqual({ ...before, updated_at: expect.any(Date) });
    expect(await world.contactOf('kvar@example.com')).toBe(before!.id);
    expect(await world.contactOf('bytt@example.com')).toBeNull();
    expect(await world.contactOf('nytillkommen@example.com')).toBeNull();
    expect(await world.gate('nytillkommen@example.com')).toMatchObject({ allowed: [] });
    expect(await world.contactOf('hann.svara@example.com')).not.toBeNull();
    expect(await world.gate('hann.svara@example.com')).toMatchObject({ no_all: true });
    await world.post(id, 'undo').expect(409);
  });

  it('leaves alone what somebody changed after the import', async () => {
    const { id } = await world.imported('e-post;externt id;förnamn\nändrad@example.com;u-9;Fil\n');
    const put = world.http().put('/api/v1/contacts/u-9').set(world.actor);
    await put
      .send({ kind: 'company_contact', email: 'ändrad@example.com', firstName: 'Hand' })
      .expect(200);
    await world.undone(id);
    expect(await contacts(`external_id = 'u-9'`)).toMatchObject([{ first_name: 'Hand' }]);
  });

  it('undoes an address that has come back in the meantime without making it two', async () => {
    const put = (email: string) =>
      world
        .http()
        .put('/api/v1/contacts/u-10')
        .set(world.actor)
        .send({ kind: 'company_contact', email });
    await put('första@example.com').expect(200);
    const { id } = await world.imported('e-post;externt id\nandra@example.com;u-10\n');
    const contactId = await world.contactOf('andra@example.com');
    await world.db.query(
      `INSERT INTO address SELECT gen_random_uuid(), contact_id, channel, value, canonical, $2, key_version,
         source, source_ref, collected_at
       FROM address WHERE contact_id = $1`,
      [contactId, world.ref('första@example.com').key],
    );
    expect(await world.undone(id)).toMatchObject({ state: 'undone' });
    expect(await world.contactOf('första@example.com')).toBe(contactId);
    expect(await world.contactOf('andra@example.com')).toBeNull();
  });

  it('lifts no opt-out that came with the file when it is undone', async () => {
    const { id } = await world.imported('e-post;avregistrerad\nborta@example.com;ja\n');
    await world.undone(id);
    expect(await world.gate('borta@example.com')).toMatchObject({ no_all: true });
  });

  it('removes the file, and what stood before, when the day has passed (F-44)', async () => {
    const { id } = await world.imported('e-post;förnamn\nlänge.sedan@example.com;Kim\n');
    await world.imported('e-post;förnamn\nlänge.sedan@example.com;Mik\n');
    const { id: forgotten } = await world.uploaded('e-post\nglömd@example.com\n');
    await world.app.get(SweepImports).run();
    expect(await chunksOf(id)).toBe(1);
    world.pass(25);
    await world.app.get(SweepImports).run();
    await world.app.get(SweepImports).run();
    await world.app.get(SweepImports).run();
    expect(await chunksOf(id)).toBe(0);
    expect((await world.get(id)).state).toBe('finished');
    expect((await world.get(forgotten)).state).toBe('expired');
    const { status, body } = await world.post(id, 'undo');
    expect({ status, code: body.code }).toEqual({ status: 409, code: 'undo_time_has_passed' });
    const [left] = await world.db.query<{ n: number }>(
      `SELECT count(*) AS n FROM import_row WHERE import_id = $1 AND before IS NOT NULL`,
      [id],
    );
    expect(left!.n).toBe(0);
  });

  it('leaves a trail of who did what, without names or addresses (L-26)', async () => {
    const trail = await world.db.query<{ action: string; actor: string; details: string }>(
      `SELECT action, actor_id AS actor, details::text AS details FROM audit_entry`,
    );
    const actions = new Set(trail.map(({ action }) => action));
    for (const action of [
      'read',
      'tried',

      'uploaded',
      'mapped',
      'started',
      'paused',
      'resumed',
      'finished',
      'undone',
    ]) {
      expect(actions).toContain(`import.${action}`);
    }
    expect(trail.every(({ actor }) => actor === '01890000-0000-7000-8000-000000000001')).toBe(true);
    expect(JSON.stringify(trail)).not.toMatch(/example\.com|Elin|personer\.csv/);
  });
});
