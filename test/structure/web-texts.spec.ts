import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { find, lineOf, ROOT, sourcesBelow, type Source } from './source';

const FOLDER = join(ROOT, 'src/web/texts');
const PLURAL = /_(zero|one|other)$/;

type Texts = { [key: string]: string | Texts };

const read = (language: string, name: string): Texts =>
  JSON.parse(readFileSync(join(FOLDER, language, name), 'utf8')) as Texts;

function keysOf(texts: Texts, above = ''): string[] {
  return Object.entries(texts).flatMap(([key, value]) =>
    typeof value === 'string' ? [above + key] : keysOf(value, `${above}${key}.`),
  );
}

function holes(texts: Texts, key: string): string[] {
  const text = key.split('.').reduce<string | Texts>((at, part) => (at as Texts)[part]!, texts);
  return [...(text as string).matchAll(/\{\{(\w+)/g)].map(([, name]) => name!).sort();
}

describe('the texts of the web app', () => {
  const names = readdirSync(join(FOLDER, 'sv'));

  it('are the same in both languages, and take the same values', () => {
    expect(readdirSync(join(FOLDER, 'en'))).toEqual(names);
    for (const name of names) {
      const [sv, en] = [read('sv', name), read('en', name)];
      const differing = (a: Texts, b: Texts) => keysOf(a).filter((key) => !keysOf(b).includes(key));
      expect({ name, missing: [...differing(sv, en), ...differing(en, sv)] }).toEqual({
        name,
        missing: [],
      });
      const unlike = keysOf(sv).filter((key) => holes(sv, key).join() !== holes(en, key).join());
      expect({ name, unlike }).toEqual({ name, unlike: [] });
    }
  });

  it('have every text that a screen names', () => {
    const known = Object.fromEntries(
      names.map((name) => [
        name.replace('.json', ''),
        new Set(keysOf(read('sv', name)).map((key) => key.replace(PLURAL, ''))),
      ]),
    );
    const missing = sourcesBelow('src/web').flatMap((source) =>
      textsNamed(source).filter(({ namespace, key }) => !known[namespace]?.has(key)),
    );
    expect(missing).toEqual([]);
  });
});

/** Every `t('key')` with the namespace of its file's useTranslation; keys that are put together are not seen. */
function textsNamed(source: Source): { at: string; namespace: string; key: string }[] {
  const calls = find(source, ts.isCallExpression);
  const first = ({ arguments: given }: ts.CallExpression): string | null =>
    given[0] && ts.isStringLiteral(given[0]) ? given[0].text : null;
  const used = calls
    .filter(({ expression }) => expression.getText() === 'useTranslation')
    .map((call) => first(call) ?? 'frame');
  return calls
    .filter(({ expression }) => expression.getText() === 't')
    .flatMap((call) => {
      const text = first(call);
      if (text === null) return [];
      const [namespace, key] = text.includes(':')
        ? (text.split(':') as [string, string])
        : [used[0] ?? 'frame', text];
      return [{ at: lineOf(source, call), namespace, key }];
    });
}
