import { OFFER_PLACES } from '../offers/offer';
import type { Block, Cell, Condition, FieldChip, Inline, Picture, RichText } from './block';

/** MJML of blocks, and the lines in it, counted from 1, that each of them became. */
export interface WrittenBlocks {
  body: string;
  lines: { id: string; first: number; last: number }[];
}

/** The body that an author would have written by hand. Whatever was typed stands in it as text. */
export function blocksToMjml(blocks: readonly Block[]): WrittenBlocks {
  const lines: WrittenBlocks['lines'] = [];
  const written: string[] = [];
  for (const block of blocks) {
    const first = written.length + 1;
    written.push(...conditional(block.condition, sectionOf(block)));
    lines.push({ id: block.id, first, last: written.length });
  }
  return { body: written.join('\n'), lines };
}

/** Which block a line of the body belongs to. */
export function blockAt({ lines }: WrittenBlocks, line: number): string | undefined {
  return lines.find(({ first, last }) => first <= line && line <= last)?.id;
}

function conditional(condition: Condition | undefined, section: string[]): string[] {
  if (!condition) return section;
  const test =
    condition.about === 'language'
      ? `contact.speaks == '${condition.is}'`
      : `contact.kinds contains '${condition.is}'`;
  return [`<mj-raw>{% if ${test} %}</mj-raw>`, ...section, '<mj-raw>{% endif %}</mj-raw>'];
}

function sectionOf(block: Block): string[] {
  switch (block.type) {
    case 'header':
      return section([
        ...image(block.picture),
        ...words('kicker', escape(block.kicker)),
        `<mj-text mj-class="title"><h1>${inline(block.title)}</h1></mj-text>`,
      ]);
    case 'heading':
      return section([`<mj-text mj-class="heading"><h2>${inline(block.content)}</h2></mj-text>`]);
    case 'text':
      return section([
        `<mj-text${block.lead ? ' mj-class="lead"' : ''}>${richText(block.content)}</mj-text>`,
      ]);
    case 'image':
      return section(image(block.picture, block.url));
    case 'button':
      return section(button(block.label, block.url, block.quiet));
    case 'columns':
      return ['<mj-section>', ...half(block.left), ...half(block.right), '</mj-section>'];
    case 'course':
      if (block.source?.from === 'recommended') return recommended(block, block.source.most);
      return [
        '<mj-section padding="8px 32px 16px">',
        '<mj-column mj-class="card">',
        ...image(block.picture),
        ...words('kicker', escape(block.kicker)),
        ...words('heading', block.heading && `<h2>${escape(block.heading)}</h2>`),
        ...paragraphs(block.text),
        ...(block.link ? button(block.link.label, block.link.url) : []),
        '</mj-column>',
        '</mj-section>',
      ];
    case 'quote':
      return [
        '<mj-section padding="8px 32px 32px">',
        '<mj-column mj-class="quote">',
        `<mj-text mj-class="heading" font-size="20px" line-height="1.45"><em>${inline(block.content)}</em></mj-text>`,
        ...words('small', escape(block.by)),
        '</mj-column>',
        '</mj-section>',
      ];
    case 'divider':
      return section(['<mj-divider />']);
    case 'social':
      return section([
        `<mj-text mj-class="small" align="center">${block.links.map(({ network, url }) => anchor(url, NETWORK_NAMES[network])).join(' · ')}</mj-text>`,
      ]);
    case 'note':
      return section([`<mj-text mj-class="small">${richText(block.content)}</mj-text>`]);
  }
}

/**
 * The first card stands for everybody; a second and a third only where there are as many courses. Those differ whole from
 * reader to reader, and providers limit what may: there is nothing in them that need not be.
 */
