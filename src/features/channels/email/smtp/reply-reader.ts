/** A server's reply: all its lines, with the code they share. */
export interface Reply {
  /** 0 when it is no reply at all. */
  code: number;
  text: string;
}

/** No reply is anywhere near this long; a server that goes on and on must not fill the memory. */
const MOST = 64 * 1024;

/** Puts what a socket gives together to replies (RFC 5321 4.2.1): a hyphen after the code says that lines follow. */
export class ReplyReader {
  private rest = '';
  private lines = '';

  constructor(private readonly heard: (reply: Reply) => void) {}

  read(chunk: Buffer): void {
    const text = this.rest + chunk.toString('latin1');
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      const line = text.slice(from, end).trimEnd();
      from = end + 1;
      if (line !== '') this.line(line);
    }
    this.rest = text.slice(from);
    if (this.rest.length + this.lines.length > MOST) {
      this.rest = this.lines = '';
      this.heard({ code: 0, text: '' });
    }
  }

  private line(line: string): void {
    this.lines = this.lines === '' ? line : `${this.lines}\n${line}`;
    if (line[3] === '-') return;
    const text = this.lines;
    this.lines = '';
    this.heard({ code: /^[2-5]\d\d(?: |$)/.test(line) ? Number(line.slice(0, 3)) : 0, text });
  }
}
