import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createTestDatabase, type TestDatabase } from './database';

/** The cable between a process and its database: it can be pulled, and put back. */
export class Cable {
  private server: Server | null = null;
  private port = 0;
  private readonly sockets = new Set<Socket>();
  private frozen = false;

  private constructor(
    readonly database: TestDatabase,
    private readonly target: URL,
  ) {}

  /** A fresh test database at the far end. */
  static async toNewDatabase(): Promise<Cable> {
    const database = await createTestDatabase();
    const cable = new Cable(database, new URL(database.url));
    await cable.plugIn();
    return cable;
  }

  /** The near end: what the process is told is the database. */
  get url(): string {
    const url = new URL(this.target);
    url.hostname = '127.0.0.1';
    url.port = String(this.port);
    return url.href;
  }

  /** Nothing passes, and nobody is told: as when a router between them drops every packet. Until it is pulled. */
  freeze(): void {
    this.frozen = true;
    for (const socket of this.sockets) socket.unpipe().pause();
  }

  /** Every connection is cut, and none can be made: as when the server, or the way to it, is gone. */
  async pull(): Promise<void> {
    const closed = new Promise((resolve) => this.server!.close(resolve));
    for (const socket of this.sockets) socket.resetAndDestroy();
    await closed;
  }

  /** Afterwards there is neither cable nor database. */
  async drop(): Promise<void> {
    await this.pull();
    await this.database.drop();
  }

  async plugIn(): Promise<void> {
    this.frozen = false;
    this.server = createServer((near) => {
      const far = connect(Number(this.target.port || 5432), this.target.hostname);
      this.join(near, far);
      this.join(far, near);
    });
    await new Promise<void>((resolve) => this.server!.listen(this.port, '127.0.0.1', resolve));
    this.port = (this.server.address() as AddressInfo).port;
  }

  private join(from: Socket, to: Socket): void {
    this.sockets.add(from);
    from.setNoDelay(true);
    if (!this.frozen) from.pipe(to);
    from.on('error', () => to.destroy());
    from.on('close', () => {
      this.sockets.delete(from);
      to.destroy();
    });
  }
}
