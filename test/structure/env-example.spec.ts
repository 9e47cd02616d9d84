import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { EXAMPLE_SECRETS } from '../../src/platform/config/contradictions';
import { Env, settingNames } from '../../src/platform/config/env';
import { find, ROOT, sourceOf } from './source';

interface Setting {
  readonly name: string;
  readonly meaning: string;
  readonly value: string;
}

/** Each setting of `.env.example`: a comment that says what it means, then `# NAME=value`. */
function settingsIn(text: string): Setting[] {
  const lines = text.split('\n');
  return lines.flatMap((line, at) => {
    const [, name, value] = /^#? ?([A-Z][A-Z0-9_]*)=(.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) return [];
    return [{ name, meaning: lines[at - 1]?.replace(/^# ?/, '') ?? '', value }];
  });
}

/** What the class says of each setting: the comment above the property. */
function meaningsIn(path: string): Map<string, string> {
  const source = sourceOf(path, readFileSync(join(ROOT, path), 'utf8'));
  return new Map(
    find(source, ts.isPropertyDeclaration).map((property) => [
      property.name.getText(),
      ts
        .getJSDocCommentsAndTags(property)
        .map(({ comment }) => String(comment))
        .join(' '),
    ]),
  );
}

describe('.env.example', () => {
  const settings = settingsIn(readFileSync(join(ROOT, '.env.example'), 'utf8'));

  it('names every setting of the Env class and no other, once', () => {
    expect(settings.map(({ name }) => name).sort()).toEqual(settingNames().sort());
  });

  it('says of each what the class says', () => {
    const meanings = new Map([
      ...meaningsIn('src/platform/config/env.ts'),
      ...meaningsIn('src/platform/config/launch-settings.ts'),
      ...meaningsIn('src/platform/config/mina-sidor-settings.ts'),
      ...meaningsIn('src/platform/config/asset-settings.ts'),
    ]);
    const expected = settings.map(({ name }) => ({ name, meaning: meanings.get(name) }));
    expect(settings.map(({ name, meaning }) => ({ name, meaning }))).toEqual(expected);
  });

  it('shows the default of each, and example secrets that production refuses', () => {
    const defaults = new Env() as unknown as Record<string, string | number | undefined>;
    const wrong = settings.filter(({ name, value }) => {
      const own = defaults[name];
      return own === undefined
        ? value !== '' && !EXAMPLE_SECRETS.includes(value)
        : value !== String(own);
    });
    expect(wrong).toEqual([]);
  });
});
