import type { Channel } from '../../domain/address';
import type { UpsertContact, UpsertContext } from '../contacts/contact-data';
import { type ReadContact, readContact } from '../contacts/read-contact';
import type { FieldFault } from '../../platform/errors';
import { t } from '../../platform/i18n/i18n';
import type { Column, TopicName, TopicNames } from './columns';
import type { CsvRecord } from './csv/read-records';

export interface WantedGrant {
  topicId: string;
  channel: Channel;
  /** The header that says so, or `import` when the whole file comes with proof. */
  proof: string;
  /** The day the file gives. */
  givenAt?: string;
}

export interface ImportRow {
  line: number;
  read: ReadContact;
  grants: WantedGrant[];
  /** The file itself says that the person has opted out. */
  optOut: boolean;
  /** `path` is the header of the column. */
  faults: FieldFault[];
}

export interface RowRules {
  columns: Column[];
  topics: TopicNames;
  /** Keys of topics for rows that name none. */
  defaultTopics: string[];
  /** Channels for which the file as a whole comes with proof of consent. */
  provenChannels: Channel[];
  context: UpsertContext;
  kind: UpsertContact['kind'];
}

interface Consent {
  topic: string;
  channel: Channel;
  header: string;
  givenAt?: string;
}

type Fault = (path: string, code: string, values?: Record<string, unknown>, text?: string) => void;

const YES = ['ja', 'j', 'yes', 'y', 'true', 'sant', '1', 'x', 'ok'];
const NO = ['', 'nej', 'n', 'no', 'false', 'falskt', '0', '-'];
/** In a column that says who has left: words for those who have not. */
const STAYS = [...NO, 'aktiv', 'active', 'prenumererar', 'subscribed'];
const DAY = /^(\d{4})[-/.]?(\d{2})[-/.]?(\d{2})(?:[T ].*)?$/;

/** What the mapping says, worked out once for all rows. */
interface Plan {
  cells: {
    index: number;
    use: string;
    header: string;
    consent: { topic: string; channel: Channel } | null;
  }[];
  defaults: TopicName[];
  /** The uses of all columns. */
  asked: Set<string | null>;
  /** Cells of topics that were understood: a file has few different ones. */
  topicCells: Map<string, TopicName[]>;
}

const plans = new WeakMap<RowRules, Plan>();
const MOST_TOPIC_CELLS = 1_000;

function planOf(rules: RowRules): Plan {
  let plan = plans.get(rules);
  if (!plan) {
    const { columns, topics, defaultTopics } = rules;
    plan = {
      cells: columns.flatMap(({ index, use, header }) => {
        if (use === null) return [];
        const [word, topic, channel] = use.split(':') as [string, string, Channel];
        return { index, use, header, consent: word === 'consent' ? { topic, channel } : null };
      }),
      defaults: topics.topics.filter(({ key }) => defaultTopics.includes(key)),
      asked: new Set(columns.map(({ use }) => use)),
      topicCells: new Map(),
    };
    plans.set(rules, plan);
  }
  return plan;
}

/** Reads one record by the mapping; every fault of the row at once, and nothing is looked up. */
export function readRow(record: CsvRecord, rules: RowRules): ImportRow {
  const { columns } = rules;
  const plan = planOf(rules);
  const faults: FieldFault[] = [];
  const fault: Fault = (path, code, values = {}, text = code) =>
    faults.push({ path, code, message: t('sv', `imports:row.${text}`, values) });

  const data: Partial<Record<string, string>> = {};
  const consents: Consent[] = [];
  let topics: TopicName[] = [];
  let optOut = false;

  if (record.fault) fault('', record.fault);
  const cells = record.fault ? [] : withoutTail(record.fields, columns.length);
  if (!record.fault && cells.length !== columns.length) {
    fault('', 'wrong_column_count', { expected: columns.length, found: cells.length });
  } else if (cells.some((cell) => cell.includes('\0'))) {
    fault('', 'nul_character');
  } else if (cells.some((cell) => cell.includes('\uFFFD'))) {
    fault('', 'damaged_character');
  } else {
    for (const { index, use, header, consent } of plan.cells) {
      const value = cells[index]?.trim() ?? '';
      if (value === '') continue;
      if (use === 'optOut') optOut = !STAYS.includes(value.toLowerCase());
      else if (use === 'topics') topics = topicsOf(value, plan, rules.topics, header, fault);
      else if (consent) {
        const answer = readConsent(value);
        if (answer === null) fault(header, 'invalid_consent');
        else if (answer.given) consents.push({ ...consent, header, givenAt: answer.at });
      } else data[use] = value;
    }
  }
  const read = readContact({ kind: rules.kind, ...data }, rules.context);
  const sound = faults.length === 0;
  if (sound && data.email === undefined) fault(headerOf(columns, 'email'), 'missing_address');
  if (sound && read.faults.length > 0) {
    const own = read.faults.filter(({ code }) => code !== 'missing_address');
    faults.push(...own.map((one) => ({ ...one, path: headerOf(columns, one.path) })));
  }
  const wanted = { topics: topics.length > 0 ? topics : plan.defaults, consents, read };
  return {
    line: record.line,
    read,
    grants: faults.length > 0 || optOut ? [] : grantsOf(wanted, rules, plan),
    optOut,
    faults,
  };
}

