import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { POLICY_VERSION } from '../../../domain/policy';
import { ImportFiles } from '../../../features/imports/import-files';
import type { ImportRecord } from '../../../features/imports/import-record';
import { MappingInput, UploadInput } from '../../../features/imports/imports.dto';
import { Imports } from '../../../features/imports/imports.service';
import { Clock } from '../../../platform/clock';
import { OPERATOR } from '../../../platform/http/actor';
import { CliFault } from '../cli-fault';
import type { ImportOptions } from '../options';
import type { Session } from '../session';
import { checked } from './checked';

const NEWLINE = 10;

/** Stores the file and says how it is to be read; nobody is brought in yet. `rows` is a close guess. */
export async function prepareImport(
  session: Session,
  file: string,
  options: ImportOptions,
): Promise<{ record: ImportRecord; rows: number }> {
  const { app, out } = session;
  const isFile = await stat(file).then(
    (found) => found.isFile(),
    () => false,
  );
  if (!isFile) throw new CliFault('file_not_found', out.text('fault.file_not_found', { file }));
  const { kind, source, topic } = options;
  const upload = await checked(UploadInput, { kind, source, topics: topic });
  const mapping = await checked(MappingInput, settingsOf(session, options));
  const lines = { count: 0 };
  const stored = await app.get(ImportFiles).store(counted(createReadStream(file), lines));
  const imports = app.get(Imports);
  const made = await imports.create({ ...stored, name: basename(file) }, upload, OPERATOR);
  const record = await imports.change(made.id, mapping, OPERATOR);
  return { record, rows: Math.max(1, lines.count - 1) };
}

function settingsOf(session: Session, options: ImportOptions): Record<string, unknown> {
  const { noticeAt } = options;
  return {
    consent: consentOf(session, options),
    notice: noticeAt && { version: POLICY_VERSION, at: noticeAt },
    attestation: attestationOf(session, options),
  };
}

function consentOf({ out }: Session, { consentReference, consentAt }: ImportOptions) {
  if (consentReference === undefined && consentAt === undefined) return undefined;
  if (consentReference === undefined || consentAt === undefined) {
    throw new CliFault('consent_incomplete', out.text('fault.consent_incomplete'));
  }
  return { channels: ['email'], reference: consentReference, collectedAt: consentAt };
}

function attestationOf({ app, out }: Session, options: ImportOptions) {
  const { attestedBy, company, informedBy, attestedAt } = options;
  if ([attestedBy, company, informedBy, attestedAt].every((value) => value === undefined)) {
    return undefined;
  }
  if (attestedBy === undefined || company === undefined || informedBy === undefined) {
    throw new CliFault('attestation_incomplete', out.text('fault.attestation_incomplete'));
  }
  const today = app.get(Clock).now().toISOString().slice(0, 10);
  return {
    company,
    attestedBy,
    at: attestedAt ?? today,
    policyVersion: POLICY_VERSION,
    channel: informedBy,
  };
}

async function* counted(
  pieces: AsyncIterable<Buffer>,
  lines: { count: number },
): AsyncGenerator<Buffer> {
  for await (const piece of pieces) {
    for (let at = piece.indexOf(NEWLINE); at >= 0; at = piece.indexOf(NEWLINE, at + 1)) {
      lines.count += 1;
    }
    yield piece;
  }
}
