/** `position` and negative margins could lay something over the footer; a backslash could spell either. */
const HARMFUL = [
  /[\\<]/,
  /expression|javascript:|@import|-moz-binding|behaviou?r\s*:/i,
  /(^|[;\s"])position\s*:/i,
  /margin[a-z-]*\s*:[^;]*-\d/i,
  /url\(\s*['"]?\s*(?!['"]?https:\/\/)/i,
];

/** False for CSS that could run, load from elsewhere than https, or cover other parts of the mail. */
export function isHarmlessStyle(css: string): boolean {
  return !HARMFUL.some((pattern) => pattern.test(css));
}
