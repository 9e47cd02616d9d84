import { PassThrough } from 'node:stream';
import type { CliIo } from '../../src/processes/cli/io';
import { runCli } from '../../src/processes/cli/run-cli';

export interface CliAnswer {
  code: number;
  out: string;
  err: string;
}

/**
 * One call of the operator's tool, in this process. `typed` is what somebody at a keyboard answers, `piped` what
 * another program gives it.
 */
export async function utskick(
  settings: Record<string, string>,
  args: string[],
  typed?: string,
  piped?: string,
): Promise<CliAnswer> {
  const [stdout, stderr, stdin] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const out = collect(stdout);
  const err = collect(stderr);
  if (typed !== undefined) stdin.write(`${typed}\n`);
  if (piped !== undefined) stdin.end(piped);
  const io: CliIo = {
    stdout,
    stderr,
    stdin: Object.assign(stdin, { isTTY: typed !== undefined }),
    settings,
  };
  const code = await runCli(['--language', 'en', ...args], io);
  return { code, out: out(), err: err() };
}

function collect(stream: PassThrough): () => string {
  const pieces: Buffer[] = [];
  stream.on('data', (piece: Buffer) => pieces.push(piece));
  return () => Buffer.concat(pieces).toString();
}
