/** A form as the body parser leaves it: a repeated name becomes a list, an unknown sender can send anything. */
export type PostedForm = Record<string, unknown>;

export function readText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** All values of a field that may stand several times. */
export function readTexts(value: unknown): string[] {
  return [value].flat().filter((one) => typeof one === 'string');
}
