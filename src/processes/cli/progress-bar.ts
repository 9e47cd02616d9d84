import type { CliIo } from './io';

const WIDTH = 28;
const STEP = 0.1;

/** A bar that stays on one line of a terminal; in a file or a pipe, one line per tenth. */
export class ProgressBar {
  private told = -1;
  private drawn = false;

  constructor(private readonly out: CliIo['stdout']) {}

  update(done: number, total: number, text: string): void {
    const share = total > 0 ? Math.min(1, done / total) : 0;
    if (this.out.isTTY) {
      const full = Math.round(share * WIDTH);
      const bar = '█'.repeat(full) + '░'.repeat(WIDTH - full);
      const line = ` ${bar} ${percent(share)}  ${text}`;
      // Erasing to the end of the line, because this one may be shorter than the last.
      this.out.write(`\r${line.slice(0, (this.out.columns ?? 80) - 1)}\u001b[K`);
      this.drawn = true;
      return;
    }
    const tenth = Math.floor(share / STEP);
    if (tenth === this.told) return;
    this.told = tenth;
    this.out.write(`${percent(share)}  ${text}\n`);
  }

  end(): void {
    if (this.drawn) this.out.write('\n');
    this.drawn = false;
  }
}

function percent(share: number): string {
  return `${String(Math.floor(share * 100)).padStart(3)} %`;
}
