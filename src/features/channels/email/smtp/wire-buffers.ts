/** Behind a message there is room for its final dot and the commands that begin the next. */
export const ROOM_BEHIND = 1024;

/** Kept for reuse: two for each session of a large pool. */
const MOST = 64;
const PAGE = 4096;

/**
 * Memory for messages on their way, used again and again: 20 KB anew for each of thousands a second would make the process
 * grow to several times what is in flight before it is collected.
 */
export class WireBuffers {
  private size = 0;
  private free: ArrayBuffer[] = [];

  /** A buffer of `length` bytes with ROOM_BEHIND in the memory behind it. */
  take(length: number): Buffer {
    if (length + ROOM_BEHIND > this.size) {
      this.size = Math.ceil(((length + ROOM_BEHIND) * 1.1) / PAGE) * PAGE;
      this.free = [];
    }
    return Buffer.from(this.free.pop() ?? new ArrayBuffer(this.size), 0, length);
  }

  /** Takes memory back. Nobody may read it any more: not even the socket. */
  give({ buffer }: Buffer): void {
    const fits = buffer instanceof ArrayBuffer && buffer.byteLength === this.size;
    if (fits && this.free.length < MOST) this.free.push(buffer);
  }
}
