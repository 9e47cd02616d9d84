import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Channel } from '../../domain/address';
import type { Block } from '../../domain/blocks/block';
import { blocksToMjml } from '../../domain/blocks/blocks-to-mjml';

interface Translated {
  sv: string;
  en: string;
}

/** A template that comes with the product, read from `templates/email` and `templates/sms`. */
export interface BundledTemplate {
  key: string;
  channel: Channel;
  name: Translated;
  description: Translated;
  subject: string;
  preheader: string;
  body: string;
  /** What the body was made from; null when it is a file of its own. */
  blocks: Block[] | null;
}

/** A system text message in one language, from `templates/sms/system`. */
export interface SystemText {
  key: string;
  language: 'sv' | 'en';
  /** The fields its data may fill; everything else is refused. */
  fields: string[];
  body: string;
}

/** A system mail in one language, from `templates/email/system`. */
export interface SystemTemplate {
  key: string;
  language: 'sv' | 'en';
  /** The fields its data may fill; everything else is refused. */
  fields: string[];
  subject: string;
  preheader: string;
  body: string;
}

// The same distance from src/features/content and dist/features/content.
const TEMPLATES = join(__dirname, '..', '..', '..', 'templates');
const FOLDER = join(TEMPLATES, 'email');
const SMS_FOLDER = join(TEMPLATES, 'sms');
const SYSTEM_FOLDER = join(FOLDER, 'system');
const SYSTEM_SMS_FOLDER = join(SMS_FOLDER, 'system');

export function readLayout(kind: 'marketing' | 'system'): string {
  const folder = kind === 'marketing' ? FOLDER : SYSTEM_FOLDER;
  const layout = readFileSync(join(folder, '_layout.mjml'), 'utf8');
  const brand = readFileSync(join(FOLDER, '_brand.mjml'), 'utf8');
  return layout.replace('<!-- brand -->', () => brand);
}

export function readBundledTemplates(): BundledTemplate[] {
  const mails = keysIn(FOLDER).map((key) => {
    const { blocks = null, ...words } = readJson(join(FOLDER, `${key}.json`)) as Words &
      Pick<BundledTemplate, 'subject' | 'preheader'> & { blocks?: Block[] };
    const body = blocks
      ? blocksToMjml(blocks).body
      : readFileSync(join(FOLDER, `${key}.mjml`), 'utf8');
    return { ...words, key, channel: 'email' as const, body, blocks };
  });
  const texts = keysIn(SMS_FOLDER).map((key) => ({
    ...(readJson(join(SMS_FOLDER, `${key}.json`)) as Words),
    key,
    channel: 'sms' as const,
    subject: '',
    preheader: '',
    body: readFileSync(join(SMS_FOLDER, `${key}.txt`), 'utf8').trim(),
    blocks: null,
  }));
  return [...mails, ...texts];
}

type Words = Pick<BundledTemplate, 'name' | 'description'>;

export function readSystemTemplates(): SystemTemplate[] {
  return keysIn(SYSTEM_FOLDER).flatMap((key) => {
    const sidecar = readJson(join(SYSTEM_FOLDER, `${key}.json`)) as {
      fields: string[];
      sv: { subject: string; preheader: string };
      en: { subject: string; preheader: string };
    };
    return (['sv', 'en'] as const).map((language) => ({
      key,
      language,
      fields: sidecar.fields,
      ...sidecar[language],
      body: readFileSync(join(SYSTEM_FOLDER, `${key}.${language}.mjml`), 'utf8'),
    }));
  });
}

export function readSystemTexts(): SystemText[] {
  return keysIn(SYSTEM_SMS_FOLDER).flatMap((key) => {
    const { fields } = readJson(join(SYSTEM_SMS_FOLDER, `${key}.json`)) as { fields: string[] };
    return (['sv', 'en'] as const).map((language) => ({
      key,
      language,
      fields,
      body: readFileSync(join(SYSTEM_SMS_FOLDER, `${key}.${language}.txt`), 'utf8').trim(),
    }));
  });
}

function keysIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .sort();
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}
