import { OPERATOR } from '../../../src/platform/http/actor';
import { Audit } from '../../../src/platform/audit/audit';
import { Clock } from '../../../src/platform/clock';
import { ExportRegistry } from '../../../src/features/registry/ledger/export-registry';
import { SealLedger } from '../../../src/features/registry/ledger/seal-ledger';
import { VerifyRegistry } from '../../../src/features/registry/ledger/verify-registry';
import { takeSealLock } from '../../../src/features/registry/ledger/chain.queries';
import { grant, optOut, World } from './world';

describe('the hash chain of the ledger', () => {
  let world: World;
  let sealer: SealLedger;
  let verify: VerifyRegistry;

  beforeAll(async () => {
    world = await openFilled();
    sealer = new SealLedger(world.db);
    verify = new VerifyRegistry(world.db);
  });
  afterAll(() => world.close());

  const exported = async () => {
    const lines: string[] = [];
    const exporter = new ExportRegistry(world.db, new Clock(), sealer, new Audit());
    for await (const line of exporter.run(OPERATOR)) lines.push(line);
    return lines;
  };

  it('seals every committed entry once, without gaps, also by several sealers at a time', async () => {
    const counts = await Promise.all([sealer.run(), sealer.run(), sealer.run()]);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(41);
    expect(await sealer.run()).toBe(0);
    const positions = await world.db.query<{ position: number }>(
      `SELECT position FROM ledger_entry ORDER BY position`,
    );
    expect(positions.map(({ position }) => position)).toEqual(
      Array.from({ length: 41 }, (_, i) => i + 1),
    );
  });

  it('verifies a ledger and a gate that nobody touched', async () => {
    const report = await verify.database();
    expect(report).toMatchObject({ ok: true, checked: 41, unsealed: 0, gates: 31, faults: [] });
    expect(report.head.position).toBe(41);
  });

  it('seals the entries of a large call with its commit, as they will be read', async () => {
    const copy = await openFilled();
    const news = (await copy.topic('large')).toUpperCase();
    const people = await Promise.all(
      Array.from({ length: 150 }, (_, i) => copy.contact(`large${i}@example.com`)),
    );
    await copy.record(
      ...people.map((contact, i) => ({
        ...grant(copy.ref(`large${i}@example.com`), contact.toUpperCase(), news),
        evidence: { line: i, day: new Date(i), z: undefined, ä: ['å', 1.5, { b: null, a: -0 }] },
      })),
    );
    const state = () =>
      copy.db.query(
        `SELECT count(*) AS entries, count(position) AS sealed, max(position) AS head FROM ledger_entry`,
      );
    expect(await state()).toEqual([{ entries: 191, sealed: 150, head: 150 }]);
    expect(await new SealLedger(copy.db).run()).toBe(41);
    expect(await state()).toEqual([{ entries: 191, sealed: 191, head: 191 }]);
    expect(await new VerifyRegistry(copy.db).database()).toMatchObject({ ok: true, checked: 191 });
    await copy.close();
  });

  it('leaves a large call to the sealer while that is at work', async () => {
    const copy = await openFilled();
    const news = await copy.topic('large');
    const acts = Array.from({ length: 150 }, (_, i) =>
      grant(copy.ref(`large${i}@example.com`), null, news),
    );
    await copy.db.tx(async (tx) => {
      await takeSealLock(tx);
      const waited = await copy.record(...acts);
      expect(waited.every(({ outcome }) => outcome === 'recorded')).toBe(true);
    });
    expect(await new SealLedger(copy.db).run()).toBe(191);
    expect(await new VerifyRegistry(copy.db).database()).toMatchObject({ ok: true, checked: 191 });
    await copy.close();
  });

  it('lets no change of an entry through but the one the sealer makes', async () => {
    const columns = await world.db.query<{ name: string }>(
      `SELECT column_name AS name FROM information_schema.columns WHERE table_name = 'ledger_entry'`,
    );
    const [trigger] = await world.db.query<{ definition: string }>(
      `SELECT pg_get_triggerdef(oid) AS definition FROM pg_trigger WHERE tgname = 'ledger_entry_sealed_once'`,
    );
    // The condition names columns one by one: a new one must not be forgotten in it.
    for (const { name } of columns) {
      if (['position', 'prev_hash', 'hash'].includes(name)) continue;
      expect(trigger!.definition).toContain(`old.${name} IS DISTINCT FROM new.${name}`);
    }
    const { db } = world;
    await expect(db.query(`UPDATE ledger_entry SET evidence = '{}'`)).rejects.toThrow(
      'append-only',
    );
    await expect(db.query(`UPDATE ledger_entry SET hash = sha256('x')`)).rejects.toThrow(
      'append-only',
    );
  });

  it('exports JSON Lines that verify on their own, hold no address, and are in the audit trail', async () => {
    const lines = await exported();
    expect(lines).toHaveLength(43);
    expect(lines.join('')).not.toContain('@');
    expect(await verify.lines(lines)).toMatchObject({ ok: true, checked: 41 });
    const [audit] = await world.db.query(
      `SELECT * FROM audit_entry WHERE action = 'registry.exported'`,
    );
    expect(audit).toMatchObject({ actor_type: 'cli', details: { head: 41 } });
  });

  describe('finds what was done to an export (5 of 5)', () => {
    const tamper: [string, (lines: string[]) => string[], string][] = [
      ['an entry deleted', (lines) => lines.filter((_, i) => i !== 20), 'missing'],
      [
        'an entry altered',
        (lines) => lines.with(20, lines[20]!.replace('"scope":"', '"scope":"x')),
        'altered',
      ],
      [
        'two entries reordered',
        (lines) => lines.with(20, lines[21]!).with(21, lines[20]!),
        'out_of_order',
      ],
      ['an entry inserted', (lines) => lines.toSpliced(20, 0, lines[5]!), 'out_of_order'],
      ['the end cut off', (lines) => lines.slice(0, -5), 'truncated'],
      ['the end cut off and made to look whole', cutAndClose, 'truncated'],
    ];
    it.each(tamper)('%s', async (_, change, code) => {
      const lines = await exported();
      const { head } = await verify.lines(lines);
      const report = await verify.lines(change(lines), head);
      expect(report.ok).toBe(false);
      expect(report.faults.map((fault) => fault.code)).toContain(code);
    });
  });

  describe('finds what was done in the database, past the trigger', () => {
    const tamper: [string, string, string][] = [
      ['an entry deleted', `DELETE FROM ledger_entry WHERE position = 20`, 'missing'],
      [
        'an entry altered',
        `UPDATE ledger_entry SET kind = 'deliverable' WHERE position = 20`,
        'altered',
      ],
      [
        'an entry altered together with its hash',
        `UPDATE ledger_entry SET kind = 'deliverable', hash = sha256('x') WHERE position = 20`,
        'broken_link',
      ],
      [
        'two entries reordered',
        `UPDATE ledger_entry SET position = 1000 WHERE position = 20;
         UPDATE ledger_entry SET position = 20 WHERE position = 21;
         UPDATE ledger_entry SET position = 21 WHERE position = 1000`,
        'altered',
      ],
      ['the end cut off', `DELETE FROM ledger_entry WHERE position > 35`, 'truncated'],
      ['a gate row opened', `UPDATE gate SET no_all = FALSE WHERE no_all`, 'gate_differs'],
    ];
    it.each(tamper)('%s', async (_, sql, code) => {
      const copy = await openFilled();
      await new SealLedger(copy.db).run();
      const expected = (await new VerifyRegistry(copy.db).database()).head;
      await copy.db.query(`ALTER TABLE ledger_entry DISABLE TRIGGER ALL`);
      await copy.db.query(sql);
      const report = await new VerifyRegistry(copy.db).database(expected);
      expect(report.ok).toBe(false);
      expect(report.faults.map((fault) => fault.code)).toContain(code);
      await copy.db.query('SELECT reach_rebuild()');
      await copy.close();
    });

    it('a whole new chain, by a head that was kept elsewhere', async () => {
      const copy = await openFilled();
      await new SealLedger(copy.db).run();
      const expected = (await new VerifyRegistry(copy.db).database()).head;
      await copy.db.query(`ALTER TABLE ledger_entry DISABLE TRIGGER ALL`);
      await copy.db.query(`UPDATE ledger_entry SET position = NULL, prev_hash = NULL, hash = NULL`);
      await copy.db.query(`UPDATE ledger_entry SET door = 'demo' WHERE seq = 20`);
      await new SealLedger(copy.db).run();
      const forged = new VerifyRegistry(copy.db);
      expect((await forged.database()).ok).toBe(true);
      expect((await forged.database(expected)).faults).toContainEqual({
        position: 41,
        code: 'rewritten',
      });
      await copy.close();
    });
  });
});

/** Forty-one entries about thirty-one addresses. */
async function openFilled(): Promise<World> {
  const world = await World.open();
  const news = await world.topic('news');
  for (let i = 0; i < 30; i++) {
    const contact = await world.contact(`p${i}@example.com`);
    await world.record(grant(world.ref(`p${i}@example.com`), contact, news));
    if (i % 3 === 0) await world.record(optOut(world.ref(`p${i}@example.com`), contact));
  }
  await world.record({
    ...optOut(world.ref('å@example.com'), null),
    evidence: { b: [1, { z: null, a: 'å' }], a: 1.5 },
  });
  return world;
}

function cutAndClose(lines: string[]): string[] {
  const kept = lines.slice(0, -6);
  const { position, hash } = JSON.parse(kept.at(-1)!) as { position: number; hash: string };
  return [...kept, JSON.stringify({ end: { position, hash } })];
}
