import { MERGE_FIELDS } from '../merge-fields';
import { MOST_OFFERS } from '../offers/offer';
import { BLOCK_TYPES, KINDS, LANGUAGES, NETWORKS, type Block, type BlockType } from './block';

/** Where in the JSON something is not as `Block` says, `3.picture.alt`, and what. */
export interface BlockFault {
  path: string;
  code: 'not_blocks' | 'unknown_field' | 'invalid_value' | 'too_long' | 'too_many' | 'not_unique';
}

export const MOST_BLOCKS = 100;

/**
 * Whether this is blocks and nothing else. Says nothing of whether they are finished: a draft may lack a link,
 * and the lint of what they become tells of that.
 */
export function checkBlocks(json: unknown): BlockFault[] {
  const faults: BlockFault[] = [];
  list(MOST_BLOCKS, block)(json, '', faults);
  if (faults.length > 0) return faults;
  const ids = (json as Block[]).map(({ id }) => id);
  ids.forEach((id, index) => {
    if (ids.indexOf(id) < index) faults.push({ path: `${index}.id`, code: 'not_unique' });
  });
  return faults;
}

type Check = (value: unknown, path: string, faults: BlockFault[]) => void;

/** NUL and half signs cannot be stored, the rest of the control characters not be seen. */
const UNSEEN = /[^\P{Cc}\n]|\p{Surrogate}|[\u2028-\u202e\u2066-\u2069\uE000-\uE002]/u;

function text(most: number, { lines = false } = {}): Check {
  return (value, path, faults) => {
    if (typeof value !== 'string' || UNSEEN.test(value) || (!lines && value.includes('\n')))
      faults.push({ path, code: 'invalid_value' });
    else if (value.length > most) faults.push({ path, code: 'too_long' });
  };
}

function oneOf(allowed: readonly unknown[]): Check {
  return (value, path, faults) => {
    if (!allowed.includes(value)) faults.push({ path, code: 'invalid_value' });
  };
}

const flag = oneOf([true, false]);
const url = text(2_000);
const line = text(300);

/** Stands inside quotes in a Liquid output, where nothing can be escaped. */
const fallback: Check = (value, path, faults) => {
  if (
    typeof value !== 'string' ||
    !/^[^<>&{}%"\\\p{Cc}\p{Surrogate}\u2028-\u202e\u2066-\u2069\uE000-\uE002]{0,60}$/u.test(value)
  )
    faults.push({ path, code: 'invalid_value' });
};

function list(most: number, item: Check): Check {
  return (value, path, faults) => {
    if (!Array.isArray(value)) faults.push({ path, code: path ? 'invalid_value' : 'not_blocks' });
    else if (value.length > most) faults.push({ path, code: 'too_many' });
    else value.forEach((one, index) => item(one, path ? `${path}.${index}` : `${index}`, faults));
  };
}

function nullable(check: Check): Check {
  return (value, path, faults) => {
    if (value !== null) check(value, path, faults);
  };
}

/** An object with exactly these fields; those of `optional` may be left out. */
function object(fields: Record<string, Check>, optional: Record<string, Check> = {}): Check {
  return (value, path, faults) => {
    if (!isRecord(value)) return void faults.push({ path, code: 'invalid_value' });
    for (const name of Object.keys(value)) {
      if (!Object.hasOwn(fields, name) && !Object.hasOwn(optional, name))
        faults.push({ path: path ? `${path}.${name.slice(0, 40)}` : name, code: 'unknown_field' });
    }
    for (const [name, check] of Object.entries(fields))
      check(value[name], `${path}.${name}`, faults);
    for (const [name, check] of Object.entries(optional)) {
      if (value[name] !== undefined) check(value[name], `${path}.${name}`, faults);
    }
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const look = { bold: flag, italic: flag, link: url };
const chip = object({ field: oneOf(MERGE_FIELDS), fallback }, look);
const inlineOf =
  (words: Check): Check =>
  (value, path, faults) =>
    (isRecord(value) && 'field' in value ? chip : words)(value, path, faults);

const oneLine = list(100, inlineOf(object({ text: text(2_000) }, look)));
const lines = list(500, inlineOf(object({ text: text(20_000, { lines: true }) }, look)));
const paragraph: Check = (value, path, faults) => {
  const isList = isRecord(value) && value.kind === 'list';
  const kind = oneOf(['paragraph', 'list']);
  const check = isList
    ? object({ kind, items: list(100, lines) })
    : object({ kind, content: lines });
  check(value, path, faults);
};
const richText = list(200, paragraph);
const picture = object({ src: url, alt: line }, { decorative: flag });
const cellFields = {
  picture: nullable(picture),
  heading: line,
  text: richText,
  link: nullable(object({ label: line, url })),
};
const cell = object(cellFields);

const courseSource: Check = (value, path, faults) => {
  const recommended = isRecord(value) && value.from === 'recommended';
  const check = recommended
    ? object({ from: oneOf(['recommended']), most: oneOf(UP_TO_MOST) })
    : object({ from: oneOf(['catalogue']), course: text(200) });
  check(value, path, faults);
};
const UP_TO_MOST = Array.from({ length: MOST_OFFERS }, (_, n) => n + 1);

const FIELDS: Record<BlockType, [Record<string, Check>, Record<string, Check>?]> = {
  header: [{ picture: nullable(picture), kicker: line, title: oneLine }],
  heading: [{ content: oneLine }],
  text: [{ content: richText }, { lead: flag }],
  image: [{ picture, url }],
  button: [{ label: line, url }, { quiet: flag }],
  columns: [{ left: cell, right: cell }],
  course: [{ kicker: line, ...cellFields }, { source: courseSource }],
  quote: [{ content: oneLine, by: line }],
  divider: [{}],
  social: [{ links: list(10, object({ network: oneOf(NETWORKS), url })) }],
  note: [{ content: richText }],
};

const condition: Check = (value, path, faults) => {
  const is = isRecord(value) && value.about === 'kind' ? KINDS : LANGUAGES;
  object({ about: oneOf(['language', 'kind']), is: oneOf(is) })(value, path, faults);
};

const id: Check = (value, path, faults) => {
  if (typeof value !== 'string' || !/^[a-z0-9-]{1,40}$/i.test(value))
    faults.push({ path, code: 'invalid_value' });
};

const block: Check = (value, path, faults) => {
  const type = isRecord(value) ? BLOCK_TYPES.find((known) => known === value.type) : undefined;
  if (!type) return void faults.push({ path: `${path}.type`, code: 'invalid_value' });
  const [fields, optional] = FIELDS[type];
  object({ id, type: oneOf(BLOCK_TYPES), ...fields }, { ...optional, condition })(
    value,
    path,
    faults,
  );
};
