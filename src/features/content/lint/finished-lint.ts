import { liquidSpans, maskLiquid, OUTPUT_MARK, type LiquidSpan } from '../liquid';
import { readMarkup, type Attribute } from './markup';
import { readable } from './markup-lint';
import { quote, type Findings } from './problems';
import { isHarmlessStyle } from './style';

const ELEMENTS =
  /^(script|iframe|frame|object|embed|form|input|button|base|link|svg|math|template|video|audio)$|[\uE000-\uE002]/i;
const ATTRIBUTES = /^(srcset|action|formaction|poster|ping|xlink:href|data)$|[\uE000-\uE002]/i;
const ADDRESSES = /^(href|src|background)$/i;

/** The wording of the company's policy comes first; it is there in English mails too. */
const OPT_OUT_TEXT = 'Avsluta prenumeration';

/**
 * Second net, over the finished HTML: whatever slipped past the author's lint or MJML must still not run, load or
 * lead astray.
 */
export function lintFinishedHtml(html: string, publicUrl: string, findings: Findings): void {
  scan(maskLiquid(html, liquidSpans(html)), publicUrl, findings);
}

/** P-16, D-02: a visible link with the policy's wording, outside every condition, in both parts. */
export function lintOptOut(html: string, text: string, findings: Findings): void {
  const line = `${OPT_OUT_TEXT}: {{ links.unsubscribe }}`;
  if (!hasOptOutLink(html, liquidSpans(html)) || !text.includes(line)) {
    findings.error('unsubscribe_missing');
  }
}

function scan(masked: string, publicUrl: string, findings: Findings): void {
  for (const event of readMarkup(masked, { xml: false })) {
    // Outlook reads what stands in conditional comments, so it is checked like the rest.
    if (event.kind === 'comment')
      scan(event.text.replace(/^\[if [^\]]*\]>/, ''), publicUrl, findings);
    if (event.kind !== 'open') continue;
    const params = { name: quote(readable(event.name)) };
    if (ELEMENTS.test(event.name)) findings.error('tag_not_allowed', undefined, { params });
    for (const attribute of event.attributes) lintAttribute(attribute, publicUrl, findings);
  }
}

function lintAttribute({ name, value }: Attribute, publicUrl: string, findings: Findings): void {
  const params = { name: quote(readable(name)) };
  if (/^on/i.test(name)) findings.error('event_handler', undefined, { params });
  else if (ATTRIBUTES.test(name) || (/^http-equiv$/i.test(name) && /refresh/i.test(value))) {
    findings.error('attribute_not_allowed', undefined, { params });
  } else if (ADDRESSES.test(name) && !isAllowedAddress(value, publicUrl)) {
    findings.error('link_not_allowed', undefined, { params: { url: quote(readable(value)) } });
  } else if (/^style$/i.test(name) && !isHarmlessStyle(value)) {
    findings.error('style_not_allowed', undefined, { params: { style: quote(value) } });
  }
}

function isAllowedAddress(value: string, publicUrl: string): boolean {
  const own = publicUrl.replace(/\/+$/, '') + '/';
  return (
    /^(https:\/\/|mailto:|tel:)/i.test(value) ||
    value.startsWith(own) ||
    value.startsWith(OUTPUT_MARK)
  );
}

function hasOptOutLink(html: string, spans: LiquidSpan[]): boolean {
  let depth = 0;
  for (const { kind, name, text, begin, end } of spans) {
    if (kind === 'tag' && /^(if|unless|case|for|comment|raw)$/.test(name)) depth += 1;
    if (kind === 'tag' && name.startsWith('end')) depth -= 1;
    if (depth > 0 || text !== '{{ links.unsubscribe }}') continue;
    const opening = html.slice(html.lastIndexOf('<', begin), begin);
    const rest = html.slice(end);
    if (/^<a\s[^<>]*href="$/.test(opening) && linkText(rest) === OPT_OUT_TEXT) return true;
  }
  return false;
}

function linkText(afterHref: string): string {
  const start = afterHref.indexOf('>') + 1;
  const stop = afterHref.indexOf('</a>', start);
  return afterHref
    .slice(start, stop)
    .replace(/<[^<>]*>/g, '')
    .trim();
}