/** Excel writes empty cells after the last column that has a header. */
function withoutTail(fields: string[], columns: number): string[] {
  if (fields.length === columns) return fields;
  let end = fields.length;
  while (end > columns && fields[end - 1]!.trim() === '') end--;
  return fields.slice(0, end);
}

function topicsOf(
  value: string,
  { topicCells }: Plan,
  topics: TopicNames,
  header: string,
  fault: Fault,
): TopicName[] {
  const known = topicCells.get(value);
  if (known) return known;
  let sound = true;
  const found = readTopics(value, topics, header, (...what) => {
    sound = false;
    fault(...what);
  });
  if (sound && topicCells.size < MOST_TOPIC_CELLS) topicCells.set(value, found);
  return found;
}

function readTopics(value: string, topics: TopicNames, header: string, fault: Fault): TopicName[] {
  return value
    .split(/[,;|/]/)
    .map((name) => name.trim())
    .filter((name) => name !== '')
    .flatMap((name) => {
      const topic = topics.find(name);
      if (topic) return topic;
      const suggestion = topics.suggest(name);
      const shown = name.slice(0, 60);
      const text = suggestion ? 'unknown_topic_suggestion' : 'unknown_topic';
      fault(header, 'unknown_topic', { name: shown, suggestion }, text);
      return [];
    });
}

/** Null: neither a yes, a no, nor a day. */
function readConsent(value: string): { given: boolean; at?: string } | null {
  const word = value.toLowerCase();
  if (YES.includes(word)) return { given: true };
  if (NO.includes(word)) return { given: false };
  const [, year, month, day] = DAY.exec(value) ?? [];
  const at = `${year}-${month}-${day}`;
  return year && !Number.isNaN(Date.parse(at)) ? { given: true, at } : null;
}

/** A topic without proof of consent gives no grant: wanting to write is not being allowed to. */
function grantsOf(
  row: {
    topics: TopicName[];
    consents: Consent[];
    read: ReadContact;
  },
  { topics, provenChannels }: RowRules,
  { asked }: Plan,
): WantedGrant[] {
  if (row.consents.length === 0 && provenChannels.length === 0) return [];
  const grants = new Map<string, WantedGrant>();
  const add = (topicId: string, channel: Channel, proof: string, givenAt?: string) => {
    if (!row.read.addresses.some((address) => address.channel === channel)) return;
    const key = `${topicId} ${channel}`;
    if (!grants.has(key)) grants.set(key, { topicId, channel, proof, ...(givenAt && { givenAt }) });
  };
  for (const { topic, channel, header, givenAt } of row.consents) {
    const meant = topic === '*' ? row.topics : topics.topics.filter(({ key }) => key === topic);
    for (const { id } of meant) add(id, channel, header, givenAt);
  }
  // Where the file has a column for it, the person's own answer there decides, also when it is empty.
  for (const channel of provenChannels) {
    if (asked.has(`consent:*:${channel}`)) continue;
    for (const { id, key } of row.topics) {
      if (!asked.has(`consent:${key}:${channel}`)) add(id, channel, 'import');
    }
  }
  return [...grants.values()];
}

/** The column a fault is in; for one that has none, the field's own name. */
export function headerOf(columns: Column[], field: string): string {
  return columns.find(({ use }) => use === field)?.header ?? field;
}
