import { createReadStream } from 'node:fs';
import { access } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { ChainHead } from '../../../features/registry/ledger/chain';
import {
  VerifyRegistry,
  type VerifyReport,
} from '../../../features/registry/ledger/verify-registry';
import { CliFault } from '../cli-fault';
import type { VerifyOptions } from '../options';
import type { Session } from '../session';

const SHOWN = 20;

export async function verifyLedger(
  session: Session,
  file: string | undefined,
  { database, head }: VerifyOptions,
): Promise<void> {
  const { app, out } = session;
  if ((file === undefined) === (database !== true)) {
    throw new CliFault('file_or_database', out.text('fault.file_or_database'));
  }
  const verify = app.get(VerifyRegistry);
  const expected = head === undefined ? undefined : readHead(session, head);
  const report = file
    ? await verify.lines(await linesOf(session, file), expected)
    : await verify.database(expected);
  show(session, report);
  if (!report.ok) throw new CliFault('registry_damaged', out.text('fault.registry_damaged'));
}

async function linesOf({ out }: Session, file: string): Promise<AsyncIterable<string>> {
  await access(file).catch(() => {
    throw new CliFault('file_not_found', out.text('fault.file_not_found', { file }));
  });
  return createInterface({ input: createReadStream(file), crlfDelay: Infinity });
}

function readHead({ out }: Session, text: string): ChainHead {
  const [, position, hash] = /^(\d+):([0-9a-f]{64})$/.exec(text) ?? [];
  if (!position || !hash) throw new CliFault('invalid_head', out.text('fault.invalid_head'));
  return { position: Number(position), hash };
}

function show(
  { out }: Session,
  { ok, checked, head, faults, gates, unsealed }: VerifyReport,
): void {
  if (ok) out.say('ledger.whole', { count: out.number(checked) });
  if (gates !== undefined) out.say('ledger.gates', { count: out.number(gates) });
  if (unsealed) out.say('ledger.unsealed', { count: out.number(unsealed) });
  for (const { code, position } of faults.slice(0, SHOWN)) {
    out.say(position === null ? 'ledger.fault' : 'ledger.faultAt', {
      fault: out.text(`chain.${code}`),
      code,
      position,
    });
  }
  if (faults.length > SHOWN) {
    out.say('ledger.moreFaults', { count: out.number(faults.length - SHOWN) });
  }
  out.say('ledger.head', { head: `${head.position}:${head.hash}` });
}
