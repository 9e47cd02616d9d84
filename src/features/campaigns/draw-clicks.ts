export interface ClickedLink {
  href: string;
  /** Its place among the links of the content. */
  number: number;
  clicks: number;
}

const LINK = /(<a\s(?:[^<>]*?\s)?href=")([^"<>]*)("[^<>]*>)(.*?)(?=<\/a>)/gis;

// Mails bring their own styles: everything that could be inherited is said.
const BADGE = [
  'display:inline-block',
  'margin:2px 0 2px 6px',
  'padding:3px 8px',
  'border-radius:11px',
  'background:#12395b',
  'color:#ffffff',
  'box-shadow:0 0 0 2px #ffffff',
  'font:700 12px/16px Arial,sans-serif',
  'letter-spacing:0',
  'text-transform:none',
  'white-space:nowrap',
  'vertical-align:middle',
].join(';');

/** Sets a badge with number, clicks and share at every link that is counted, and lets it lead nowhere: whoever looks at a report is not to be counted. */
export function drawClicks(
  html: string,
  links: readonly ClickedLink[],
  language: 'sv' | 'en',
): string {
  const byHref = new Map(links.map((link) => [link.href, link]));
  const total = links.reduce((sum, { clicks }) => sum + clicks, 0);
  const words = wordsIn(language);
  return html.replace(LINK, (whole, open: string, href: string, rest: string, inside: string) => {
    const link = byHref.get(href);
    if (!link) return whole;
    return `${open}#${rest}${inside}<span style="${BADGE}">${words(link, total)}</span>`;
  });
}

function wordsIn(language: 'sv' | 'en'): (link: ClickedLink, total: number) => string {
  const locale = language === 'sv' ? 'sv-SE' : 'en-GB';
  const number = new Intl.NumberFormat(locale);
  const share = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 });
  return ({ number: place, clicks }, total) => {
    const unit = language === 'sv' ? 'klick' : clicks === 1 ? 'click' : 'clicks';
    const part = total > 0 ? ` (${share.format(clicks / total)})` : '';
    return `${place} · ${number.format(clicks)} ${unit}${part}`;
  };
}
