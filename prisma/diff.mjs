// npm run db:diff -- NAME      writes the migration that brings the database to schema.prisma
// npm run db:diff -- --check   exits 1 when schema.prisma and the migrations differ
// --url postgresql://…         a migrated database to compare with, instead of a temporary one
//
// Prisma's own `migrate dev` downloads a native engine. This runs the same engine as WebAssembly, offline.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils';
import * as engine from '@prisma/schema-engine-wasm/schema_engine_bg';
import pg from 'pg';

// Where the engine leaves the reason of a Rust panic.
globalThis.PRISMA_WASM_PANIC_REGISTRY = { set_message: (message) => console.error(message) };

const require = createRequire(import.meta.url);
const here = dirname(fileURLToPath(import.meta.url));

// The engine reads catalogue columns of PostgreSQL's one-byte type "char" and wants them as characters;
// Prisma's adapter for pg has no such mapping (7.10.0). They pass through it dressed as times of day,
// of which a catalogue has none.
class CatalogPool extends pg.Pool {
  async query(...args) {
    const result = await super.query(...args);
    for (const field of result.fields) {
      if (field.dataTypeID === pg.types.builtins.CHAR) field.dataTypeID = pg.types.builtins.TIME;
    }
    return result;
  }
}

class CatalogFactory extends PrismaPg {
  async connect() {
    const adapter = await super.connect();
    const read = adapter.queryRaw.bind(adapter);
    adapter.queryRaw = async (query) => {
      const result = await read(query);
      const columnTypes = result.columnTypes.map((type) =>
        type === ColumnTypeEnum.Time ? ColumnTypeEnum.Character : type,
      );
      return { ...result, columnTypes };
    };
    return adapter;
  }
}

/** The SQL that takes the database at `url` to schema.prisma; empty when it is there. */
async function diff(url) {
  const wasm = join(
    dirname(require.resolve('@prisma/schema-engine-wasm')),
    'schema_engine_bg.wasm',
  );
  const module = await WebAssembly.instantiate(readFileSync(wasm), {
    './schema_engine_bg.js': engine,
  });
  engine.__wbg_set_wasm(module.instance.exports);
  module.instance.exports.__wbindgen_start();
  const schema = {
    path: 'schema.prisma',
    content: readFileSync(join(here, 'schema.prisma'), 'utf8'),
  };
  const pool = new CatalogPool({ connectionString: url });
  const adapter = bindMigrationAwareSqlAdapterFactory(new CatalogFactory(pool));
  const prisma = await engine.SchemaEngine.new(
    { datamodels: [[schema.path, schema.content]] },
    () => {},
    adapter,
  );
  const { stdout } = await prisma.diff({
    from: { tag: 'schemaDatasource', files: [schema], configDir: here },
    to: { tag: 'schemaDatamodel', files: [schema] },
    script: true,
    exitCode: null,
    filters: { externalTables: ['public._prisma_migrations'], externalEnums: [] },
  });
  prisma.free();
  await pool.end();
  return stdout.includes('This is an empty migration') ? '' : stdout.trim();
}

/** Runs `work` on a temporary server with every migration applied. */
async function withMigratedDatabase(work) {
  const { EmbeddedPostgres } = require('../dist/platform/embedded-postgres/embedded-postgres.js');
  const { applyMigrations } = require('../dist/platform/database/migrations.js');
  const directory = mkdtempSync(join(tmpdir(), 'utskick-diff-'));
  const server = new EmbeddedPostgres();
  try {
    const url = await server.start(directory, { settings: { fsync: 'off' } });
    await applyMigrations(url);
    return await work(url);
  } finally {
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

function writeMigration(name, sql) {
  const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
  const directory = join(here, 'migrations', `${stamp}_${name}`);
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'migration.sql'), `${sql}\n`);
  return join('prisma', 'migrations', `${stamp}_${name}`, 'migration.sql');
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { check: { type: 'boolean' }, url: { type: 'string' } },
});
const [name] = positionals;
if (!values.check && !/^[a-z][a-z0-9_]*$/.test(name ?? '')) {
  console.error('Give the migration a name in small letters: npm run db:diff -- add_paused_until');
  process.exit(2);
}
const sql = values.url ? await diff(values.url) : await withMigratedDatabase(diff);
if (sql === '') {
  console.log('Nothing to do: the migrations lead to schema.prisma.');
} else if (values.check) {
  console.log(`The migrations do not lead to schema.prisma; missing:\n\n${sql}`);
  process.exitCode = 1;
} else {
  console.log(`${sql}\n\nWritten to ${writeMigration(name, sql)}`);
}
