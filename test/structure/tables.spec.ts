import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOM_LEVELS } from './levels';
import { isSpec, ROOT, sourceOf, sourcesBelow } from './source';
import { ownersIn, writesIn } from './table-owners';

const owners = ownersIn(readFileSync(join(ROOT, 'prisma/schema.prisma'), 'utf8'));
const tables = new Set(owners.keys());

describe('every table', () => {
  it('has an owner: a room, or the platform', () => {
    const known = ['platform', ...Object.keys(ROOM_LEVELS)];
    expect([...owners].filter(([, owner]) => !known.includes(owner))).toEqual([]);
    expect(tables.size).toBeGreaterThan(10);
  });

  it('is written by its owner and by nobody else', () => {
    const trespasses = sourcesBelow('src')
      .filter((source) => !isSpec(source))
      .flatMap((source) => writesIn(source, tables))
      .filter(({ writer, table }) => owners.get(table) !== writer)
      .map(({ at, table }) => `${at} writes ${table}, which ${owners.get(table)} owns`);
    expect(trespasses).toEqual([]);
  });

  it('would be caught written in SQL, by Prisma, or under a name made at run time', () => {
    const text = `
      const a = \`WITH x AS (SELECT 1) INSERT INTO gate (a) VALUES (1) ON CONFLICT DO UPDATE SET a = 2\`;
      const b = 'UPDATE  gate AS g SET a = 1';
      const c = "delete from gate where a = 1";
      const d = 'SELECT 1 FROM gate FOR UPDATE';
      const e = \`TRUNCATE \${table}\`;
      const f = db.prisma.ledgerEntry.create({});
      const g = db.prisma.ledgerEntry.findMany({});
      const h = 'Update gate settings';
      const i = \`UPDATE \${table} SET a = 1\`;
      const j = 'INSERT INTO public.gate (a) VALUES (1)';`;
    const found = writesIn(
      sourceOf('src/features/campaigns/x.ts', text),
      new Set(['gate', 'ledger_entry']),
    );
    expect(found.map(({ at, table }) => `${at.split(':')[1]} ${table}`)).toEqual([
      '2 gate',
      '3 gate',
      '4 gate',
      '6 ${',
      '10 ${',
      '11 gate',
      '7 ledger_entry',
    ]);
    expect(found[0]!.writer).toBe('campaigns');
  });
});
