import { createHash, randomBytes } from 'node:crypto';
import type { Channel } from '../../domain/address';
import { escapeHtml, htmlLiquid, layoutLiquid, mapStatic, textLiquid } from './liquid';
import { lintFinishedHtml, lintOptOut } from './lint/finished-lint';
import { lintLiquid, lintWeight } from './lint/liquid-lint';
import { withoutComments } from './lint/markup';
import { lintAuthorMarkup } from './lint/markup-lint';
import { Findings, isSendable, quote, type Problem } from './lint/problems';
import { lintCharacters, lintLine, lintPlaceholders } from './lint/text-lint';
import { toMailText } from './mail-text';
import { CONDITION_FIELDS, MERGE_FIELDS, OFFER_FIELDS } from '../../domain/merge-fields';
import { sampleScope } from './merge-fields';

/** What an author writes; the layout around it is not theirs. */
export interface Source {
  channel: Channel;
  language: 'sv' | 'en';
  subject: string;
  preheader: string;
  /** For email a fragment of MJML sections, for text messages plain text; both with merge fields. */
  body: string;
}

export type EmailSource = Omit<Source, 'channel'>;

/** Who sends: every mail must name the controller and how to reach it (L-06, D-15). */
export interface Sender {
  name: string;
  legalName: string;
  postalAddress: string;
  email: string;
  phone: string;
  publicUrl: string;
  /** Supervisory authority, named in receipts (D-08). */
  authority: string;
}

/** Content as it is frozen: Liquid sources, compiled once. */
export interface FrozenContent {
  hash: string;
  channel: Channel;
  language: 'sv' | 'en';
  subject: string;
  preheader: string;
  html: string;
  text: string;
  /** Part of the provider's substitution keys; unknown to whoever fills in a form, so a name cannot spell one. */
  nonce: string;
  /** Size of the HTML as sent to a person with every field filled, in bytes. */
  bytes: number;
}

export interface Compiled {
  /** Null when a problem is an error. */
  content: FrozenContent | null;
  problems: Problem[];
  /** Merge fields used anywhere in the source. */
  fields: string[];
}

export interface CompileRules {
  layout: string;
  fields: readonly string[];
  /** Marketing must carry the opt-out link; the closed list of service mails has none to carry. */
  optOut: boolean;
}

/** Gmail clips at about 102 KB, and the opt-out link with the rest. */
const WARN_BYTES = 90_000;
const REFUSE_BYTES = 102_000;
const BODY = '<!-- body -->';
const AUTHOR_FIELDS = [...MERGE_FIELDS, ...CONDITION_FIELDS, ...OFFER_FIELDS];

/** Compiles a mail once per content version. Never throws over what an author wrote: it returns problems. */
export async function compileEmail(
  source: EmailSource,
  sender: Sender,
  layout: string,
): Promise<Compiled> {
  return compileWith(source, sender, { layout, fields: AUTHOR_FIELDS, optOut: true });
}

/** The same for other layouts and fields. */
export async function compileWith(
  source: EmailSource,
  sender: Sender,
  rules: CompileRules,
): Promise<Compiled> {
  const { fields } = rules;
  const scopes = [true, false].map((names) => sampleScope(source.language, context(sender), names));
  const line = { fields, scopes };
  const subject = lintLine(source.subject, { ...line, path: 'subject', readableLength: 70 });
  const preheader = lintLine(source.preheader, { ...line, path: 'preheader', readableLength: 140 });
  const written = withoutComments(source.body.replace(/\r\n?/g, '\n'));
  const body = lintBody(written, sender, { fields, scopes });
  const problems = [
    ...lintSender(sender),
    ...subject.findings.problems,
    ...preheader.findings.problems,
    ...body.findings.problems,
  ];
  const used = [...new Set([...subject.fields, ...preheader.fields, ...body.fields])];
  if (!isSendable(problems)) return { content: null, problems, fields: used };
  const finished = await finish({ ...source, body: written }, sender, rules);
  problems.push(...finished.problems);
  return { content: isSendable(problems) ? finished.content : null, problems, fields: used };
}

function lintBody(
  body: string,
  sender: Sender,
  rules: Pick<CompileRules, 'fields'> & { scopes: readonly object[] },
): { findings: Findings; fields: string[] } {
  const findings = new Findings('body', body);
  if (!lintCharacters(body, findings)) return { findings, fields: [] };
  const fields = lintLiquid(htmlLiquid, body, rules.fields, findings);
  if (fields === null) return { findings, fields: [] };
  lintPlaceholders(body, findings);
  lintAuthorMarkup(body, sender.publicUrl, findings);
  lintWeight(htmlLiquid, body, rules.scopes, findings);
  return { findings, fields };
}

