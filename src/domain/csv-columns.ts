import type { HandlingDatum, PersonalDatum } from './allowed-data';
import { closest, foldName } from './did-you-mean';

export type CsvField = PersonalDatum | Exclude<HandlingDatum, 'minor' | 'timeZone'>;

export interface MappedColumn {
  /** Position in the file, from 0. */
  index: number;
  header: string;
  field: CsvField;
  /** What follows `samtycke_` or `consent_`, folded: a topic's name, perhaps with a channel. */
  about?: string;
}

export interface UnknownColumn {
  index: number;
  header: string;
  /** The known header that was perhaps meant. */
  suggestion: string | null;
}

export interface RepeatedColumn {
  index: number;
  header: string;
  field: CsvField;
  /** The column that already has this field. */
  firstIndex: number;
}

export interface ColumnGuess {
  mapped: MappedColumn[];
  unknown: UnknownColumn[];
  /** Two columns for one field: which is right is not ours to guess. */
  repeated: RepeatedColumn[];
}

/** Headers as people write them, Swedish and English; the first of each language is the one we name. */
const HEADERS: Readonly<Record<Exclude<CsvField, 'consent'>, readonly string[]>> = {
  email: [
    'e-post',
    'email',
    'e-postadress',
    'epostadress',
    'mejl',
    'mejladress',
    'mail',
    'mailadress',
    'email address',
  ],
  phone: [
    'mobil',
    'phone',
    'mobilnummer',
    'mobiltelefon',
    'telefon',
    'telefonnummer',
    'tel',
    'phone number',
    'mobile',
    'mobile phone',
    'mobile number',
    'cell phone',
  ],
  firstName: ['förnamn', 'first_name', 'given name'],
  lastName: ['efternamn', 'last_name', 'surname', 'family name'],
  title: ['titel', 'title', 'roll', 'befattning', 'role', 'job title'],
  organisation: [
    'företag',
    'organisation',
    'företagsnamn',
    'bolag',
    'arbetsgivare',
    'organization',
    'company',
    'company name',
    'employer',
  ],
  city: ['ort', 'city', 'stad', 'postort', 'town'],
  language: ['språk', 'language', 'lang'],
  topics: ['ämnen', 'topics', 'ämne', 'topic'],
  externalId: ['extern_id', 'external_id', 'externt id', 'kundnummer', 'customer id'],
  // A no that is read past is a broken promise, so its column is known by every name we have met.
  optOut: [
    'avregistrerad',
    'unsubscribed',
    'avanmäld',
    'avprenumererad',
    'spärrad',
    'nej tack',
    'ej utskick',
    'reklamspärr',
    'opt_out',
    'opted out',
    'optout date',
    'do not contact',
    'do not email',
    'dnc',
    'unsubscribe',
    'unsubscribed at',
    'suppressed',
  ],
};

const CONSENT = ['samtycke', 'consent'];

/** Common headers that are not one of our fields, and what they should be split into or completed to. */
const NEARLY: ReadonlyMap<string, string> = new Map([
  ['namn', 'förnamn'],
  ['name', 'first_name'],
  ['fullname', 'first_name'],
  ['kontaktperson', 'förnamn'],
  ['samtycke', 'samtycke_nyhetsbrev'],
  ['consent', 'consent_newsletter'],
]);

const FIELD_OF: ReadonlyMap<string, Exclude<CsvField, 'consent'>> = new Map(
  Object.entries(HEADERS).flatMap(([field, headers]) =>
    headers.map((header) => [foldName(header), field as Exclude<CsvField, 'consent'>]),
  ),
);

const SUGGESTIONS: readonly string[] = [...Object.values(HEADERS).flat(), ...NEARLY.values()];

/**
 * Guesses which column is what, by its header: case, diacritics, spaces, hyphens and underscores do not count.
 * Columns without a header are left out; nothing is guessed from the values.
 */
export function guessColumns(headers: readonly string[]): ColumnGuess {
  const guess: ColumnGuess = { mapped: [], unknown: [], repeated: [] };
  headers.forEach((raw, index) => {
    const header = raw.trim();
    if (header === '') return;
    const found = fieldOf(header);
    if (found === null) {
      guess.unknown.push({ index, header, suggestion: suggestionFor(header) });
      return;
    }
    const first = guess.mapped.find(
      ({ field, about }) => field === found.field && about === found.about,
    );
    if (first) {
      guess.repeated.push({ index, header, field: found.field, firstIndex: first.index });
    } else {
      guess.mapped.push({ index, header, ...found });
    }
  });
  return guess;
}

function fieldOf(header: string): Pick<MappedColumn, 'field' | 'about'> | null {
  const folded = foldName(header);
  const field = FIELD_OF.get(folded);
  if (field !== undefined) return { field };
  const prefix = CONSENT.find((word) => folded.startsWith(word));
  if (prefix === undefined) return null;
  const about = folded.slice(prefix.length);
  return about === '' ? null : { field: 'consent', about };
}

function suggestionFor(header: string): string | null {
  return NEARLY.get(foldName(header)) ?? closest(header, SUGGESTIONS);
}
