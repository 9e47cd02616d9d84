import { convert } from 'html-to-text';
import { decode, encodingExists } from 'iconv-lite';
import type { MailTraits } from '../../../domain/inbound-mail';
import type { MailForm } from './mail-form';

const LONGEST_SUBJECT = 1_000;
/** Of any field: the rest of it is not even decoded. */
const LONGEST_TEXT = 100_000;
/** In every charset that mails are written in. */
const MOST_BYTES_OF_A_CHARACTER = 4;

/** A mail to us, as far as we look at it. */
export interface InboundMail extends MailTraits {
  /** The addresses it went to, by envelope and headers. */
  recipients: string[];
  subject: string;
  text: string;
  messageId: string | null;
}

/** Reads a post of Inbound Parse: with its fields taken apart, or (`email`) raw, of which the header alone is read. */
export function readInboundMail(form: MailForm): InboundMail {
  const charsets = jsonObject(field(form, 'charsets'));
  const text = (name: string) => decoded(field(form, name), charsets[name]);
  const headers = readHeaders(text('headers') || headerOf(text('email')));
  const said = (name: string) => text(name) || headers.get(name)?.[0] || '';
  const envelope = jsonObject(text('envelope'));
  const to = Array.isArray(envelope.to) ? envelope.to.map(String) : [];
  return {
    headers,
    returnPath: typeof envelope.from === 'string' ? envelope.from : null,
    from: addressIn(said('from')),
    recipients: [...to, said('to')],
    subject: said('subject').slice(0, LONGEST_SUBJECT).replace(/\s+/g, ' ').trim(),
    text: text('text') || htmlAsText(text('html')),
    messageId: headers.get('message-id')?.[0] ?? null,
  };
}

function field(form: MailForm, name: string): string {
  const value = form[name];
  return typeof value === 'string' ? value : '';
}

/** What is not in the charset that was named is read as Windows reads it: better a wrong letter than none. */
function decoded(latin1: string, charset: unknown): string {
  const bytes = Buffer.from(latin1.slice(0, LONGEST_TEXT * MOST_BYTES_OF_A_CHARACTER), 'latin1');
  const named = typeof charset === 'string' && encodingExists(charset) ? charset : 'utf-8';
  // A letter that the first cut went through is lost with the second: it must not look like a wrong charset.
  const text = decode(bytes, named).slice(0, LONGEST_TEXT);
  return text.includes('\ufffd') ? decode(bytes, 'windows-1252').slice(0, LONGEST_TEXT) : text;
}

function jsonObject(json: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

const headerOf = (raw: string): string => raw.split(/\r?\n\r?\n/, 1)[0] ?? '';

function readHeaders(raw: string): Map<string, string[]> {
  const headers = new Map<string, string[]>();
  for (const line of raw.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    const [, name, value] = /^([!-9;-~]+):\s*(.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) continue;
    const key = name.toLowerCase();
    headers.set(key, [...(headers.get(key) ?? []), value]);
  }
  return headers;
}

function addressIn(from: string): string {
  return (/<([^<>]*)>[^<>]*$/.exec(from)?.[1] ?? from).trim();
}

/** Mail programs put what is answered into these. */
const QUOTATIONS = ['blockquote', '.gmail_quote', '#divRplyFwdMsg', '#appendonsend'];

function htmlAsText(html: string): string {
  return convert(html, {
    wordwrap: false,
    limits: { maxDepth: 100 },
    selectors: [
      { selector: 'a', options: { ignoreHref: true } },
      { selector: 'img', format: 'skip' },
      ...QUOTATIONS.map((selector) => ({ selector, format: 'skip' })),
    ],
  });
}
