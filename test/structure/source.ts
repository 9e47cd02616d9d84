import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, posix, relative, resolve } from 'node:path';
import ts from 'typescript';

export const ROOT = resolve(__dirname, '../..');

/** A source file as the rules see it; `path` is from the top of the project, with slashes. */
export interface Source {
  readonly path: string;
  readonly text: string;
  readonly tree: ts.SourceFile;
}

export interface Import {
  readonly specifier: string;
  readonly typeOnly: boolean;
}

const GENERATED = ['src/platform/database/client', 'src/web/generated'];

/** Paths of all files below a folder; what tools generate is left out. */
export function filesBelow(folder: string): string[] {
  const start = join(ROOT, folder);
  if (!existsSync(start)) return [];
  return readdirSync(start, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
    .filter(
      (path) =>
        !GENERATED.some((folder) => path.startsWith(folder)) && !path.includes('node_modules'),
    )
    .sort();
}

/** All TypeScript below these folders. */
export function sourcesBelow(...folders: string[]): Source[] {
  return folders
    .flatMap(filesBelow)
    .filter((path) => /\.tsx?$/.test(path))
    .map((path) => sourceOf(path, readFileSync(join(ROOT, path), 'utf8')));
}

export function sourceOf(path: string, text: string): Source {
  const kind = path.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, kind);
  return { path, text, tree };
}

export function isSpec({ path }: Source): boolean {
  return /\.spec\.tsx?$/.test(path);
}

export function lineOf(source: Source, node: ts.Node): string {
  const { line } = source.tree.getLineAndCharacterOfPosition(node.getStart(source.tree));
  return `${source.path}:${line + 1}`;
}

/** Every node of a file that passes the test, outermost first. */
export function find<T extends ts.Node>(
  { tree }: Source,
  matches: (node: ts.Node) => node is T,
): T[] {
  const found: T[] = [];
  const visit = (node: ts.Node): void => {
    if (matches(node)) found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

/** What a file imports, also by `export … from`, `import()` and `require()`. */
export function importsOf(source: Source): Import[] {
  const typeOnly = new Set<string>();
  const needed = new Set<string>();
  for (const node of find(source, isImportOrExport)) {
    if (!node.moduleSpecifier || !ts.isStringLiteral(node.moduleSpecifier)) continue;
    const types = ts.isImportDeclaration(node)
      ? node.importClause?.isTypeOnly === true
      : node.isTypeOnly;
    (types ? typeOnly : needed).add(node.moduleSpecifier.text);
  }
  for (const { fileName } of ts.preProcessFile(source.text, true, true).importedFiles) {
    if (!typeOnly.has(fileName)) needed.add(fileName);
  }
  return [
    ...[...needed].map((specifier) => ({ specifier, typeOnly: false })),
    ...[...typeOnly]
      .filter((name) => !needed.has(name))
      .map((s) => ({ specifier: s, typeOnly: true })),
  ];
}

/** The file a relative import means, or null when there is none among `known`. */
export function resolveImport(
  from: string,
  specifier: string,
  known: ReadonlySet<string>,
): string | null {
  const base = posix.join(dirname(from), specifier);
  const candidates = [base, `${base}.ts`, `${base}.tsx`, `${base}/index.ts`];
  return candidates.find((path) => known.has(path)) ?? null;
}

export function isRelative(specifier: string): boolean {
  return specifier.startsWith('./') || specifier.startsWith('../');
}

function isImportOrExport(node: ts.Node): node is ts.ImportDeclaration | ts.ExportDeclaration {
  return ts.isImportDeclaration(node) || ts.isExportDeclaration(node);
}
