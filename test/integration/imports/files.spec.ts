import { encode } from 'iconv-lite';
import { type ImportsWorld, openImports } from './imports-world';

describe('files that people upload', () => {
  let world: ImportsWorld;
  beforeAll(async () => {
    world = await openImports();
    await world.topic('nyhetsbrev', 'Nyhetsbrev');
  });
  afterAll(() => world.close());

  const chunks = async () =>
    (await world.db.query<{ n: number }>('SELECT count(*) AS n FROM import_chunk'))[0]!.n;

  it.each([
    ['an Excel workbook', Buffer.from('PK\u0003\u0004xl/workbook.xml'), 'spreadsheet_file'],
    ['UTF-16', encode('e-post;förnamn\r\n', 'utf-16le', { addBOM: true }), 'utf16_file'],
    ['a gzip bomb', Buffer.from([0x1f, 0x8b, 0x08, 0, 0]), 'compressed_file'],
    ['a PDF', Buffer.from('%PDF-1.7\n'), 'not_a_text_file'],
    ['nothing', Buffer.alloc(0), 'empty_file'],
    ['a million columns', Buffer.from(`e-post${';x'.repeat(1_000_000)}\n`), 'header_too_long'],
    ['300 columns', Buffer.from(`e-post${';x'.repeat(300)}\n`), 'too_many_columns'],
  ])('refuses %s, and says why (threat 24)', async (_, file, code) => {
    const { status, body } = await world.upload(file);
    expect({ status, code: body.code }).toEqual({ status: 422, code });
    expect(await chunks()).toBe(0);
  });

  it('refuses a form without a file, or with a form that is not ours', async () => {
    const post = () => world.http().post('/api/v1/imports').set(world.actor);
    expect((await post().field('kind', 'learner')).body.code).toBe('missing_file');
    expect((await world.upload('e-post\n', { kind: 'support_contact' })).body.code).toBe(
      'invalid_fields',
    );
    expect((await world.upload('e-post\n', { state: 'finished' })).body.errors).toMatchObject([
      { path: 'state', code: 'unknown_field' },
    ]);
    const learner = await world.upload('e-post\n', { kind: 'learner', source: 'crm_sync' });
    expect(learner.body.errors).toMatchObject([{ code: 'source_not_for_kind' }]);
    expect((await post().send({ kind: 'learner' })).status).toBe(422);
    expect((await world.upload('e-post\n', { topics: 'nyhetsbrvet' })).body.errors).toMatchObject([
      { path: 'topics.0', code: 'unknown_topic', message: expect.stringContaining('Nyhetsbrev') },
    ]);
    expect(await chunks()).toBe(0);
  });

  it('takes a file name as text, whatever it says', async () => {
    const post = world.http().post('/api/v1/imports').set(world.actor).field('kind', 'learner');
    const { body } = await post.attach('file', Buffer.from('e-post\n'), '../../etc/Räksmörgås.csv');
    expect(body.fileName).toMatch(/Räksmörgås\.csv$/);
    expect((await world.get(body.id)).fileName).toBe(body.fileName);
  });

  it('will not start without a column of addresses, and starts once one is pointed out', async () => {
    const { id, warnings, columns } = await world.uploaded('adr;förnamn\na@example.com;Kim\n');
    expect(warnings).toContain('missing_email_column');
    expect(columns[0]).toMatchObject({ header: 'adr', use: null, problem: 'unknown_column' });
    for (const action of ['dry-run', 'start']) {
      const { body, status } = await world.post(id, action);
      expect({ status, code: body.code }).toEqual({ status: 422, code: 'missing_email_column' });
    }
    await world.map(id, { columns: [{ index: 0, use: 'email' }] }).expect(200);
    const { body } = await world.post(id, 'dry-run').expect(200);
    expect(body).toMatchObject({
      counts: { rows: 1, new: 1 },
      rows: [{ line: 2, verdict: 'new', email: 'a@example.com', name: 'Kim' }],
    });
  });

  it.each([
    [{ columns: [{ index: 1, use: 'email' }] }, 'columns.1', 'field_mapped_twice'],
    [{ columns: [{ index: 1, use: 'password' }] }, 'columns.1', 'unknown_field'],
    [{ columns: [{ index: 1, use: 'consent:okänt:email' }] }, 'columns.1', 'unknown_field'],
    [{ columns: [{ index: 1, use: 'consent:nyhetsbrev:fax' }] }, 'columns.1', 'unknown_field'],
    [{ columns: [{ index: 1, use: 'phone' }] }, 'columns.1', 'field_not_allowed'],
    [
      { attestation: attested({ policyVersion: '2010-01-01' }) },
      'attestation.policyVersion',
      'attestation_of_another_policy',
    ],
    [{ attestation: attested({ at: '2999-01-01' }) }, 'attestation.at', 'in_the_future'],
    [{ attestation: { ...attested(), state: 'x' } }, 'attestation.state', 'unknown_field'],
  ])('refuses the mapping %j', async (mapping, path, code) => {
    const { id } = await world.uploaded('e-post;annat\n', { kind: 'learner' });
    const { status, body } = await world.map(id, mapping);
    expect(status).toBe(422);
    expect(body.errors).toMatchObject([{ path, code }]);
  });

  it('tells of every row what is wrong, line by line, and takes the good ones', async () => {
    const file = [
      'e-post;mobil;förnamn;språk;ämnen;samtycke_nyhetsbrev',
      'fin@example.com;;Kim;sv;Nyhetsbrev;ja',
      'inte en adress;08-123;Kim;svorska;Nyhetsbrvet;kanske',
      '"delad',
      'rad@example.com";;;;;',
      `${'x'.repeat(70_000)};;;;;`,
      ';;Utan;;;',
      'FIN@example.com;;Igen;;;',
      'för@många.example;;;;;;en till',
      'tom@example.com;;;;;;;;',
      '"glömd@example.com;;;;;',
      'sist@example.com;;=1+1;;;',
    ].join('\r\n');
    const { id } = await world.uploaded(file);
    const { body } = await world.post(id, 'dry-run').expect(200);
    expect(body.counts).toMatchObject({ rows: 10, new: 3, faulty: 7 });
    const csv = await world.faults(id);
    const codes = csv
      .split('\r\n')
      .map((line) => line.split(';').slice(0, 3).join(' ').replaceAll('"', ''));
    expect(codes.slice(1, -1)).toEqual([
      '3 ämnen unknown_topic',
      '4 e-post invalid_email',
      '6  line_too_long',
      '7 e-post missing_address',
      '8 e-post repeated',
      '9  wrong_column_count',
      '11  unclosed_quote',
    ]);
    expect(csv.startsWith('\uFEFFrad;fält;kod;orsak\r\n')).toBe(true);
    expect(csv).toContain('Samma person står redan på rad 2.');
  });

  it('guards the list of faults against formulas (threat 23)', async () => {
    const file = 'e-post;=cmd|calc;ämnen\na@example.com;;"=1+1, @SUM(A1), -2, +3"\n';
    const { id } = await world.uploaded(file);
    await world.map(id, {
      columns: [
        { index: 1, use: 'title' },
        { index: 2, use: 'topics' },
      ],
    });
    await world.post(id, 'dry-run').expect(200);
    const cells = (await world.faults(id)).split('\r\n').flatMap((line) => line.split(';'));
    expect(cells.filter((cell) => /^"?[=+\-@\t]/.test(cell))).toEqual([]);
    const spoilt = await world.uploaded('e-post;=HYPERLINK()\na@example.com;x\n');
    await world.map(spoilt.id, { columns: [{ index: 1, use: 'language' }] }).expect(200);
    await world.post(spoilt.id, 'dry-run').expect(200);
    expect(await world.faults(spoilt.id)).toContain(`"'=HYPERLINK()"`);
  });

  it('asks for the right to import', async () => {
    const list = () => world.http().get('/api/v1/imports');
    await list().expect(401);
    await list().set({ 'x-test-actor': 'contacts:read' }).expect(403);
    await list().set(world.actor).expect(200);
    for (const id of ['1', '01890000-0000-7000-8000-000000000009']) {
      await world.http().get(`/api/v1/imports/${id}`).set(world.actor).expect(404);
    }
  });

  it('pages the list, newest first', async () => {
    const seen: string[] = [];
    let next = '';
    do {
      const { body } = await world
        .http()
        .get(`/api/v1/imports?limit=3${next && `&cursor=${next}`}`)
        .set(world.actor)
        .expect(200);
      seen.push(...(body.items as { id: string }[]).map(({ id }) => id));
      next = body.next as string;
    } while (next);
    expect(seen).toEqual([...new Set(seen)].sort().reverse());
    expect(seen.length).toBeGreaterThan(8);
  });
});

function attested(more: object = {}) {
  return {
    company: 'Exempel AB',
    attestedBy: 'Kim Berg, HR',
    at: '2026-01-15',
    policyVersion: '2018-04-05',
    channel: 'intranät',
    ...more,
  };
}
