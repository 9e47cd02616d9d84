import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import ts from 'typescript';
import { filesBelow, find, lineOf, ROOT, sourceOf, sourcesBelow, type Source } from './source';

/** Everything that may lie at the top of the project. */
const TOP = [
  '.ci',
  '.dockerignore',
  '.env.example',
  '.git',
  '.gitignore',
  '.npmrc',
  '.oxlintrc.json',
  '.prettierignore',
  '.prettierrc.json',
  'Dockerfile',
  'LICENSE',
  'README.md',
  'bench',
  'compose.yaml',
  'docs',
  'jest.config.js',
  'nest-cli.json',
  'package-lock.json',
  'package.json',
  'prisma',
  'prisma.config.ts',
  'src',
  'templates',
  'test',
  'tsconfig.build.json',
  'tsconfig.json',
];

const EDITORS = ['.idea', '.vscode', '.DS_Store'];

describe('the top of the project', () => {
  it('is a closed list', () => {
    const ignored = readFileSync(join(ROOT, '.gitignore'), 'utf8').split('\n');
    const left = [...TOP, ...EDITORS, ...ignored.map((line) => line.replace(/\/$/, ''))];
    const strange = readdirSync(ROOT).filter((name) => !left.includes(name) && !isLog(name));
    expect(strange).toEqual([]);
  });
});

describe('files', () => {
  const sources = sourcesBelow('src', 'test', 'bench');
  const vague = /(^|[-.])(utils?|helpers?|common|shared|base|managers?|misc)([-.]|$)/;

  it('are named for what they hold, in small letters', () => {
    const badly = [...filesBelow('src'), ...filesBelow('test')]
      .map((path) => ({ path, name: basename(path) }))
      .filter(({ name }) => !/^[a-z0-9]+([-.][a-z0-9]+)*$/.test(name) && name !== 'README.md')
      .map(({ path }) => path);
    expect(badly).toEqual([]);
    const folders = sources.flatMap(({ path }) => path.split('/'));
    expect([...new Set(folders)].filter((name) => vague.test(name))).toEqual([]);
  });

  it('are short enough to read: 300 lines, 500 for a test', () => {
    const long = sources
      .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
      .filter(({ path, lines }) => lines > (/\.spec\.tsx?$|^test\//.test(path) ? 500 : 300))
      .map(({ path, lines }) => `${path}: ${lines}`);
    expect(long).toEqual([]);
  });

  it('leave nothing for later', () => {
    const marks = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X'].join('|')})\\b`);
    const folders = ['src', 'test', 'bench', 'prisma', 'templates', 'docs', '.ci'];
    const texts = folders
      .flatMap(filesBelow)
      .filter((path) => !/\.(png|jpg|ico|woff2)$/.test(path));
    expect(texts.filter((path) => marks.test(readFileSync(join(ROOT, path), 'utf8')))).toEqual([]);
  });
});

describe('tests', () => {
  const aside = (source: Source): string[] =>
    find(source, ts.isCallExpression)
      .filter(({ expression }) => ASIDE.test(expression.getText()))
      .map((node) => lineOf(source, node));

  it('all run: none is skipped, singled out or left for later', () => {
    expect(sourcesBelow('src', 'test').flatMap(aside)).toEqual([]);
  });

  it('would be caught set aside', () => {
    const text = `
      it.skip('a', f);
      xit('b', f);
      describe.only('c', f);
      test.todo('d');
      it.skip.each([1])('e', f);
      it.each([1])('f', f);
      list.skip(1);`;
    const lines = aside(sourceOf('test/a.spec.ts', text)).map((at) => at.split(':')[1]);
    expect([...new Set(lines)]).toEqual(['2', '3', '4', '5', '6']);
  });
});

const ASIDE =
  /^((it|test|describe)(\.\w+)*\.(skip|only|todo|failing)|(xit|xtest|xdescribe|fit|fdescribe))\b/;

function isLog(name: string): boolean {
  return name.endsWith('.log');
}
