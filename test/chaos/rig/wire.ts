import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** Postgres' simple query, as `pg` sends it. */
const COMMIT = Buffer.from('COMMIT\0');

/** The wire between one process and one server: it can be cut, go dead, or lose the answer to a COMMIT. */
export class Wire {
  private server: Server | null = null;
  private near = 0;
  private frozen = false;
  private armed: (() => void) | null = null;
  private readonly pairs = new Set<{ near: Socket; far: Socket }>();

  private constructor(private readonly farPort: number) {}

  static async to(port: number): Promise<Wire> {
    const wire = new Wire(port);
    await wire.plugIn();
    return wire;
  }

  /** What the process is told is the server. */
  get port(): number {
    return this.near;
  }

  /** Every connection is reset, and none can be made. */
  async cut(): Promise<void> {
    const { server } = this;
    this.server = null;
    if (!server) return;
    const closed = new Promise((resolve) => server.close(resolve));
    this.resetAll();
    await closed;
  }

  async plugIn(): Promise<void> {
    if (this.server) return;
    const server = createServer((socket) => this.join(socket));
    // The port of a killed process may be in use for a moment by nobody we can name.
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.near, '127.0.0.1', resolve);
    });
    this.server = server;
    this.near = (server.address() as AddressInfo).port;
  }

  /** Nothing passes and nobody is told, as when a router drops every packet. */
  freeze(): void {
    this.frozen = true;
    for (const { near, far } of this.pairs) {
      near.pause();
      far.pause();
    }
  }

  /** What was held back arrives late. */
  thaw(): void {
    this.frozen = false;
    for (const { near, far } of this.pairs) {
      near.resume();
      far.resume();
    }
  }

  /** The next COMMIT reaches the server, and its answer nobody. Resolves false when none came in time. */
  loseNextCommitReply(milliseconds: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.armed = null;
        resolve(false);
      }, milliseconds);
      this.armed = () => {
        clearTimeout(timer);
        this.armed = null;
        resolve(true);
      };
    });
  }

  private resetAll(): void {
    for (const { near, far } of this.pairs) {
      near.resetAndDestroy();
      far.destroy();
    }
  }

  private join(near: Socket): void {
    const far = connect(this.farPort, '127.0.0.1');
    const pair = { near, far };
    this.pairs.add(pair);
    near.setNoDelay(true);
    far.setNoDelay(true);
    if (this.frozen) near.pause();
    near.on('data', (chunk: Buffer) => {
      if (this.armed && chunk.includes(COMMIT)) {
        this.armed();
        // The end follows the bytes: the server commits, and only then sees that nobody listens.
        far.end(chunk);
        near.resetAndDestroy();
        return;
      }
      far.write(chunk);
    });
    far.on('data', (chunk: Buffer) => {
      if (!near.destroyed) near.write(chunk);
    });
    near.on('end', () => far.end());
    far.on('end', () => near.end());
    near.on('error', () => undefined);
    far.on('error', () => near.destroy());
    near.on('close', () => {
      this.pairs.delete(pair);
      if (!far.writableEnded) far.destroy();
    });
    far.on('close', () => near.destroy());
  }
}
