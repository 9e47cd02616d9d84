import { createWriteStream } from 'node:fs';
import { access, rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { ExportRegistry, type ExportEnd } from '../../../features/registry/ledger/export-registry';
import { Database } from '../../../platform/database/database';
import { OPERATOR } from '../../../platform/http/actor';
import { CliFault } from '../cli-fault';
import type { Session } from '../session';

const TOLD_EVERY = 1_000;

/** To a file: whole, or not there at all. To standard output: nothing but the export. */
export async function exportLedger(session: Session, file: string | undefined): Promise<void> {
  const { app, out } = session;
  const lines = app.get(ExportRegistry).run(OPERATOR);
  if (file === undefined) {
    for await (const line of lines) await out.raw(`${line}\n`);
    return;
  }
  const there = await access(file).then(
    () => true,
    () => false,
  );
  if (there) throw new CliFault('file_exists', out.text('fault.file_exists', { file }));
  const part = `${file}.part`;
  const written = { entries: 0, last: '' };
  try {
    // Keyed hashes of people's addresses: for the owner's eyes only.
    await pipeline(watched(session, lines, written), createWriteStream(part, { mode: 0o600 }));
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
  const { end } = JSON.parse(written.last) as ExportEnd;
  out.say('ledger.exported', { count: out.number(written.entries), file });
  out.say('ledger.head', { head: `${end.position}:${end.hash}` });
}

async function* watched(
  { app, out }: Session,
  lines: AsyncIterable<string>,
  written: { entries: number; last: string },
): AsyncGenerator<string> {
  const [all] = await app
    .get(Database)
    .query<{ count: number }>(`SELECT count(*) AS count FROM ledger_entry`);
  const bar = out.bar();
  let n = 0;
  for await (const line of lines) {
    yield `${line}\n`;
    written.last = line;
    n += 1;
    if (n % TOLD_EVERY === 0) bar.update(n, all!.count, out.number(n));
  }
  bar.end();
  // All lines but the first and the last are entries.
  written.entries = n - 2;
}
