import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInstance, type i18n } from 'i18next';

export type Language = 'sv' | 'en';
export const LANGUAGES: readonly Language[] = ['sv', 'en'];

const catalogueFolder = join(packageRoot(), 'templates', 'texts');
let instance: i18n | undefined;

/** The text of `room:key` in `language`, with {{values}} filled in (not escaped: React and Liquid escape). */
export function t(language: Language, key: string, values: Record<string, unknown> = {}): string {
  return (instance ??= load()).t(key, { ...values, lng: language }) as string;
}

/** Swedish unless the person chose English. */
export function toLanguage(value: unknown): Language {
  return value === 'en' ? 'en' : 'sv';
}

/** All catalogues: language → room → nested texts. */
export function readCatalogues(): Record<Language, Record<string, object>> {
  const read = (language: Language) =>
    Object.fromEntries(
      readdirSync(join(catalogueFolder, language)).map((file) => [
        file.replace(/\.json$/, ''),
        JSON.parse(readFileSync(join(catalogueFolder, language, file), 'utf8')) as object,
      ]),
    );
  return { sv: read('sv'), en: read('en') };
}

function load(): i18n {
  const created = createInstance();
  void created.init({
    resources: readCatalogues() as never,
    fallbackLng: 'sv',
    initAsync: false,
    interpolation: { escapeValue: false },
    returnNull: false,
    // A missing text is a defect: better a loud key in a test than a silent blank.
    saveMissing: true,
    missingKeyHandler: (_languages, namespace, key) => {
      throw new Error(`No text for ${namespace}:${key}`);
    },
  });
  return created;
}

function packageRoot(): string {
  // The same distance from src/platform/i18n and dist/platform/i18n.
  return join(__dirname, '..', '..', '..');
}
