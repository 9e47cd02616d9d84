import { OPERATOR } from '../../platform/http/actor';
import { type Column, guessUses, isColumnUse, TopicNames } from './columns';
import { type ImportRow, readRow, type RowRules } from './read-row';
import { Repeats } from './repeats';

const TOPICS = new TopicNames([
  { id: 't-news', key: 'nyhetsbrev', nameSv: 'Nyhetsbrev', nameEn: 'Newsletter' },
  { id: 't-tips', key: 'kurstips', nameSv: 'Kurstips', nameEn: 'Course tips' },
]);
const ORIGIN = { kind: 'company_contact', source: 'company_contact' } as const;

const rulesFor = (header: string[], more: Partial<RowRules> = {}): RowRules => ({
  columns: guessUses(header, TOPICS, ORIGIN),
  topics: TOPICS,
  defaultTopics: [],
  provenChannels: [],
  kind: 'company_contact',
  context: {
    source: 'company_contact',
    sourceRef: null,
    actor: OPERATOR,
    now: new Date('2026-03-02T09:00:00Z'),
  },
  ...more,
});

const read = (cells: Record<string, string>, more?: Partial<RowRules>): ImportRow =>
  readRow(
    { line: 2, fields: Object.values(cells), fault: null },
    rulesFor(Object.keys(cells), more),
  );

const grantsOf = (row: ImportRow) =>
  row.grants.map(({ topicId, channel, givenAt }) =>
    [topicId, channel, givenAt].filter(Boolean).join(' '),
  );

describe('guessing columns', () => {
  const usesOf = (...header: string[]) =>
    guessUses(header, TOPICS, ORIGIN).map(
      ({ use, problem, suggestion }) => use ?? suggestion ?? problem,
    );

  it('knows consent columns by topic and channel, in either language', () => {
    expect(
      usesOf(
        'samtycke_nyhetsbrev',
        'Samtycke Kurstips SMS',
        'consent_newsletter_email',
        'consent_course_tips',
        'samtycke_sms',
        'samtycke_epost',
        'samtycke_nyhetsbrv',
      ),
    ).toEqual([
      'consent:nyhetsbrev:email',
      'consent:kurstips:sms',
      'consent:nyhetsbrev:email',
      'consent:kurstips:email',
      'consent:*:sms',
      'consent:*:email',
      'Nyhetsbrev',
    ]);
  });

  it('leaves a second column for the same field to a person', () => {
    expect(guessUses(['e-post', 'email', ''], TOPICS, ORIGIN)).toEqual([
      { index: 0, header: 'e-post', use: 'email' },
      { index: 1, header: 'email', use: null, problem: 'repeated_column' },
      { index: 2, header: '', use: null },
    ]);
  });

  it('knows its own words again, and no others', () => {
    for (const use of ['email', 'optOut', 'consent:nyhetsbrev:sms', 'consent:*:email']) {
      expect(isColumnUse(use, TOPICS)).toBe(true);
    }
    for (const use of [
      '',
      'consent',
      'consent:x:email',
      'consent:*:email:x',
      '__proto__',
      'minor',
    ]) {
      expect(isColumnUse(use, TOPICS)).toBe(false);
    }
  });
});

describe('reading a row', () => {
  it.each([
    ['ja', ['t-news email']],
    ['X', ['t-news email']],
    ['1', ['t-news email']],
    ['2024-05-31', ['t-news email 2024-05-31']],
    ['20240531', ['t-news email 2024-05-31']],
    ['2024-05-31 14:02:11', ['t-news email 2024-05-31']],
    ['', []],
    ['nej', []],
    ['0', []],
  ])('takes %j in a consent column for a grant or none', (value, grants) => {
    const row = read({ 'e-post': 'a@example.com', samtycke_nyhetsbrev: value });
    expect(row.faults).toEqual([]);
    expect(grantsOf(row)).toEqual(grants);
  });

  it.each(['kanske', '2024-13-45', '45000', 'ja?'])(
    'calls %j in a consent column a fault',
    (value) => {
      const row = read({ 'e-post': 'a@example.com', samtycke_nyhetsbrev: value });
      expect(row.faults).toMatchObject([{ path: 'samtycke_nyhetsbrev', code: 'invalid_consent' }]);
      expect(row.grants).toEqual([]);
    },
  );

  it.each([
    ['ja', true],
    ['2023-01-01', true],
    ['Avregistrerad', true],
    ['vet inte', true],
    ['nej', false],
    ['', false],
    ['Aktiv', false],
  ])('reads %j in a column of opt-outs as %s, and rather no than yes (F-43)', (value, optOut) => {
    const row = read({
      'e-post': 'a@example.com',
      avregistrerad: value,
      samtycke_nyhetsbrev: 'ja',
    });
    expect(row.optOut).toBe(optOut);
    expect(row.grants).toHaveLength(optOut ? 0 : 1);
  });

  it('gives no grant for a topic alone, and none for a channel that the row has no address on', () => {
    const row = read({
      'e-post': 'a@example.com',
      ämnen: 'Nyhetsbrev, kurstips',
      samtycke_sms: 'ja',
    });
    expect(grantsOf(row)).toEqual([]);
    const sms = read({
      'e-post': 'a@example.com',
      mobil: '0701740640',
      ämnen: 'kurstips',
      samtycke_sms: 'ja',
    });
    expect(grantsOf(sms)).toEqual(['t-tips sms']);
  });

  it('says which topic was perhaps meant', () => {
    const row = read({ 'e-post': 'a@example.com', ämnen: 'nyhetsbrev | kurstisp' });
    expect(row.faults).toEqual([
      {
        path: 'ämnen',
        code: 'unknown_topic',
        message: expect.stringContaining('Menade du Kurstips?'),
      },
    ]);
  });

  it('reads nothing from a row that was damaged on the way', () => {
    const row = read({ 'e-post': 'a\uFFFD@example.com', samtycke_nyhetsbrev: 'ja' });
    expect(row.faults).toMatchObject([{ code: 'damaged_character' }]);
    expect(read({ 'e-post': 'a@example.com', förnamn: 'a\0' }).faults).toMatchObject([
      { code: 'nul_character' },
    ]);
  });
});

describe('people named twice', () => {
  const columns: Column[] = [
    { index: 0, header: 'id', use: 'externalId' },
    { index: 1, header: 'e-post', use: 'email' },
  ];
  const check = (...people: [string, string][]) => {
    const repeats = new Repeats(columns);
    return people.map(([id, email], n) => {
      const record = { line: n + 2, fields: [id, email], fault: null };
      const { faults } = repeats.check(readRow(record, { ...rulesFor([]), columns }));
      return faults[0]?.message.match(/rad (\d+)/)?.[1] ?? 'once';
    });
  };

  it('finds them by external id, else by address, and lets two ids share a mailbox', () => {
    expect(
      check(
        ['', 'a@example.com'],
        ['', 'A@EXAMPLE.com'],
        ['7', 'b@example.com'],
        ['8', 'b@example.com'],
        ['7', 'c@example.com'],
        ['', 'b@example.com'],
        ['9', 'a@example.com'],
      ),
    ).toEqual(['once', '2', 'once', 'once', '4', '4', '2']);
  });

  it('holds tens of thousands apart', () => {
    const people = Array.from({ length: 20_000 }, (_, n): [string, string] => [
      '',
      `p${n}@example.com`,
    ]);
    expect(check(...people).every((seen) => seen === 'once')).toBe(true);
    expect(check(...people, ['', 'p12345@example.com']).at(-1)).toBe('12347');
  });
});
