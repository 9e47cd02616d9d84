import { parse } from 'csv-parse/sync';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Channel } from '../../domain/address';
import type { Role } from '../../platform/http/permissions';

// The same distance from src/processes/demo and dist/processes/demo.
const FOLDER = join(__dirname, '..', '..', '..', 'prisma', 'demo');

export interface DemoStaff {
  email: string;
  name: string;
  role: Role;
}

export interface DemoTopic {
  key: string;
  nameSv: string;
  nameEn: string;
  descriptionSv: string;
  descriptionEn: string;
  purpose: string;
  softOptIn?: boolean;
}

export interface DemoCampaign {
  name: string;
  /** email when left out. */
  channel?: Channel;
  topic: string;
  template: string;
  members: 'topic' | 'everyone';
  publicArchive: boolean;
  subject?: string;
  preheader?: string;
  /** False: left as a draft for the person who tries the demo. */
  sent: boolean;
}

export interface DemoSettings {
  /** Of every log-in of the demo; a demo is refused in production. */
  password: string;
  staff: DemoStaff[];
  topics: DemoTopic[];
  form: { key: string; nameSv: string; nameEn: string; introSv: string; introEn: string };
  consent: string;
  campaigns: DemoCampaign[];
}

export function readSettings(): DemoSettings {
  return JSON.parse(readFileSync(join(FOLDER, 'demo.json'), 'utf8')) as DemoSettings;
}

export type DemoFile = 'contacts' | 'learners' | 'subscribers' | 'support' | 'deeds' | 'courses';

/** One object per row, by the names in the header; an empty cell is ''. */
export function readRows(file: DemoFile): Record<string, string>[] {
  return parse(readFileSync(join(FOLDER, `${file}.csv`), 'utf8'), {
    columns: true,
    delimiter: ';',
  });
}
