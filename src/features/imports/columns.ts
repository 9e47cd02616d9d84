import type { Channel } from '../../domain/address';
import { type ContactKind, type DataSource, refusalOf } from '../../domain/allowed-data';
import { type CsvField, guessColumns } from '../../domain/csv-columns';
import { closest, foldName } from '../../domain/did-you-mean';

export interface TopicName {
  id: string;
  key: string;
  nameSv: string;
  nameEn: string;
}

/** What a column is read as: a field, `consent:<topic key>:<channel>`, `consent:*:<channel>`, or null: not read. */
export type ColumnUse = Exclude<CsvField, 'consent'> | `consent:${string}:${Channel}` | null;

export type ColumnProblem =
  | 'unknown_column'
  | 'repeated_column'
  | 'unknown_topic'
  /** Every row with a value here is faulty, until the column is set to be left out. */
  | 'field_not_allowed';

export interface Column {
  index: number;
  header: string;
  use: ColumnUse;
  problem?: ColumnProblem;
  /** What was perhaps meant. */
  suggestion?: string | null;
}

export interface Origin {
  kind: ContactKind;
  source: DataSource;
}

const FIELDS: readonly string[] = [
  'email',
  'phone',
  'firstName',
  'lastName',
  'title',
  'organisation',
  'city',
  'language',
  'topics',
  'externalId',
  'optOut',
] satisfies Exclude<CsvField, 'consent'>[];

/** Topics by every name a person may write: key, Swedish, English; folded. */
export class TopicNames {
  private readonly byName: Map<string, TopicName>;

  constructor(readonly topics: readonly TopicName[]) {
    this.byName = new Map(
      topics.flatMap((topic) =>
        [topic.nameEn, topic.nameSv, topic.key].map((name) => [foldName(name), topic] as const),
      ),
    );
  }

  find(name: string): TopicName | null {
    return this.byName.get(foldName(name)) ?? null;
  }

  suggest(name: string): string | null {
    return closest(
      name,
      this.topics.flatMap(({ key, nameSv, nameEn }) => [nameSv, key, nameEn]),
    );
  }
}

/** A first reading of the header, for a person to look over. */
export function guessUses(header: readonly string[], topics: TopicNames, origin: Origin): Column[] {
  const guess = guessColumns(header);
  const columns: Column[] = header.map((name, index) => ({
    index,
    header: name.trim(),
    use: null,
  }));
  for (const { index, field, about } of guess.mapped) {
    const column = columns[index]!;
    if (field !== 'consent') column.use = field;
    else Object.assign(column, consentUse(about ?? '', topics));
  }
  for (const { index, suggestion } of guess.unknown) {
    Object.assign(columns[index]!, { problem: 'unknown_column', suggestion });
  }
  for (const { index } of guess.repeated) columns[index]!.problem = 'repeated_column';
  return columns.map((column) => withRefusal(column, origin));
}

/** Marks a column that holds what the policy does not allow for these people. */
export function withRefusal(column: Column, { kind, source }: Origin): Column {
  const { problem, ...rest } = column;
  const refused = isField(column.use) && refusalOf(kind, source, column.use) !== null;
  if (refused) return { ...rest, problem: 'field_not_allowed' };
  return problem === 'field_not_allowed' ? rest : column;
}

const isField = (use: ColumnUse): use is Exclude<CsvField, 'consent'> =>
  use !== null && !use.startsWith('consent:');

const CHANNEL_WORDS: [string, Channel][] = [
  ['sms', 'sms'],
  ['mobil', 'sms'],
  ['epost', 'email'],
  ['email', 'email'],
  ['mejl', 'email'],
  ['mail', 'email'],
];

/** `nyhetsbrev`, `nyhetsbrev_sms`, `sms`: folded, as the header's guess gives it. */
function consentUse(about: string, topics: TopicNames): Partial<Column> {
  const topic = topics.find(about);
  if (topic) return { use: `consent:${topic.key}:email` };
  for (const [word, channel] of CHANNEL_WORDS) {
    if (about === word) return { use: `consent:*:${channel}` };
    const named = about.endsWith(word) ? topics.find(about.slice(0, -word.length)) : null;
    if (named) return { use: `consent:${named.key}:${channel}` };
  }
  return { problem: 'unknown_topic', suggestion: topics.suggest(about) };
}

/** Whether this is a use at all, and of a topic that exists. */
export function isColumnUse(use: string, topics: TopicNames): use is NonNullable<ColumnUse> {
  if (FIELDS.includes(use)) return true;
  const [word, topic, channel, ...more] = use.split(':');
  return (
    word === 'consent' &&
    more.length === 0 &&
    (channel === 'email' || channel === 'sms') &&
    (topic === '*' || topics.topics.some(({ key }) => key === topic))
  );
}
