import type { Page } from 'playwright-core';
import { until } from '../setup/until';
import { faults, overflow } from './browser';

export const DESK = { width: 1280, height: 900 };
/** The desk at 200 %: half as many CSS pixels. */
export const ZOOMED = { width: 640, height: 450 };
export const NARROW = { width: 320, height: 640 };

/** What may differ between a wide and a narrow screen, or between light and dark. */
const NARROW_RULES = [
  'color-contrast',
  'target-size',
  'button-name',
  'scrollable-region-focusable',
];

/**
 * In the page: what a person without a mouse, or with large letters, cannot use. Every control of what is on top gets the
 * focus in turn: it is then to be inside the window, under nothing, and to look different; and no words are cut off.
 */
const OUT_OF_REACH = `(() => {
  const still = new CSSStyleSheet();
  still.replaceSync('* { transition: none !important; }');
  document.adoptedStyleSheets = [still];
  const top = [...document.querySelectorAll('[role=dialog], [role=menu], .person-menu > div')].at(-1);
  const room = top ?? document;
  const shows = (el) => el.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !el.closest('[inert]');
  const name = (el) => el.tagName.toLowerCase() + ' "' + (el.getAttribute('aria-label') ?? el.labels?.[0]?.innerText ?? el.innerText ?? '').trim().slice(0, 40) + '"';
  const look = (el) => [el, el.nextElementSibling, el.parentElement, el.closest('.mantine-Input-input')].filter(Boolean).map((one) => {
    const { outlineStyle, outlineWidth, outlineColor, boxShadow } = getComputedStyle(one);
    return outlineStyle === 'none' ? boxShadow : [outlineWidth, outlineColor, boxShadow].join();
  }).join(';');
  const found = [];
  const before = document.activeElement;
  const controls = [...room.querySelectorAll('a[href], button, input, select, textarea, summary, [contenteditable=true], [tabindex="0"]')]
    .filter((el) => !el.matches(':disabled') && el.tabIndex >= 0 && el.type !== 'file' && shows(el));
  for (const el of controls) {
    document.activeElement?.blur();
    const plain = look(el);
    el.focus();
    if (document.activeElement !== el) { found.push(name(el) + ' takes no focus'); continue; }
    if (look(el) === plain) found.push(name(el) + ' looks the same with the focus');
    const { left, right, top, bottom, width } = el.getBoundingClientRect();
    const wide = document.documentElement.clientWidth, high = innerHeight;
    if (width > 2 && (left < -1 || right > wide + 1)) found.push(name(el) + ' is partly outside the window');
    const hit = document.elementFromPoint(
      (Math.max(left, 0) + Math.min(right, wide)) / 2, (Math.max(top, 0) + Math.min(bottom, high)) / 2);
    const label = el.labels?.[0];
    if (!hit || !(el.contains(hit) || hit.contains(el) || label?.contains(hit) || hit.contains(label ?? el)))
      found.push(name(el) + ' is covered by ' + (hit ? hit.tagName + '.' + hit.className : 'the edge'));
  }
  before?.focus?.();
  for (const el of room.querySelectorAll('*')) {
    if (el.clientWidth < 3 || el.scrollWidth <= el.clientWidth + 1 || !shows(el)) continue;
    // An excerpt is cut on purpose, and in a narrow window the name of who is signed in.
    if (el.closest('[data-truncate], [data-line-clamp], .person-menu')) continue;
    const { overflowX } = getComputedStyle(el);
    const hasWords = [...el.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (hasWords && (overflowX === 'hidden' || overflowX === 'clip')) found.push('cut off: ' + name(el));
  }
  return [...new Set(found)];
})()`;

/**
 * Faults of a whole screen: at a desk, at 200 % and 320 px wide, light and dark. The layout of 320 px is that of 200 %, with
 * less room: what can be reached in the one can be in the other.
 */
export async function inspect(page: Page): Promise<string[]> {
  const found = [
    ...(await faults(page)),
    ...(await reach(page, '1280 px')),
    ...(await tooWide(page, ZOOMED, '200 %')),
  ];
  await page.emulateMedia({ colorScheme: 'dark' });
  found.push(...(await tooWide(page, NARROW, '320 px')), ...(await reach(page, '320 px')));
  found.push(...(await faults(page, NARROW_RULES)).map((fault) => `320 px, dark: ${fault}`));
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize(DESK);
  return found;
}

async function tooWide(page: Page, size: typeof DESK, name: string): Promise<string[]> {
  await page.setViewportSize(size);
  // What measures itself has to be let do so.
  await until(async () => (await overflow(page)) === 0, 1).catch(() => {});
  const over = await overflow(page);
  return over > 0 ? [`${name}: ${over} px too wide`] : [];
}

async function reach(page: Page, name: string): Promise<string[]> {
  // What takes the focus by a script shows it only for whoever last used the keyboard.
  await page.keyboard.press('Shift');
  return (await page.evaluate<string[]>(OUT_OF_REACH)).map((fault) => `${name}: ${fault}`);
}
