/** What WCAG 2.2 asks between text and what is behind it. */
const READABLE = 4.5;

const COLOUR = /^#[0-9a-f]{6}$/;

export function isColour(text: string): boolean {
  return COLOUR.test(text);
}

/** WCAG contrast of two colours (#rrggbb), 1 to 21. */
export function contrast(one: string, other: string): number {
  const [lighter, darker] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [
    number,
    number,
  ];
  return (lighter + 0.05) / (darker + 0.05);
}

/** The darkest of the light grounds, and the lightest of the dark ones, in mails and on pages. */
const LIGHT_GROUND = '#f5f2eb';
const DARK_GROUND = '#253230';

/** Whether the colour can be read as text by day, and white text on it. */
export function isReadable(colour: string): boolean {
  return contrast(colour, LIGHT_GROUND) >= READABLE;
}

/** The colour by night: with as much white in it as it takes to be read on a dark ground. */
export function lightened(colour: string): string {
  for (let white = 0; white < 1; white += 0.05) {
    const mixed = mixWithWhite(colour, white);
    if (contrast(mixed, DARK_GROUND) >= READABLE) return mixed;
  }
  return '#ffffff';
}

function mixWithWhite(colour: string, white: number): string {
  const mixed = channels(colour).map((value) => Math.round(value + (255 - value) * white));
  return `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = channels(colour).map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function channels(colour: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
}
