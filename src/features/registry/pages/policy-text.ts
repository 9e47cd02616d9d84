import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LANGUAGES, type Language } from '../../../platform/i18n/i18n';

/** A piece of a policy: a heading, a paragraph, a list, or a table whose first row names its columns. */
export type Block =
  | { kind: 'heading' | 'paragraph'; text: string }
  | { kind: 'list'; items: string[] }
  | { kind: 'table'; head: string[]; rows: string[][] };

export interface PolicyText {
  title: string;
  blocks: Block[];
}

export interface PolicyVersion {
  /** The day it came into force. */
  version: string;
  texts: Record<Language, PolicyText>;
}

const FOLDER = join(__dirname, '..', '..', '..', '..', 'templates', 'pages', 'policy');

/** All versions, newest first: `2018-04-05.sv.txt` and the same in English, named by the day they came into force. */
export function readPolicies(folder = FOLDER): PolicyVersion[] {
  const versions = readdirSync(folder).flatMap(
    (file) => /^(\d{4}-\d{2}-\d{2})\.sv\.txt$/.exec(file)?.[1] ?? [],
  );
  return versions
    .sort()
    .reverse()
    .map((version) => ({
      version,
      texts: Object.fromEntries(
        LANGUAGES.map((language) => [
          language,
          parsePolicy(readFileSync(join(folder, `${version}.${language}.txt`), 'utf8')),
        ]),
      ) as Record<Language, PolicyText>,
    }));
}

/** Reads `# title`, `## heading`, `- item`, `| cell | cell |` and paragraphs, parted by empty lines. */
export function parsePolicy(text: string): PolicyText {
  const [first, ...rest] = text.trim().split(/\n{2,}/);
  const title = /^# (.+)$/.exec(first ?? '')?.[1];
  if (title === undefined) throw new Error('A policy begins with "# " and its title.');
  return { title, blocks: rest.map(toBlock) };
}

function toBlock(text: string): Block {
  const lines = text.split('\n');
  if (lines.every((line) => line.startsWith('- ')))
    return { kind: 'list', items: lines.map((line) => line.slice(2)) };
  if (lines.every((line) => /^\|.*\|$/.test(line))) {
    const [head, ...rows] = lines.map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    );
    return { kind: 'table', head: head!, rows };
  }
  const heading = /^## (.+)$/.exec(text)?.[1];
  if (heading !== undefined) return { kind: 'heading', text: heading };
  return { kind: 'paragraph', text: lines.join(' ') };
}

/** Fills in `[[name]]`; a name without a value is a defect of the text. */
export function fillIn(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\[\[(\w+)\]\]/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`The policy names [[${name}]], which is nothing.`);
    return value;
  });
}
