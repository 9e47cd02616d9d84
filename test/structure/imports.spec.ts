import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import ts from 'typescript';
import { cycles, importGraph } from './import-graph';
import { objection, ROOM_LEVELS } from './levels';
import {
  find,
  importsOf,
  isRelative,
  isSpec,
  lineOf,
  resolveImport,
  ROOT,
  sourceOf,
  sourcesBelow,
  type Source,
} from './source';

const sources = sourcesBelow('src');
const graph = importGraph(sources);

describe('imports', () => {
  it('go downwards: processes → features → platform → domain, and rooms to lower rooms', () => {
    const objections = [...graph].flatMap(([from, targets]) =>
      targets.map((to) => objection(from, to)).filter((found) => found !== null),
    );
    expect(objections).toEqual([]);
  });

  it('are refused upwards, sideways and from a room without a level', () => {
    const registry = 'src/features/registry/gate.queries.ts';
    expect(objection('src/platform/clock.ts', registry)).toContain('downwards only');
    expect(objection('src/domain/gate.ts', 'src/platform/clock.ts')).toContain('downwards only');
    expect(objection(registry, 'src/features/service-mail/send.ts')).toContain('may not import');
    expect(objection(registry, 'src/features/campaigns/launch.ts')).toContain('may not import');
    expect(objection(registry, 'src/features/attic/box.ts')).toContain('has no level');
    expect(objection(registry, 'src/features/contacts/keys.ts')).toBeNull();
    expect(objection('src/main.ts', 'src/processes/web.ts')).toBeNull();
    expect(objection('src/web/main.tsx', registry)).toContain('only src/domain');
    expect(objection('src/processes/run.ts', 'src/web/main.tsx')).toContain('only src/domain');
    expect(objection('src/web/main.tsx', 'src/domain/address.ts')).toBeNull();
  });

  it('know a level for every room', () => {
    const rooms = readdirSync(join(ROOT, 'src/features'));
    expect(rooms.filter((room) => !(room in ROOM_LEVELS))).toEqual([]);
  });

  it('make no circles, neither between files nor between folders', () => {
    expect(cycles(graph)).toEqual([]);
  });

  it('would be caught in a circle', () => {
    const files = cycles(
      importGraph([
        sourceOf('src/a.ts', `import { b } from './b';`),
        sourceOf('src/b.ts', `import type { A } from './a';`),
      ]),
    );
    expect(files).toEqual(['src/ a.ts → b.ts → a.ts']);
    const folders = cycles(
      importGraph([
        sourceOf('src/x/one.ts', `import { two } from '../y/two';`),
        sourceOf('src/y/two.ts', ''),
        sourceOf('src/y/three.ts', `export * from '../x/four';`),
        sourceOf('src/x/four.ts', ''),
      ]),
    );
    expect(folders).toEqual(['src/ x → y → x']);
  });

  it('are relative or name a declared dependency, never an alias', () => {
    const known = new Set(sources.map(({ path }) => path));
    const faults = sources.flatMap((source) =>
      importsOf(source)
        .filter(({ specifier }) => !specifier.startsWith('node:'))
        .filter(({ specifier, typeOnly }) =>
          isRelative(specifier)
            ? !isOurs(source.path, specifier, known)
            : !isDeclared(specifier, typeOnly || isSpec(source) || isBundled(source)),
        )
        .map(({ specifier }) => `${source.path} → ${specifier}`),
    );
    expect(faults).toEqual([]);
    const { compilerOptions } = readJson('tsconfig.json') as { compilerOptions: object };
    expect(compilerOptions).not.toHaveProperty('paths');
    expect(compilerOptions).not.toHaveProperty('baseUrl');
  });

  it('of Node itself say so: node:path, not path', () => {
    const plain = new Set(builtinModules);
    const faults = sources.flatMap((source) =>
      importsOf(source)
        .filter(({ specifier }) => plain.has(specifier))
        .map(({ specifier }) => `${source.path} → ${specifier}`),
    );
    expect(faults).toEqual([]);
  });
});

describe('exports', () => {
  const reExports = (source: Source): string[] =>
    find(source, ts.isExportDeclaration)
      .filter(({ moduleSpecifier }) => moduleSpecifier !== undefined)
      .map((node) => lineOf(source, node));

  it('stand where the thing is made: no barrels and no index files', () => {
    expect(sources.flatMap(reExports)).toEqual([]);
    expect(sources.filter(({ path }) => /\/index\.tsx?$/.test(path))).toEqual([]);
  });

  it('would be caught passing something on', () => {
    expect(reExports(sourceOf('src/a.ts', `\nexport type { B } from './b';`))).toEqual([
      'src/a.ts:2',
    ]);
  });
});

interface Manifest {
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
}

const manifest = readJson('package.json') as Manifest;

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(join(ROOT, path), 'utf8'));
}

function isDeclared(specifier: string, development: boolean): boolean {
  const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
  if (name in manifest.dependencies) return true;
  const types = `@types/${name.replace('@', '').replace('/', '__')}`;
  return development && (name in manifest.devDependencies || types in manifest.devDependencies);
}

/** The web app is built before it is shipped, so its libraries are only needed for building. */
function isBundled({ path }: Source): boolean {
  return path.startsWith('src/web/');
}

function isOurs(from: string, specifier: string, known: ReadonlySet<string>): boolean {
  const generated =
    specifier.endsWith('/client/client') || /\.(json|css)$|\/generated\/api$/.test(specifier);
  return generated || resolveImport(from, specifier, known) !== null;
}
