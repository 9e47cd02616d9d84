import { peopleCsv } from '../../setup/csv';
import { type ImportsWorld, openImports } from './imports-world';

describe('importing a list', () => {
  let world: ImportsWorld;
  beforeAll(async () => {
    world = await openImports();
    await world.topic('nyhetsbrev', 'Nyhetsbrev');
  });
  afterAll(() => world.close());

  it('imports 10 000 rows from Swedish Excel, and keeps the good ones among 300 bad in ten ways', async () => {
    const file = peopleCsv({ rows: 10_000, defective: 300 });
    expect(file.faulty.size).toBe(300);
    const { id, encoding, delimiter, columns, sample } = await world.uploaded(file.bytes);
    expect({ encoding, delimiter }).toEqual({ encoding: 'windows-1252', delimiter: ';' });
    expect(columns.map(({ use }) => use)).toEqual([
      'email',
      'phone',
      'firstName',
      'lastName',
      'organisation',
      'city',
      'language',
      'topics',
      'consent:nyhetsbrev:email',
    ]);
    expect(sample[0]).toEqual(expect.arrayContaining(['Åsa', 'Ågren', 'Växjö']));

    const counts = { rows: 10_000, new: 9_700, changed: 0, unchanged: 0, optedOut: 0, faulty: 300 };
    const { body } = await world.post(id, 'dry-run').expect(200);
    expect(body.counts).toEqual(counts);
    expect(await world.ledger()).toEqual([]);

    await world.post(id, 'start').expect(202);
    await world.run(id);
    expect(await world.get(id)).toMatchObject({
      state: 'finished',
      counts,
      position: 10_000,
      progress: 1,
    });

    const faulty = await world.db.query<{ line: number; code: string }>(
      `SELECT line, code FROM import_row WHERE import_id = $1 AND verdict = 'faulty'`,
      [id],
    );
    expect(new Map(faulty.map(({ line, code }) => [line, code]))).toEqual(file.faulty);
    const csv = await world.faults(id);
    expect(csv.split('\r\n')).toHaveLength(302);
    expect(csv).toContain('Menade du Nyhetsbrev?');

    const again = await world.imported(file.bytes);
    expect(again.counts).toEqual({ ...counts, new: 0, unchanged: 9_700 });
    expect(await world.ledger()).toHaveLength(9_700);
  });
});