function recommended({ kicker, link }: Pick<Cell, 'link'> & { kicker: string }, most: number) {
  return OFFER_PLACES.slice(0, most).flatMap((place, n) => {
    const card = [
      '<mj-section padding="8px 32px 16px">',
      '<mj-column mj-class="card">',
      ...(n === 0 ? words('kicker', escape(kicker)) : []),
      `<mj-text mj-class="heading"><h2>{{ ${place}.name }}</h2></mj-text>`,
      `<mj-text><p>{{ ${place}.description }}</p><p><em>{{ ${place}.because }}</em></p></mj-text>`,
      `<mj-button href="{{ ${place}.url }}">${escape(link?.label ?? '')}</mj-button>`,
      '</mj-column>',
      '</mj-section>',
    ];
    if (n === 0) return card;
    return [
      `<mj-raw>{% if ${place}.name != '' %}</mj-raw>`,
      ...card,
      '<mj-raw>{% endif %}</mj-raw>',
    ];
  });
}

const NETWORK_NAMES = {
  facebook: 'Facebook',
  instagram: 'Instagram',
  linkedin: 'LinkedIn',
  youtube: 'YouTube',
  tiktok: 'TikTok',
  x: 'X',
};

function section(content: string[]): string[] {
  return ['<mj-section>', '<mj-column>', ...content, '</mj-column>', '</mj-section>'];
}

function half({ picture, heading, text, link }: Cell): string[] {
  const inHalf = 'in-half';
  return [
    '<mj-column mj-class="half-card">',
    ...image(picture, '', 'padding="0 0 16px" border-radius="12px 12px 0 0"'),
    // The card has no room of its own above what comes first.
    ...(picture ? [] : ['<mj-spacer height="22px" />']),
    ...(heading
      ? [
          `<mj-text mj-class="heading ${inHalf}" font-size="20px" padding="0 20px 8px"><h3>${escape(heading)}</h3></mj-text>`,
        ]
      : []),
    ...(text.length > 0
      ? [`<mj-text mj-class="${inHalf}" font-size="15px">${richText(text)}</mj-text>`]
      : []),
    ...(link
      ? [
          `<mj-text mj-class="${inHalf}" font-size="15px">${anchor(link.url, escape(link.label))}</mj-text>`,
        ]
      : []),
    '<mj-spacer height="10px" />',
    '</mj-column>',
  ];
}

function words(look: string, html: string): string[] {
  return html === '' ? [] : [`<mj-text mj-class="${look}">${html}</mj-text>`];
}

function paragraphs(text: RichText): string[] {
  return text.length === 0 ? [] : [`<mj-text>${richText(text)}</mj-text>`];
}

/** Without alternative text it is left out, and the lint asks for it. */
function image(picture: Picture | null, url = '', look = ''): string[] {
  if (!picture) return [];
  const alt =
    picture.decorative || picture.alt
      ? ` alt="${escape(picture.decorative ? '' : picture.alt)}"`
      : '';
  const href = url ? ` href="${escape(url)}"` : '';
  return [`<mj-image src="${escape(picture.src)}"${alt}${href}${look && ` ${look}`} />`];
}

function button(label: string, url: string, quiet = false): string[] {
  const look = quiet ? ' mj-class="quiet-button"' : '';
  return [`<mj-button href="${escape(url)}"${look}>${escape(label)}</mj-button>`];
}

function richText(text: RichText): string {
  return text
    .map((paragraph) =>
      paragraph.kind === 'paragraph'
        ? `<p>${inline(paragraph.content)}</p>`
        : `<ul>${paragraph.items.map((item) => `<li>${inline(item)}</li>`).join('')}</ul>`,
    )
    .join('');
}

function inline(content: readonly Inline[]): string {
  return content.map(look).join('');
}

function look(part: Inline): string {
  let html = 'field' in part ? mergeField(part) : escape(part.text).replaceAll('\n', '<br />');
  if (part.italic) html = `<em>${html}</em>`;
  if (part.bold) html = `<strong>${html}</strong>`;
  return part.link ? anchor(part.link, html) : html;
}

function anchor(url: string, html: string): string {
  return `<a href="${escape(url)}">${html}</a>`;
}

function mergeField({ field, fallback }: FieldChip): string {
  if (fallback === '') return `{{ ${field} }}`;
  const quote = fallback.includes("'") ? '"' : "'";
  return `{{ ${field} | default: ${quote}${fallback}${quote} }}`;
}

/** Braces too: what somebody typed is never a merge field. */
function escape(text: string): string {
  return text.replace(/[&<>"'{}]/g, (character) => `&#${character.charCodeAt(0)};`);
}
