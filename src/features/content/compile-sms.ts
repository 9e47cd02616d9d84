import { MOST_SEGMENTS, sizeOf, type SmsSize } from '../../domain/sms-text';
import { freezeContent, type Compiled, type Source } from './compile';
import { textLiquid } from './liquid';
import { lintLiquid, lintWeight } from './lint/liquid-lint';
import { Findings, isSendable, quote } from './lint/problems';
import { lintCharacters, lintPlaceholders } from './lint/text-lint';
import { MERGE_FIELDS, PERSONAL_FIELDS } from '../../domain/merge-fields';
import { sampleScope, type MergeScope } from './merge-fields';

export interface SmsSender {
  /** How the text names us. */
  name: string;
  /** What the links of text messages begin with. */
  shortUrl: string;
}

/** Links are ours to set: an author's own would be the only thing in the message. */
const FIELDS: readonly string[] = MERGE_FIELDS.filter(
  (field) => !field.startsWith('links.') && field !== 'reason',
);
const OPT_OUT = 'Avsluta prenumeration: {{ links.unsubscribe }}';
const URL_IN_TEXT = /\b(https?:\/\/|www\.)[^\s<>"{}]*/gi;
/** Filters stop messages with them, and nobody sees where they lead. */
const SHORTENERS =
  /^https:\/\/(www\.)?(bit\.ly|tinyurl\.com|t\.co|goo\.gl|ow\.ly|is\.gd|rb\.gy|cutt\.ly)\//i;

/**
 * Compiles a text message once per content version: our name, what the author wrote, and the recipient's own way out
 * (P-52). Never throws over what an author wrote: it returns problems.
 */
export function compileSms({ language, body }: Source, sender: SmsSender): Compiled {
  const written = body.replace(/\r\n?/g, '\n').trim();
  const findings = new Findings('body', written);
  const text = layOut(written, sender);
  const scopes = [true, false].map((names) => sampleSms(language, sender, names));
  const fields = lint(written, findings, scopes);
  const size = sizeOf(asSent(text, fields === null ? null : scopes[0]!));
  if (fields !== null) lintSize(size, findings);
  const { problems } = findings;
  const content =
    fields !== null && isSendable(problems)
      ? freezeContent({
          channel: 'sms',
          language,
          subject: '',
          preheader: '',
          html: '',
          text,
          bytes: Buffer.byteLength(text),
        })
      : null;
  return { content, problems, fields: fields ?? [] };
}

export interface Parts {
  /** For the invented person of previews. */
  usual: number;
  /** For somebody whose name is long and has a letter that makes the whole text dearer. */
  most: number;
}

/** Longer names, titles and towns hardly exist; the letter is not in GSM 03.38. */
const LONGEST_VALUE = 'Ž'.repeat(40);

/** How many parts of a text message one recipient costs. */
export function partsOf(
  { text }: { text: string },
  fields: readonly string[],
  language: 'sv' | 'en',
  sender: SmsSender,
): Parts {
  const [named, nameless] = [true, false].map((names) => sampleSms(language, sender, names));
  const usual = sizeOf(asSent(text, named!)).segments;
  const longest = structuredClone(named!);
  for (const part of [longest.contact, longest.organisation] as Record<string, string>[])
    for (const field of Object.keys(part)) part[field] = LONGEST_VALUE;
  const scopes = fields.some((field) => PERSONAL_FIELDS.has(field)) ? [nameless!, longest] : [];
  return {
    usual,
    most: Math.max(usual, ...scopes.map((scope) => sizeOf(asSent(text, scope)).segments)),
  };
}

/** What it takes with these values. */
export function sizeAsSent(text: string): SmsSize {
  return sizeOf(text.trim().normalize('NFC'));
}

/** An invented person, with links as long as real ones. */
export function sampleSms(language: 'sv' | 'en', sender: SmsSender, names = true): MergeScope {
  const sample = sampleScope(
    language,
    { publicUrl: sender.shortUrl, senderName: sender.name },
    names,
  );
  const unsubscribe = `${sender.shortUrl}/s/exempelexempelex`;
  return { ...sample, links: { ...sample.links, unsubscribe } };
}

function layOut(written: string, { name }: SmsSender): string {
  const opening = written.startsWith(name) ? '' : `${name}: `;
  return `${opening}${written}\n${OPT_OUT}`.normalize('NFC');
}

function asSent(text: string, scope: MergeScope | null): string {
  return scope === null ? '' : String(textLiquid.parseAndRenderSync(text, scope));
}

/** The fields it uses; null when it cannot be rendered. */
function lint(written: string, findings: Findings, scopes: readonly object[]): string[] | null {
  if (written === '') {
    findings.error('sms_empty');
    return null;
  }
  if (!lintCharacters(written, findings)) return null;
  const fields = lintLiquid(textLiquid, written, FIELDS, findings);
  if (fields === null) return null;
  lintPlaceholders(written, findings);
  lintWeight(textLiquid, written, scopes, findings);
  for (const { 0: url, index } of written.matchAll(URL_IN_TEXT)) {
    const params = { url: quote(url) };
    if (!url.toLowerCase().startsWith('https://')) findings.error('sms_link', index, { params });
    else if (SHORTENERS.test(url)) findings.error('sms_shortener', index, { params });
  }
  return isSendable(findings.problems) ? fields : null;
}

function lintSize({ encoding, segments, offending }: SmsSize, findings: Findings): void {
  const params = { segments, most: MOST_SEGMENTS };
  if (segments > MOST_SEGMENTS) findings.error('sms_too_long', undefined, { params });
  else if (segments > 1) findings.warning('sms_long', undefined, { params });
  if (encoding === 'UCS-2') {
    findings.warning('sms_unicode', undefined, {
      params: { characters: offending.slice(0, 10).join(' ') },
    });
  }
}
