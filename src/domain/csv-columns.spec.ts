import fc from 'fast-check';
import { type CsvField, guessColumns } from './csv-columns';

const fieldsOf = (...headers: string[]): (CsvField | null)[] => {
  const { mapped } = guessColumns(headers);
  return headers.map((_, index) => mapped.find((column) => column.index === index)?.field ?? null);
};

const CONTRACT: [string, string, CsvField][] = [
  ['e-post', 'email', 'email'],
  ['mobil', 'phone', 'phone'],
  ['förnamn', 'first_name', 'firstName'],
  ['efternamn', 'last_name', 'lastName'],
  ['titel', 'title', 'title'],
  ['företag', 'organisation', 'organisation'],
  ['ort', 'city', 'city'],
  ['språk', 'language', 'language'],
  ['ämnen', 'topics', 'topics'],
  ['extern_id', 'external_id', 'externalId'],
  ['samtycke_nyhetsbrev', 'consent_nyhetsbrev', 'consent'],
];

describe('guessing the columns of a contacts file', () => {
  it.each(CONTRACT)('knows %s and %s', (swedish, english, field) => {
    expect(fieldsOf(swedish)).toEqual([field]);
    expect(fieldsOf(english)).toEqual([field]);
  });

  it('maps a whole header row by position', () => {
    const headers = CONTRACT.map(([swedish]) => swedish);
    expect(fieldsOf(...headers)).toEqual(CONTRACT.map(([, , field]) => field));
  });

  it.each([
    ['\uFEFFE-post', 'email'],
    ['E-POST', 'email'],
    ['Epost', 'email'],
    ['e_post', 'email'],
    [' E-postadress ', 'email'],
    ['E-mail', 'email'],
    ['FORNAMN', 'firstName'],
    ['Fo\u0308rnamn', 'firstName'],
    ['First Name', 'firstName'],
    ['firstName', 'firstName'],
    ['Mobiltelefon', 'phone'],
    ['Tel.', 'phone'],
    ['Organization', 'organisation'],
    ['Foretag', 'organisation'],
    ['Externt ID', 'externalId'],
  ])('reads %j as %s', (header, field) => {
    expect(fieldsOf(header)).toEqual([field]);
  });

  it('reads any case, accents and separators of the names in the contract alike', () => {
    const how = fc.record({
      row: fc.constantFrom(...CONTRACT),
      english: fc.boolean(),
      upper: fc.boolean(),
      bare: fc.boolean(),
      separator: fc.constantFrom('_', ' ', '-', '', ' _ '),
    });
    fc.assert(
      fc.property(how, ({ row, english, upper, bare, separator }) => {
        let header = (english ? row[1] : row[0]).replace(/[_-]/g, separator);
        if (bare) header = header.normalize('NFD').replace(/\p{M}/gu, '');
        if (upper) header = header.toUpperCase();
        expect(fieldsOf(header)).toEqual([row[2]]);
      }),
    );
  });

  it('keeps what a consent is about', () => {
    expect(guessColumns(['Samtycke Nyhetsbrev', 'consent_sms_Kurstips']).mapped).toEqual([
      { index: 0, header: 'Samtycke Nyhetsbrev', field: 'consent', about: 'nyhetsbrev' },
      { index: 1, header: 'consent_sms_Kurstips', field: 'consent', about: 'smskurstips' },
    ]);
  });

  it.each(['Avregistrerad', 'opt-out', 'Do not contact', 'DNC', 'Unsubscribed', 'Spärrad'])(
    'F-43: knows %j for a no that must not be read past',
    (header) => {
      expect(fieldsOf(header)).toEqual(['optOut']);
    },
  );

  it.each([
    ['epsot', 'e-post'],
    ['fornam', 'förnamn'],
    ['Mobilnumer', 'mobilnummer'],
    ['Namn', 'förnamn'],
    ['Full name', 'first_name'],
    ['samtyke_nyhetsbrev', 'samtycke_nyhetsbrev'],
    ['Samtycke', 'samtycke_nyhetsbrev'],
    ['Unsubscribd', 'unsubscribed'],
    ['Skostorlek', null],
    ['personnummer', null],
    ['__proto__', null],
  ])('does not map %j, and suggests %j', (header, suggestion) => {
    expect(guessColumns([header])).toEqual({
      mapped: [],
      unknown: [{ index: 0, header, suggestion }],
      repeated: [],
    });
  });

  it('does not choose between two columns for one field', () => {
    const { mapped, repeated } = guessColumns(['e-post', 'förnamn', 'Email']);
    expect(mapped.map(({ index }) => index)).toEqual([0, 1]);
    expect(repeated).toEqual([{ index: 2, header: 'Email', field: 'email', firstIndex: 0 }]);
  });

  it('leaves columns without a header out', () => {
    expect(guessColumns(['', ' ', 'e-post'])).toEqual({
      mapped: [{ index: 2, header: 'e-post', field: 'email' }],
      unknown: [],
      repeated: [],
    });
  });

  it('accounts for every column with a header, once', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' })), (headers) => {
        const { mapped, unknown, repeated } = guessColumns(headers);
        const seen = [...mapped, ...unknown, ...repeated].map(({ index }) => index);
        const named = headers.flatMap((header, index) => (header.trim() === '' ? [] : [index]));
        expect(seen.sort((a, b) => a - b)).toEqual(named);
      }),
    );
  });
});
