import ts from 'typescript';
import {
  find,
  importsOf,
  isRelative,
  isSpec,
  lineOf,
  sourceOf,
  sourcesBelow,
  type Source,
} from './source';

const sources = sourcesBelow('src').filter((source) => !isSpec(source));

/** Pure libraries: the same answer for the same arguments, no clock, no network, no disk. */
const PURE_LIBRARIES = [
  'libphonenumber-js',
  'liquidjs',
  'sms-segments-calculator',
  'temporal-polyfill',
];

describe('the domain', () => {
  const domain = sources.filter(({ path }) => path.startsWith('src/domain/'));

  function impurities(source: Source): string[] {
    const libraries = importsOf(source)
      .map(({ specifier }) => specifier)
      .filter((name) => !isRelative(name) && !PURE_LIBRARIES.includes(name.split('/')[0]!))
      .map((name) => `${source.path} imports ${name}`);
    const calls = find(source, isSurprise).map(
      (node) => `${lineOf(source, node)} ${node.getText()}`,
    );
    return [...libraries, ...calls];
  }

  it('is pure: no framework, database, Node module, clock or chance', () => {
    expect(domain.flatMap(impurities)).toEqual([]);
  });

  it('would be caught looking at the clock', () => {
    const text = `
      import { Injectable } from '@nestjs/common';
      import { parse } from 'libphonenumber-js/max';
      import { randomUUID } from 'node:crypto';
      const fine = new Date(0);
      const now = new Date();
      const also = Date.now() + Math.random() + performance.now() + Temporal.Now.instant();
      const where = process.pid;`;
    expect(impurities(sourceOf('src/domain/x.ts', text))).toEqual([
      'src/domain/x.ts imports @nestjs/common',
      'src/domain/x.ts imports node:crypto',
      'src/domain/x.ts:6 new Date()',
      'src/domain/x.ts:7 Date.now',
      'src/domain/x.ts:7 Math.random',
      'src/domain/x.ts:7 performance.now',
      'src/domain/x.ts:7 Temporal.Now',
      'src/domain/x.ts:8 process.pid',
    ]);
  });
});

describe('the environment', () => {
  const reads = (source: Source): string[] =>
    find(source, ts.isPropertyAccessExpression)
      .filter((node) => node.getText() === 'process.env')
      .map((node) => lineOf(source, node));

  it('is read in platform/config and nowhere else', () => {
    const elsewhere = sources.filter(({ path }) => !path.startsWith('src/platform/config/'));
    expect(elsewhere.flatMap(reads)).toEqual([]);
  });

  it('would be caught being read', () => {
    expect(reads(sourceOf('src/a.ts', 'const port = process.env.PORT;'))).toEqual(['src/a.ts:1']);
  });
});

describe('modules', () => {
  it('need no forwardRef', () => {
    const uses = sources.flatMap((source) =>
      find(source, ts.isIdentifier)
        .filter(({ text }) => text === 'forwardRef')
        .map((node) => lineOf(source, node)),
    );
    expect(uses).toEqual([]);
  });
});

const SURPRISES =
  /^(Date\.now|Math\.random|performance\.\w+|Temporal\.Now|process\.\w+|crypto\.\w+)$/;

function isSurprise(node: ts.Node): node is ts.NewExpression | ts.PropertyAccessExpression {
  if (ts.isNewExpression(node)) {
    return node.expression.getText() === 'Date' && !node.arguments?.length;
  }
  return ts.isPropertyAccessExpression(node) && SURPRISES.test(node.getText());
}
