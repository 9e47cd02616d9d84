import { doubleOptIn, grant, optOut, World } from './world';

describe('Registry.record', () => {
  let world: World;
  let news: string;
  let tips: string;

  beforeAll(async () => {
    world = await World.open();
    news = await world.topic('news');
    tips = await world.topic('tips');
  });
  afterAll(() => world.close());

  it('opens the gate of an address by a grant, for that topic only (L-01)', async () => {
    const contact = await world.contact('eva@example.com');
    const [result] = await world.record(grant(world.ref('eva@example.com'), contact, news));
    expect(result).toMatchObject({ outcome: 'recorded', entryId: expect.any(String) });
    expect(await world.gate('eva@example.com')).toMatchObject({
      allowed: [news],
      no_all: false,
      contact_id: contact,
      epoch: 1,
    });
  });

  it('never lets a ground for email open SMS (L-05)', async () => {
    const contact = await world.contact('ola@example.com', '+46701740605');
    await world.record(grant(world.ref('ola@example.com'), contact, news));
    expect(await world.gate('+46701740605')).toMatchObject({ allowed: [] });
  });

  it('lets a no at one address bind every address of the person, on all channels (F-26, F-52)', async () => {
    const contact = await world.contact('ida@example.com', 'ida@work.example', '+46701740606');
    await world.record(
      grant(world.ref('ida@example.com'), contact, news),
      grant(world.ref('ida@work.example'), contact, tips),
      grant(world.ref('+46701740606'), contact, news),
    );
    await world.record(optOut(world.ref('ida@example.com'), contact));
    for (const address of ['ida@example.com', 'ida@work.example', '+46701740606']) {
      expect(await world.gate(address)).toMatchObject({ allowed: [], no_all: true });
    }
    expect((await world.gate('ida@example.com'))?.no_by).toBe('address');
    expect((await world.gate('ida@work.example'))?.no_by).toBe('person');
  });

  it('blocks a shared address for everybody who is registered with it (F-51)', async () => {
    const a = await world.contact('info@shared.example', 'a@shared.example');
    const b = await world.contact('info@shared.example', 'b@shared.example');
    await world.record(
      grant(world.ref('info@shared.example'), a, news),
      grant(world.ref('b@shared.example'), b, news),
    );
    await world.record(optOut(null, b));
    expect(await world.gate('info@shared.example')).toMatchObject({ no_all: true, allowed: [] });
    expect(await world.gate('a@shared.example')).toMatchObject({ no_all: false });
  });

  it('changes exactly one recipient by one opt-out (F-27)', async () => {
    const one = await world.contact('one@f27.example');
    const other = await world.contact('other@f27.example');
    await world.record(
      grant(world.ref('one@f27.example'), one, news),
      grant(world.ref('other@f27.example'), other, news),
    );
    await world.record(optOut(world.ref('one@f27.example'), one));
    expect(await world.gate('other@f27.example')).toMatchObject({ allowed: [news], epoch: 1 });
  });

  it('refuses a yes by import against a standing no, and writes nothing (F-40, F-42)', async () => {
    const contact = await world.contact('nej@example.com');
    await world.record(optOut(world.ref('nej@example.com'), contact));
    const yes = grant(world.ref('nej@example.com'), contact, news);
    for (let week = 0; week < 52; week++) {
      expect(await world.record(yes)).toMatchObject([{ outcome: 'refused', entryId: null }]);
    }
    expect(await world.entries('contact_id = $1', [contact])).toHaveLength(1);
    expect(await world.gate('nej@example.com')).toMatchObject({ allowed: [], no_all: true });
  });

  it('takes a newer yes that the person proved, for that address and topic only (F-49, F-52)', async () => {
    const contact = await world.contact('om@example.com', 'om@work.example');
    await world.record(optOut(world.ref('om@example.com'), contact));
    await world.record(doubleOptIn(world.ref('om@example.com'), contact, news));
    expect(await world.gate('om@example.com')).toMatchObject({ allowed: [news] });
    expect(await world.gate('om@work.example')).toMatchObject({ allowed: [], no_all: true });
  });

  it('writes the same yes once, however often a file is imported', async () => {
    const contact = await world.contact('samma@example.com');
    const yes = grant(world.ref('samma@example.com'), contact, news);
    const [first] = await world.record(yes);
    const [second, third] = await world.record(yes, yes);
    expect(second).toEqual({ ...first, outcome: 'standing' });
    expect(third).toEqual(second);
  });

  it('lets the no win when a yes and a no come in one call', async () => {
    const contact = await world.contact('tie@example.com');
    const address = world.ref('tie@example.com');
    const [no, yes] = await world.record(
      optOut(address, contact),
      doubleOptIn(address, contact, news),
    );
    expect(no!.seq!).toBeGreaterThan(yes!.seq!);
    expect(await world.gate('tie@example.com')).toMatchObject({ allowed: [], no_all: true });
  });

  it('records a repeat inside one call once and gives both the same entry', async () => {
    const contact = await world.contact('dubbel@example.com');
    const act = optOut(world.ref('dubbel@example.com'), contact);
    const [first, second] = await world.record(act, act);
    expect(second).toEqual({ ...first, outcome: 'standing' });
    expect(first?.entryId).toEqual(expect.any(String));
  });

  it('carries a no over to an address the person gets later (L-20, F-28)', async () => {
    const contact = await world.contact('gammal@example.com');
    await world.record(optOut(world.ref('gammal@example.com'), contact));
    await world.address(contact, 'ny@example.com');
    await world.record(grant(world.ref('ny@example.com'), contact, news));
    expect(await world.gate('ny@example.com')).toMatchObject({ no_all: true, allowed: [] });
  });

  it('lets a no bind an address the person once had, until its new holder proves a yes (F-52)', async () => {
    const before = await world.contact('tjanst@example.com', 'privat@example.com');
    await world.record(grant(world.ref('tjanst@example.com'), before, news));
    await world.db.query(`DELETE FROM address WHERE canonical = 'tjanst@example.com'`);
    const successor = await world.contact('tjanst@example.com');
    await world.record(optOut(world.ref('privat@example.com'), before));
    expect(await world.gate('tjanst@example.com')).toMatchObject({ no_all: true, allowed: [] });
    expect(
      await world.record(grant(world.ref('tjanst@example.com'), successor, news)),
    ).toMatchObject([{ outcome: 'refused' }]);
    await world.record(doubleOptIn(world.ref('tjanst@example.com'), successor, news));
    expect(await world.gate('tjanst@example.com')).toMatchObject({ allowed: [news] });
  });

  it('makes an opt-out wait for a permit in progress, but not for a dead worker: two idle seconds at most (c.2 #17)', async () => {
    const contact = await world.contact('vantar@example.com');
    await world.record(grant(world.ref('vantar@example.com'), contact, news));
    let locked: () => void;
    const holding = new Promise<void>((resolve) => (locked = resolve));
    const frozen = world.db.tx(
      async (tx) => {
        await tx.query('SELECT FROM gate WHERE address_key = $1 FOR SHARE', [
          world.ref('vantar@example.com').key,
        ]);
        locked();
        await new Promise((resolve) => setTimeout(resolve, 4_000));
        await tx.query('SELECT 1');
      },
      { idleSeconds: 2 },
    );
    const ended = expect(frozen).rejects.toThrow();
    await holding;
    const start = performance.now();
    await world.record(optOut(world.ref('vantar@example.com'), contact));
    const waited = performance.now() - start;
    expect(waited).toBeGreaterThan(1_500);
    expect(waited).toBeLessThan(3_950);
    await ended;
  });

  it('binds an address that somebody else already has when a person who said no gets it', async () => {
    const holder = await world.contact('delad@example.com');
    await world.record(grant(world.ref('delad@example.com'), holder, news));
    const objector = await world.contact('objektor@example.com');
    await world.record(optOut(null, objector));
    await world.address(objector, 'delad@example.com');
    await world.db.tx((tx) => world.registry.refresh(tx, [objector]));
    expect(await world.gate('delad@example.com')).toMatchObject({ no_all: true, allowed: [] });
  });

  it('takes a no from an address nobody has, and blocks whoever comes with it (L-12, D-03)', async () => {
    await world.record(optOut(world.ref('okand@example.com'), null));
    const contact = await world.contact('okand@example.com');
    expect(await world.record(grant(world.ref('okand@example.com'), contact, news))).toMatchObject([
      { outcome: 'refused' },
    ]);
    expect(await world.gate('okand@example.com')).toMatchObject({ no_all: true, allowed: [] });
  });

  it('does two thousand acts in one call, in a fixed number of statements', async () => {
    const many = 2000;
    await world.db.query(
      `INSERT INTO contact (id, kinds, created_at, updated_at)
       SELECT gen_random_uuid(), '{company_contact}', now(), now() FROM generate_series(1, $1)`,
      [many],
    );
    const contacts = await world.db.query<{ id: string }>(
      `SELECT id FROM contact WHERE first_name IS NULL`,
    );
    const acts = contacts.map(({ id }, i) => grant(world.ref(`p${i}@many.example`), id, news));
    let statements = 0;
    const results = await world.db.tx((tx) =>
      world.registry.record(
        { query: (text, values) => (statements++, tx.query(text, values)) },
        acts,
      ),
    );
    expect(results.every(({ outcome }) => outcome === 'recorded')).toBe(true);
    expect(statements).toBeLessThanOrEqual(8);
  });

  it('takes a hundred crossing opt-outs and grants at once without a deadlock', async () => {
    const people = await Promise.all(
      [0, 1, 2, 3, 4, 5].map((i) =>
        world.contact(
          `x${i}@cross.example`,
          `x${(i + 1) % 6}@cross.example`,
          `y${i}@cross.example`,
        ),
      ),
    );
    const calls = Array.from({ length: 100 }, (_, i) => {
      const at = (n: number) => people[(i + n) % people.length]!;
      const addressed = (n: number) => world.ref(`x${(i + n) % 6}@cross.example`);
      return i % 3 === 0
        ? world.record(optOut(addressed(5), at(3)), optOut(null, at(1)))
        : world.record(
            grant(addressed(3), at(5), news),
            grant(addressed(1), at(1), tips),
            doubleOptIn(world.ref(`z${i % 4}@cross.example`), null, news),
          );
    });
    await Promise.all(calls);
    for (const i of [0, 1, 3, 4]) {
      expect(await world.gate(`y${i}@cross.example`)).toMatchObject({ allowed: [], no_all: true });
    }
  }, 60_000);

  it('keeps the ledger append-only and the gate undeletable (L-16, F-45)', async () => {
    const { db } = world;
    await expect(db.query(`DELETE FROM ledger_entry`)).rejects.toThrow('append-only');
    await expect(db.query(`UPDATE ledger_entry SET kind = 'grant'`)).rejects.toThrow('append-only');
    await expect(db.query(`TRUNCATE ledger_entry`)).rejects.toThrow('append-only');
    await expect(db.query(`DELETE FROM gate`)).rejects.toThrow('never deleted');
  });

  it('holds no address, name or company in the record of a no (L-30)', async () => {
    const columns = await world.db.query<{ name: string }>(
      `SELECT column_name AS name FROM information_schema.columns
       WHERE table_name IN ('ledger_entry', 'gate', 'link_token')`,
    );
    expect(
      columns
        .map(({ name }) => name)
        .filter((name) => /mail|phone|value|canonical|name/.test(name)),
    ).toEqual([]);
    const [dump] = await world.db.query<{ all: string }>(
      `SELECT (SELECT string_agg(e::text, ' ') FROM ledger_entry e) || (SELECT string_agg(g::text, ' ') FROM gate g) AS all`,
    );
    expect(dump?.all).not.toContain('@');
  });
});
