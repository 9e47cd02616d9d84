import { staysOptedOut } from '../registry-contract';
import { type ImportsWorld, openImports } from './imports-world';

const HEADER = 'e-post;mobil;förnamn;ämnen;samtycke_nyhetsbrev;samtycke_nyhetsbrev_sms\n';

describe('imports and those who said no', () => {
  let world: ImportsWorld;
  let topicId: string;
  beforeAll(async () => {
    world = await openImports();
    topicId = await world.topic('nyhetsbrev');
  });
  afterAll(() => world.close());

  const yes = (email: string, rest = '') => `${HEADER}${email};${rest};Kim;nyhetsbrev;ja;ja\n`;
  const ledgerSize = async () => (await world.ledger()).length;

  staysOptedOut('CSV import', () => ({
    ...world,
    write: async ({ email, firstName }) => {
      await world.imported(`${HEADER}${email};;${firstName};nyhetsbrev;ja;ja\n`);
    },
  }));

  staysOptedOut('PUT /api/v1/contacts', () => ({
    ...world,
    write: async ({ email, firstName }) => {
      const id = Buffer.from(email.normalize('NFC').trim().toLowerCase())
        .toString('hex')
        .slice(-40);
      const put = world.http().put(`/api/v1/contacts/${id}`).set(world.actor);
      await put.send({ kind: 'company_contact', email, firstName }).expect(200);
    },
  }));

  staysOptedOut('POST /api/v1/contacts/batch', () => ({
    ...world,
    write: async ({ email, firstName }) => {
      const items = [{ externalId: `b-${email}`, kind: 'company_contact', email, firstName }];
      const post = world.http().post('/api/v1/contacts/batch').set(world.actor);
      await post.send({ items }).expect(200);
    },
  }));

  it('gives a grant to those with a yes in the file, once', async () => {
    const { counts } = await world.imported(yes('ja@example.com', '070-174 06 20'));
    expect(counts).toMatchObject({ rows: 1, new: 1 });
    expect(await world.gate('ja@example.com')).toMatchObject({ allowed: [topicId] });
    expect(await world.gate('+46701740620')).toMatchObject({ allowed: [topicId] });
    const before = await ledgerSize();
    const again = await world.imported(yes('ja@example.com', '070-174 06 20'));
    expect(again.counts).toMatchObject({ unchanged: 1, changed: 0 });
    expect(await ledgerSize()).toBe(before);
  });

  it('says of an opted-out row that it stays so, and leaves the ledger as it was (F-40, F-41)', async () => {
    await world.imported(yes('aktiv@example.com'));
    await world.optOut('aktiv@example.com', await world.contactOf('aktiv@example.com'));
    const before = await ledgerSize();
    const { id, counts } = await world.imported(yes('AKTIV@example.com'));
    expect(counts).toMatchObject({ rows: 1, optedOut: 1, new: 0, changed: 0 });
    expect(await world.verdicts(id)).toEqual([[2, 'suppressed', 'opted_out']]);
    expect(await ledgerSize()).toBe(before);
  });

  it('keeps the no after the same file 52 weeks in a row (F-42)', async () => {
    const file = yes('veckofil@example.com');
    await world.imported(file);
    await world.optOut('veckofil@example.com');
    const before = await ledgerSize();
    for (let week = 0; week < 52; week++) {
      expect((await world.imported(file)).counts).toMatchObject({ optedOut: 1 });
    }
    expect(await ledgerSize()).toBe(before);
    expect(await world.gate('veckofil@example.com')).toMatchObject({ no_all: true, allowed: [] });
  }, 120_000);

  it('keeps every no when all contacts are deleted and loaded again (F-45)', async () => {
    const file = yes('ladda.om@example.com');
    await world.imported(file);
    await world.optOut('ladda.om@example.com', await world.contactOf('ladda.om@example.com'));
    await world.db.query('DELETE FROM contact');
    await expect(world.db.query('DELETE FROM ledger_entry')).rejects.toThrow('append-only');
    await expect(world.db.query('DELETE FROM gate')).rejects.toThrow('never deleted');
    expect((await world.imported(file)).counts).toMatchObject({ optedOut: 1 });
    expect(await world.gate('ladda.om@example.com')).toMatchObject({ no_all: true, allowed: [] });
  });

  it('gives a known objector no grant on another channel either (L-08)', async () => {
    await world.optOut('kanal@example.com');
    await world.imported(yes('kanal@example.com', '070-174 06 21'));
    expect(await world.gate('+46701740621')).toMatchObject({ allowed: [] });
  });

  it('rebuilds every no from a file with a column for it (F-43)', async () => {
    const file = [
      'e-post;avregistrerad;samtycke_nyhetsbrev',
      'borta1@example.com;ja;ja',
      'borta2@example.com;2024-03-01;ja',
      'borta3@example.com;Spärrad;',
      'kvar1@example.com;nej;ja',
      'kvar2@example.com;;ja',
    ].join('\n');
    const { counts } = await world.imported(file);
    expect(counts).toMatchObject({ rows: 5, optedOut: 3, new: 2 });
    for (const n of [1, 2, 3]) {
      expect(await world.gate(`borta${n}@example.com`)).toMatchObject({
        no_all: true,
        allowed: [],
      });
    }
    expect(await world.gate('kvar1@example.com')).toMatchObject({
      no_all: false,
      allowed: [topicId],
    });
    const before = await ledgerSize();
    expect((await world.imported(file)).counts).toMatchObject({ optedOut: 3, unchanged: 2 });
    expect(await ledgerSize()).toBe(before);
  });

  it('does not store an erased person again (F-44)', async () => {
    await world.imported(yes('raderad@example.com'));
    const contactId = await world.contactOf('raderad@example.com');
    await world.erase('raderad@example.com', contactId!);
    const { id, counts } = await world.imported(yes('Raderad@example.com'));
    expect(counts).toMatchObject({ optedOut: 1, new: 0 });
    expect(await world.verdicts(id)).toEqual([[2, 'suppressed', 'erased']]);
    expect(await world.contactOf('raderad@example.com')).toBeNull();
    const put = world.http().put('/api/v1/contacts/raderad').set(world.actor);
    const { body } = await put.send({ kind: 'company_contact', email: 'raderad@example.com' });
    expect(body).toMatchObject({ outcome: 'erased', id: null });
  });

  it('blocks every person who holds the address (F-51)', async () => {
    const file = (id: string) =>
      `externt id;e-post;samtycke_nyhetsbrev\n${id};delad@example.com;ja\n`;
    await world.imported(file('p-1'));
    await world.optOut('delad@example.com');
    expect((await world.imported(file('p-2'))).counts).toMatchObject({ optedOut: 1 });
    expect(await world.gate('delad@example.com')).toMatchObject({ allowed: [] });
  });

  it('carries a no over to the new address, also one from before anybody knew whose it was (L-20)', async () => {
    const put = (email: string | null) =>
      world
        .http()
        .put('/api/v1/contacts/flyttar')
        .set(world.actor)
        .send({ kind: 'company_contact', email })
        .expect(200);
    await world.optOut('gammal@example.com');
    await put('gammal@example.com');
    await put('ny@example.com');
    expect(await world.gate('ny@example.com')).toMatchObject({ no_all: true });
    expect((await world.imported(yes('ny@example.com'))).counts).toMatchObject({ optedOut: 1 });
    await put(null);
    await put('nyare@example.com');
    expect(await world.gate('nyare@example.com')).toMatchObject({ no_all: true });
  });

  it('does not bring back what the person took back, but what an undone import did', async () => {
    const { id } = await world.imported(yes('ångrat@example.com'));
    expect(await world.undone(id)).toMatchObject({ state: 'undone' });
    expect(await world.gate('ångrat@example.com')).toMatchObject({
      allowed: [],
      withdrawn: [topicId],
    });
    await world.imported(yes('ångrat@example.com'));
    expect(await world.gate('ångrat@example.com')).toMatchObject({ allowed: [topicId] });
    await world.withdraw('ångrat@example.com', topicId);
    expect((await world.imported(yes('ångrat@example.com'))).counts).toMatchObject({ optedOut: 1 });
    expect(await world.gate('ångrat@example.com')).toMatchObject({ allowed: [] });
  });

  it('keeps every no of either when two contacts are made one', async () => {
    await world.imported('e-post;externt id;samtycke_nyhetsbrev\nbehåll@example.com;m-1;ja\n');
    await world.imported('e-post;externt id\nbort@example.com;m-2\n');
    const [keep, drop] = [
      await world.contactOf('behåll@example.com'),
      await world.contactOf('bort@example.com'),
    ];
    await world.optOut('bort@example.com', drop);
    const merge = world.http().post(`/api/v1/contacts/${keep}/merge`).set(world.actor);
    await merge.send({ from: drop }).expect(204);
    expect(await world.gate('behåll@example.com')).toMatchObject({ no_all: true, allowed: [] });
    expect(await world.contactOf('bort@example.com')).toBe(keep);
    const { body } = await world
      .http()
      .get(`/api/v1/contacts/${drop}`)
      .set(world.actor)
      .expect(200);
    expect(body.id).toBe(keep);
  });
});
