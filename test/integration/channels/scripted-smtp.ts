import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A conversation with one client, command by command; '.' stands for the end of a message. */
export interface Talk {
  number: number;
  socket: Socket;
  /** Commands since the connection was made. */
  commands: string[];
  /** What had come behind each message when it ended. */
  behind: string[];
}

/** What to answer: nothing for what an ordinary server would say, null for silence. */
export type Script = (command: string, talk: Talk) => string | null | undefined;

const ORDINARY: Record<string, string> = {
  EHLO: '250-scripted.example\r\n250-PIPELINING\r\n250 SIZE 100000',
  DATA: '354 go on',
  QUIT: '221 bye',
};

/** An SMTP server that says exactly what a test wants said, for what no well-behaved server does. */
export class ScriptedSmtp {
  readonly talks: Talk[] = [];
  /** Texts of all messages that came to their end, and of those that were answered with 250. */
  readonly ended: string[] = [];
  readonly taken: string[] = [];
  /** Answers byte by byte. */
  piecemeal = false;
  private constructor(
    private readonly server: Server,
    private readonly script: Script,
  ) {
    server.on('connection', (socket) => this.converse(socket));
  }

  static async start(script: Script): Promise<ScriptedSmtp> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new ScriptedSmtp(server, script);
  }

  get url(): string {
    return `smtp://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** How often each message was taken, by the part of its Message-ID before the @. */
  get times(): Map<string, number> {
    const times = new Map<string, number>();
    for (const text of this.taken) {
      const id = /^Message-ID: <([^@]+)@/m.exec(text)?.[1] ?? '';
      times.set(id, (times.get(id) ?? 0) + 1);
    }
    return times;
  }

  async stop(): Promise<void> {
    for (const { socket } of this.talks) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private converse(socket: Socket): void {
    const talk: Talk = { number: this.talks.length, socket, commands: [], behind: [] };
    this.talks.push(talk);
    let text = '';
    let inMessage = false;
    socket.setNoDelay(true).on('error', () => socket.destroy());
    socket.write('220 scripted.example\r\n');
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      while (!socket.destroyed) {
        // The end of a message without text is a dot right after DATA.
        const end = inMessage
          ? text.startsWith('.\r\n')
            ? -2
            : text.indexOf('\r\n.\r\n')
          : text.indexOf('\r\n');
        if (end === -1) return;
        const command = inMessage ? '.' : text.slice(0, end);
        const message = text.slice(0, Math.max(0, end));
        text = text.slice(end + (inMessage ? 5 : 2));
        talk.commands.push(command);
        if (inMessage) {
          this.ended.push(message);
          talk.behind.push(text);
        }
        const answer = this.script(command, talk);
        const said = answer === undefined ? (ORDINARY[command.split(' ')[0]!] ?? '250 ok') : answer;
        if (inMessage && said?.startsWith('250')) this.taken.push(message);
        inMessage = said?.startsWith('354') ?? false;
        if (said !== null && !socket.destroyed) this.say(socket, `${said}\r\n`);
      }
    });
  }

  private say(socket: Socket, text: string): void {
    if (!this.piecemeal) return void socket.write(text, 'latin1');
    for (const letter of text) socket.write(letter, 'latin1');
  }
}
