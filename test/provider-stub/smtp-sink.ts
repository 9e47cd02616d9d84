import type { AddressInfo, Socket } from 'node:net';
import { simpleParser, type ParsedMail } from 'mailparser';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { accountOf, Ledger, type Account, type LedgerOptions } from './ledger';

/** How the sink behaves. */
export type SmtpMode =
  | { kind: 'accept'; delayMs?: number }
  /** Answers `code` to RCPT TO of these addresses. */
  | { kind: 'refuse_recipients'; addresses: readonly string[]; code: number }
  /** Answers `code` to MAIL FROM. */
  | { kind: 'refuse_sender'; code: number }
  /** Answers `code` to the final dot; the mail is not taken. */
  | { kind: 'refuse_data'; code: number }
  /** Takes the mail and drops the connection instead of answering the final dot. */
  | { kind: 'accept_then_drop' }
  /** Takes the mail and never answers the final dot. */
  | { kind: 'accept_then_hang' }
  /** Drops the connection on RCPT TO. */
  | { kind: 'drop_on_recipient' };

export interface SmtpEntry {
  kind: 'taken' | 'refused';
  to: string[];
  /** Message-ID without its brackets. */
  messageId: string;
}

export interface SmtpSinkOptions extends LedgerOptions {
  port?: number;
  /** Raw mails are kept unless this is false (long runs). */
  keepMails?: boolean;
  /** User name and password that are asked for. */
  login?: { user: string; password: string };
  /** Hides these SMTP extensions, for example PIPELINING. */
  hide?: string[];
}

/** An SMTP server that keeps its own account of what it took. */
export class SmtpSink {
  readonly ledger: Ledger<SmtpEntry>;
  readonly raw: Buffer[] = [];
  /** Sessions that were opened. */
  connections = 0;
  mode: SmtpMode = { kind: 'accept' };
  private readonly server: SMTPServer;
  private readonly sockets = new Map<number, Socket>();

  private constructor(private readonly options: SmtpSinkOptions) {
    this.ledger = new Ledger(options);
    const { login } = options;
    this.server = new SMTPServer({
      authOptional: !login,
      allowInsecureAuth: true,
      disabledCommands: ['STARTTLS', ...(login ? [] : ['AUTH'])],
      disableReverseLookup: true,
      ...(options.hide?.includes('PIPELINING') && { hidePIPELINING: true }),
      onConnect: (_session, callback) => {
        this.connections += 1;
        callback();
      },
      onAuth: (auth, _session, callback) => {
        if (auth.username === login?.user && auth.password === login?.password)
          callback(null, { user: auth.username });
        else callback(reply(535, 'Authentication failed'));
      },
      onMailFrom: (_address, _session, callback) =>
        callback(
          this.mode.kind === 'refuse_sender' ? reply(this.mode.code, 'Sender refused') : null,
        ),
      onRcptTo: ({ address }, session, callback) => {
        const { mode } = this;
        if (mode.kind === 'drop_on_recipient') return this.drop(session);
        const refused = mode.kind === 'refuse_recipients' && mode.addresses.includes(address);
        callback(refused ? reply(mode.code, `<${address}> refused`) : null);
      },
      onData: (stream, session, callback) => void this.take(stream, session, callback),
    });
    this.server.server.on('connection', (socket: Socket) => {
      const port = socket.remotePort ?? 0;
      this.sockets.set(port, socket);
      socket.once('close', () => this.sockets.delete(port));
    });
    // Clients that vanish in the middle are part of what is tested.
    this.server.on('error', () => undefined);
  }

  static async start(options: SmtpSinkOptions = {}): Promise<SmtpSink> {
    const sink = new SmtpSink(options);
    await new Promise<void>((resolve) =>
      sink.server.listen(options.port ?? 0, '127.0.0.1', resolve),
    );
    return sink;
  }

  get port(): number {
    return (this.server.server.address() as AddressInfo).port;
  }

  get url(): string {
    const { login } = this.options;
    return `smtp://${login ? `${login.user}:${login.password}@` : ''}127.0.0.1:${this.port}`;
  }

  /** What was taken, parsed. */
  async mails(): Promise<ParsedMail[]> {
    return Promise.all(this.raw.map((raw) => simpleParser(raw)));
  }

  /** How often each message was taken, by the part of its Message-ID before the @. */
  takenByMessage(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const { kind, messageId } of this.ledger.entries) {
      const id = messageId.split('@')[0] ?? '';
      if (kind === 'taken') counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    return counts;
  }

  account(): Account {
    return accountOf(this.takenByMessage());
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets.values()) socket.destroy();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.ledger.close();
  }

  /** smtp-server gives a session no way to hang up, so its socket is found by the caller's port. */
  private drop({ remotePort }: SMTPServerSession): void {
    this.sockets.get(remotePort)?.resetAndDestroy();
  }

  private async take(
    stream: SMTPServerDataStream,
    session: SMTPServerSession,
    callback: (error?: Error | null, message?: string) => void,
  ): Promise<void> {
    const raw = await readAll(stream);
    if (raw === null) return;
    const { mode } = this;
    const messageId = /^message-id:\s*<([^>]+)>/im.exec(raw.toString('latin1'))?.[1] ?? '';
    const to = session.envelope.rcptTo.map(({ address }) => address);
    if (mode.kind === 'refuse_data') {
      this.ledger.add({ kind: 'refused', to, messageId });
      return callback(reply(mode.code, 'Message refused'));
    }
    this.ledger.add({ kind: 'taken', to, messageId });
    if (this.options.keepMails !== false) this.raw.push(raw);
    if (mode.kind === 'accept_then_hang') return;
    if (mode.kind === 'accept_then_drop') return this.drop(session);
    if (mode.kind === 'accept' && mode.delayMs)
      await new Promise((resolve) => setTimeout(resolve, mode.delayMs));
    callback(null, `OK: queued as SINK${this.ledger.entries.length}`);
  }
}

function reply(code: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode: code });
}

async function readAll(stream: SMTPServerDataStream): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of stream) chunks.push(chunk as Buffer);
  } catch {
    // The caller went away before the final dot: nothing was taken.
    return null;
  }
  return Buffer.concat(chunks);
}
