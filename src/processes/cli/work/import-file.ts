import { setTimeout as sleep } from 'node:timers/promises';
import type { Counts, ImportRecord } from '../../../features/imports/import-record';
import { ImportView } from '../../../features/imports/import-view';
import { faultsAfter } from '../../../features/imports/imports.queries';
import { Imports } from '../../../features/imports/imports.service';
import { TryImport } from '../../../features/imports/try-import';
import { Database } from '../../../platform/database/database';
import { OPERATOR } from '../../../platform/http/actor';
import { CliFault } from '../cli-fault';
import type { ImportOptions } from '../options';
import type { Session } from '../session';
import { prepareImport } from './prepare-import';

const EVERY_MS = 250;
const FAULTS_SHOWN = 50;

export async function importFile(
  session: Session,
  file: string,
  options: ImportOptions,
): Promise<void> {
  const { app, out, work } = session;
  const imports = app.get(Imports);
  const { record, rows } = await prepareImport(session, file, options);
  await showReading(session, record);
  imports.requireReadable(record);
  if (options.dryRun) {
    const { counts } = await app.get(TryImport).run(record, OPERATOR);
    await showFaults(session, record.id, counts);
    showCounts(session, counts);
    return out.say('import.dryRun');
  }
  await work.ensure();
  await imports.start(record.id, OPERATOR);
  const ended = await follow(session, record.id, rows);
  await showFaults(session, record.id, ended.counts);
  showCounts(session, ended.counts);
  if (ended.state === 'failed') {
    throw new CliFault(ended.fault ?? 'import_failed', out.text('fault.import_failed'));
  }
  out.say(`import.${ended.state === 'finished' ? 'finished' : 'goesOn'}`, { id: ended.id });
}

/** How each column was understood, and what will keep the people from being written to. */
async function showReading({ app, out }: Session, record: ImportRecord): Promise<void> {
  const { columns, encoding, warnings } = await app.get(ImportView).detail(record, OPERATOR);
  out.say('import.file', { name: record.fileName, encoding });
  out.table(
    columns.map(({ header, use, problem, suggestion }) => [
      header,
      '→',
      problem
        ? out.text(`column.problem.${problem}`) + (suggestion ? ` (${suggestion}?)` : '')
        : (use ?? '–'),
    ]),
  );
  for (const warning of warnings) out.line(`! ${out.text(`import.warning.${warning}`)}`);
}

async function follow(session: Session, id: string, rows: number): Promise<ImportRecord> {
  const { app, out, work, interrupted } = session;
  const bar = out.bar();
  let record = await app.get(Imports).get(id);
  while (record.state === 'running' && !interrupted.aborted) {
    await work.ensure();
    bar.update(record.position, rows, progressText(session, record));
    await sleep(EVERY_MS, undefined, { signal: interrupted }).catch(() => undefined);
    record = await app.get(Imports).get(id);
  }
  if (record.state === 'finished') bar.update(1, 1, progressText(session, record));
  bar.end();
  if (record.state === 'running') out.say('import.stopped');
  return record;
}

function progressText({ out }: Session, { position }: ImportRecord): string {
  return out.text('import.rows', { count: out.number(position) });
}

async function showFaults({ app, out }: Session, id: string, counts: Counts): Promise<void> {
  const faults = await faultsAfter(app.get(Database), id, 0, FAULTS_SHOWN);
  if (faults.length === 0) return;
  out.say('import.faults');
  out.table(
    faults.map(({ line, field, code, message }) => [
      out.number(line),
      field ?? '',
      `${message ?? code} (${code})`,
    ]),
    [0],
  );
  const more = counts.faulty - faults.length;
  if (more > 0) out.line(`  ${out.text('report.more', { count: out.number(more) })}`);
}

function showCounts({ out }: Session, counts: Counts): void {
  const names = ['new', 'changed', 'unchanged', 'optedOut', 'faulty', 'rows'] as const;
  out.table(
    names.map((name) => [out.number(counts[name]), out.text(`import.count.${name}`)]),
    [0],
  );
}
