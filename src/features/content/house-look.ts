import { lightened } from '../../domain/colour';
import type { Brand } from '../../platform/config/brand';
import type { Env } from '../../platform/config/env';
import { readLayout } from './bundled-templates';
import { escapeHtml } from './liquid';

/** The colours of the layout that are the house's own, by what they are behind or before. */
const ON_LIGHT = ['#0f5a57', '#0f4f4c'];
const ON_DARK = ['#86d0c4', '#9fded3'];

const WORDMARK = /<mj-text [^>]*css-class="wordmark">.*?<\/mj-text>/;
const LEGAL_NAME = '[[ sender.legalName ]]<br />[[ sender.postalAddress ]]';
const LEGAL_LINE = '[[ sender.legalName ]], [[ sender.postalAddress ]]';

/** The layout in the colours of the house, with its logo and its line at the foot; as it comes when it has chosen none. */
export function layoutOf(kind: 'marketing' | 'system', brand: Brand, env: Env): string {
  let layout = readLayout(kind);
  const { colour, logo, footer } = brand;
  if (colour) {
    const light = lightened(colour);
    for (const own of ON_LIGHT) layout = layout.replaceAll(own, colour);
    for (const own of ON_DARK) layout = layout.replaceAll(own, light);
  }
  if (logo) {
    const image = `<mj-image src="${env.link(logo.path)}" alt="[[ sender.name ]]" width="${logo.width}px" height="${logo.height}px" align="left" padding="0 8px" border-radius="0" css-class="logo" />`;
    layout = replaced(layout, WORDMARK, image);
  }
  if (footer) {
    const legal = kind === 'marketing' ? LEGAL_NAME : LEGAL_LINE;
    layout = replaced(layout, legal, `${escapeHtml(footer)}<br />${legal}`);
  }
  return layout;
}

/** A layout that has lost the place would lose the logo unseen. */
function replaced(layout: string, place: string | RegExp, by: string): string {
  const changed = layout.replace(place, () => by);
  if (changed === layout) throw new Error(`The layout has no place for ${by}`);
  return changed;
}
