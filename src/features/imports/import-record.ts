import type { Channel } from '../../domain/address';
import type { ContactKind, DataSource } from '../../domain/allowed-data';
import type { UpsertContext } from '../contacts/contact-data';
import { type Actor } from '../../platform/http/actor';
import type { Column } from './columns';
import type { Dialect } from './csv/dialect';

export const IMPORT_STATES = [
  /** Stored; the mapping may be corrected and tried. */
  'uploaded',
  'running',
  'paused',
  'finished',
  /** Ended by a fault of the whole file; what was settled before stands and can be undone. */
  'failed',
  'undoing',
  'undone',
  /** Never started, or its time for undoing has passed: the file is gone. */
  'expired',
] as const;
export type ImportState = (typeof IMPORT_STATES)[number];

/** Who may be imported, and where their data then counts as coming from. */
export const SOURCES_OF = {
  company_contact: ['company_contact', 'crm_sync'],
  learner: ['employer_import'],
  newsletter_subscriber: ['newsletter_form', 'crm_sync'],
} as const satisfies Partial<Record<ContactKind, readonly DataSource[]>>;
export type ImportKind = keyof typeof SOURCES_OF;

/** Undo is possible this long after the end; then the file and what stood before are removed. */
export const UNDO_HOURS = 24;

export interface Attestation {
  /** The employer whose people these are. */
  company: string;
  attestedBy: string;
  at: string;
  policyVersion: string;
  /** How the employees were informed: by mail, at a meeting, on the intranet … */
  channel: string;
}

export interface ConsentProof {
  channels: Channel[];
  /** Where the proof is kept: a case number, a form, a contract. */
  reference: string;
  collectedAt: string;
}

export interface ImportOptions {
  newline: Dialect['newline'];
  /** Keys of topics for rows that name none. */
  topics: string[];
  /** The file as a whole comes with proof of consent. */
  consent: ConsentProof | null;
  /** The people have been told, under this policy version (GDPR 14). */
  notice: { version: string; at: string } | null;
}

export type Counts = Record<
  'rows' | 'new' | 'changed' | 'unchanged' | 'optedOut' | 'faulty',
  number
>;

export interface ImportRecord {
  id: string;
  fileName: string;
  state: ImportState;
  kind: ImportKind;
  source: DataSource;
  bytes: number;
  encoding: Dialect['encoding'];
  delimiter: Dialect['delimiter'];
  header: string[];
  mapping: { columns: Column[] };
  options: ImportOptions;
  attestation: Attestation | null;
  counts: Counts;
  position: number;
  /** Counted by line ends until the end is reached. */
  totalRows: number | null;
  fault: string | null;
  createdBy: string | null;
  createdAt: Date;
  finishedAt: Date | null;
  undoneAt: Date | null;
}

export const NO_COUNTS: Counts = {
  rows: 0,
  new: 0,
  changed: 0,
  unchanged: 0,
  optedOut: 0,
  faulty: 0,
};

/** What every contact of the import is stored with. */
export function contextOf(record: ImportRecord, now: Date): UpsertContext {
  const { attestation, options } = record;
  // The employer's attestation is that its people were told, so it is their notice as well.
  const notice = attestation
    ? { version: attestation.policyVersion, at: attestation.at }
    : options.notice;
  return {
    source: record.source,
    sourceRef: `import:${record.id}`,
    actor: actorOf(record),
    now,
    refuseErased: true,
    ...(notice && { notice: { version: notice.version, at: new Date(notice.at) } }),
    ...(attestation && {
      attestation: {
        at: new Date(attestation.at),
        ref: `import:${record.id}`,
        company: attestation.company,
      },
    }),
  };
}

/** A job acts for whoever started the import. */
export function actorOf({ createdBy }: Pick<ImportRecord, 'createdBy'>): Actor {
  const [type, id] = (createdBy ?? 'system:').split(':') as [Actor['type'], string];
  return { type, id: id || null, permissions: new Set() };
}

export function writeActor({ type, id }: Actor): string {
  return `${type}:${id ?? ''}`;
}