function lintSender(sender: Sender): Problem[] {
  const findings = new Findings('sender', '');
  for (const [name, value] of Object.entries(sender)) {
    // Settings are printed into the Liquid source, so they must not be able to become one.
    if (value.trim() === '' || /[{}[\]\r\n]/.test(value)) {
      findings.error('settings_invalid', undefined, { params: { name } });
    }
  }
  return findings.problems;
}

async function finish(
  source: EmailSource,
  sender: Sender,
  rules: CompileRules,
): Promise<{ content: FrozenContent | null; problems: Problem[] }> {
  const [before = '', after = ''] = fillLayout(source, sender, rules.layout).split(BODY);
  const mjml = await toHtml(
    before + source.body + after,
    before.split('\n').length - 1,
    source.body,
  );
  if (typeof mjml !== 'string') return { content: null, problems: mjml.problems };
  const html = withoutIndentation(mjml);
  const { text, awakened } = toMailText(html);
  const findings = new Findings('html', html);
  if (awakened) findings.error('unreplaced_placeholder', undefined, { params: { text: '{{' } });
  lintFinishedHtml(html, sender.publicUrl, findings);
  if (rules.optOut) lintOptOut(html, text, findings);
  const bytes = sizeAsSent(html, source.language, sender);
  const params = { kilobytes: Math.ceil(bytes / 1000) };
  if (bytes > REFUSE_BYTES) findings.error('size_refused', undefined, { params });
  else if (bytes > WARN_BYTES) findings.warning('size_warning', undefined, { params });
  const { language, subject, preheader } = source;
  const content = freezeContent({
    channel: 'email',
    language,
    subject,
    preheader,
    html,
    text,
    bytes,
  });
  return { content, problems: findings.problems };
}

function fillLayout(source: EmailSource, sender: Sender, layout: string): string {
  const neutral = sampleScope(source.language, context(sender), false);
  return String(
    layoutLiquid.parseAndRenderSync(layout, {
      lang: source.language,
      sender: { ...sender, phoneLink: sender.phone.replace(/[^+\d]/g, '') },
      // Static, because a title with a name in it would cost every recipient two more holes.
      title: String(textLiquid.parseAndRenderSync(source.subject, neutral)).trim(),
    }),
  ).replace('<!-- preheader -->', () => mapStatic(source.preheader, escapeHtml));
}

/** Loaded with the first compilation: most processes never compile, and MJML is a third of what a start reads. */
const mjml2html = () => require('mjml') as typeof import('mjml');

async function toHtml(
  mjml: string,
  linesBefore: number,
  body: string,
): Promise<string | { problems: Problem[] }> {
  try {
    const options = { validationLevel: 'strict' as const, keepComments: false, fonts: {} };
    return (await mjml2html()(mjml, options)).html;
  } catch (cause) {
    const findings = new Findings('body', body);
    const { errors } = cause as { errors?: { line: number; message: string; tagName: string }[] };
    if (!errors) findings.error('mjml_invalid', undefined, { params: { text: String(cause) } });
    for (const { line, message, tagName } of errors ?? []) {
      const params = { text: `${tagName}: ${quote(message)}` };
      findings.error('mjml_invalid', undefined, { line: line - linesBefore, params });
    }
    return { problems: findings.problems };
  }
}

/** A quarter of MJML's output is indentation; taking it away does what a minifier would. */
function withoutIndentation(html: string): string {
  return html
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n');
}

function sizeAsSent(html: string, language: 'sv' | 'en', sender: Sender): number {
  const scope = sampleScope(language, context(sender));
  const rendered = String(htmlLiquid.parseAndRenderSync(html, scope));
  return Math.max(Buffer.byteLength(html), Buffer.byteLength(rendered));
}

function context(sender: Sender): { publicUrl: string; senderName: string } {
  return { publicUrl: sender.publicUrl, senderName: sender.name };
}

/** Gives content its identity: the same words have the same hash, the nonce is new each time. */
export function freezeContent(content: Omit<FrozenContent, 'hash' | 'nonce'>): FrozenContent {
  const { channel, language, subject, preheader, html, text } = content;
  const identity = JSON.stringify([channel, language, subject, preheader, html, text]);
  const hash = createHash('sha256').update(identity).digest('hex');
  return { ...content, hash, nonce: randomBytes(8).toString('hex') };
}
