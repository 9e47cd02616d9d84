import type { UpsertContact } from '../../features/contacts/contact-data';
import type { DataSource } from '../../domain/allowed-data';
import { readRows } from './demo-files';

export interface DemoPerson {
  contact: UpsertContact;
  /** Keys of the topics that the person has agreed to. */
  topics: string[];
  /** Has agreed to them by text message too. */
  bySms: boolean;
  /** Has signed up, and not pressed the button in the confirmation. */
  unconfirmed: boolean;
}

/** People who came in at the same time, the same way. */
export interface PeopleGroup {
  name: string;
  source: DataSource;
  daysAgo: number;
  /** Their employer has attested that it told them (policy, "Generellt" 4). */
  attested: boolean;
  people: DemoPerson[];
}

type Row = Record<string, string>;

/** Few enough that a transaction is short also on a slow computer. */
const MOST = 160;

export function readGroups(): PeopleGroup[] {
  return [
    ...inPieces({ name: 'contacts', source: 'company_contact', daysAgo: 410 }, companyContacts()),
    ...employers(),
    ...inPieces({ name: 'subscribers', source: 'newsletter_form', daysAgo: 150 }, subscribers()),
    ...inPieces({ name: 'support', source: 'support', daysAgo: 30 }, supportContacts()),
  ];
}

function companyContacts(): DemoPerson[] {
  return readRows('contacts').map((row, n) => ({
    ...person(row, {
      kind: 'company_contact',
      firstName: row.first_name,
      lastName: row.last_name,
      title: row.title,
      organisation: row.organisation,
      city: row.city,
      phone: row.phone || undefined,
    }),
    bySms: Boolean(row.phone) && n % 3 > 0,
  }));
}

/** One list from each employer; what they hand over is names and addresses only. */
function employers(): PeopleGroup[] {
  const rows = readRows('learners');
  const names = [...new Set(rows.map(({ employer }) => employer!))];
  return names.map((name, n) => {
    const own = rows.filter(({ employer }) => employer === name);
    return {
      name,
      source: 'employer_import',
      daysAgo: 400 - n * 15,
      attested: own[0]!.attested === 'yes',
      people: own.map((row) =>
        person(row, {
          kind: 'learner',
          firstName: row.first_name,
          lastName: row.last_name,
          externalId: row.external_id,
        }),
      ),
    };
  });
}

function subscribers(): DemoPerson[] {
  return readRows('subscribers').map((row) => ({
    ...person(row, { kind: 'newsletter_subscriber' }),
    unconfirmed: row.confirmed === 'no',
  }));
}

function supportContacts(): DemoPerson[] {
  return readRows('support').map((row) =>
    person(row, {
      kind: 'support_contact',
      firstName: row.first_name,
      lastName: row.last_name,
    }),
  );
}

function person(row: Row, contact: UpsertContact): DemoPerson {
  const { email, language, topics = '' } = row;
  return {
    contact: { ...contact, email, language },
    topics: topics.split(' ').filter(Boolean),
    bySms: false,
    unconfirmed: false,
  };
}

function inPieces(
  group: Pick<PeopleGroup, 'name' | 'source' | 'daysAgo'>,
  people: DemoPerson[],
): PeopleGroup[] {
  const pieces = Math.ceil(people.length / MOST);
  return Array.from({ length: pieces }, (_, n) => ({
    ...group,
    name: `${group.name} ${n + 1}`,
    daysAgo: Math.ceil(group.daysAgo / (n + 1)),
    attested: false,
    people: people.slice(n * MOST, (n + 1) * MOST),
  }));
}
