/** A text's bytes: `slab` from `start` to `end`. The byte before `start` is a comma. */
export interface Piece {
  slab: Buffer;
  start: number;
  end: number;
}

const SLAB_BYTES = 64 * 1024;
const COMMA = 0x2c;

/**
 * Texts as UTF-8, written one after the other into slabs. A request of a thousand recipients is then never one string
 * of megabytes, nor thousands that outlive the collector's nursery: that was half of what the worker allocated.
 */
export class Slabs {
  private slab = Buffer.alloc(0);
  private end = 0;

  append(text: string): Piece {
    // A UTF-16 unit is at most three bytes of UTF-8.
    const most = text.length * 3 + 1;
    if (this.slab.length - this.end < most) {
      this.slab = Buffer.allocUnsafeSlow(Math.max(SLAB_BYTES, most));
      this.end = 0;
    }
    this.slab[this.end] = COMMA;
    const start = this.end + 1;
    this.end = start + this.slab.write(text, start);
    return { slab: this.slab, start, end: this.end };
  }
}

/** The pieces with a comma between each two; those that lie side by side are one chunk. */
export function commaSeparated(pieces: readonly Piece[]): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  let run: Piece | undefined;
  for (const piece of pieces) {
    if (run?.slab === piece.slab && run.end === piece.start - 1) {
      run.end = piece.end;
      continue;
    }
    if (run) chunks.push(run.slab.subarray(run.start, run.end));
    run = { ...piece, start: chunks.length === 0 && !run ? piece.start : piece.start - 1 };
  }
  if (run) chunks.push(run.slab.subarray(run.start, run.end));
  return chunks;
}
