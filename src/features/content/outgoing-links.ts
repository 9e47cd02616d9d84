import { freezeContent, type FrozenContent } from './compile';
import { liquidSpans, maskLiquid } from './liquid';

const ANCHOR = /<a\s(?:[^<>]*?\s)?href="(https:\/\/[^"<>\uE000-\uE002]+)"[^<>]*>/gi;
const HREF = /(?<=\shref=")https:\/\/[^"<>\uE000-\uE002]+(?=")/gi;
const IN_TEXT = /https:\/\/[^\s<>"\uE000-\uE002]+(?![^\s])/gi;
const PUNCTUATION = /[.,;:!?)\]]+$/;

/**
 * Where the content leads, in the order of the reader, each address once. Left out is what is the recipient's own
 * (it has a merge field in it), and an address that stands to be read: filters distrust a link that says one and leads to another.
 */
export function outgoingLinks({ channel, html, text }: FrozenContent): string[] {
  const masked = masking(channel === 'email' ? html : text);
  if (channel === 'sms')
    return distinct([...masked.matchAll(IN_TEXT)].map(([url]) => url.replace(PUNCTUATION, '')));
  const anchors = [...masked.matchAll(ANCHOR)].map((anchor) => ({
    url: decoded(anchor[1]!),
    words: wordsAfter(masked, anchor.index + anchor[0].length),
  }));
  const shown = new Set(
    anchors.filter(({ words }) => /https?:|www\./i.test(words)).map(({ url }) => url),
  );
  return distinct(anchors.map(({ url }) => url)).filter((url) => !shown.has(url));
}

/** The same content with other addresses for these. */
export function withLinks(
  content: FrozenContent,
  instead: ReadonlyMap<string, string>,
): FrozenContent {
  if (instead.size === 0) return content;
  const html = replaceIn(content.html, HREF, (url) => instead.get(decoded(url)));
  const text = replaceIn(content.text, IN_TEXT, (found) => {
    const url = found.replace(PUNCTUATION, '');
    const other = instead.get(url);
    return other && other + found.slice(url.length);
  });
  const longer = content.channel === 'email' ? [html, content.html] : [text, content.text];
  const [after, before] = longer.map((part) => Buffer.byteLength(part)) as [number, number];
  return { ...freezeContent({ ...content, html, text, bytes: content.bytes + after - before }) };
}

function masking(source: string): string {
  return maskLiquid(source, liquidSpans(source));
}

/** Changes what a pattern finds outside Liquid. */
function replaceIn(
  source: string,
  pattern: RegExp,
  change: (found: string) => string | undefined,
): string {
  let result = '';
  let at = 0;
  for (const { 0: found, index } of masking(source).matchAll(pattern)) {
    result += source.slice(at, index) + (change(found) ?? found);
    at = index + found.length;
  }
  return result + source.slice(at);
}

function wordsAfter(html: string, start: number): string {
  const end = html.indexOf('</a>', start);
  return html.slice(start, end).replace(/<[^>]*>/g, ' ');
}

/** As a browser reads it in an attribute. */
function decoded(url: string): string {
  return url.replaceAll('&amp;', '&');
}

function distinct(urls: string[]): string[] {
  return [...new Set(urls)];
}
