import { connect } from 'node:net';
import { finish, type SmtpOrder } from './smtp-order';

/**
 * The bare work of an SMTP client: the sink's own sample again and again, over as many sockets as asked for, without a look at
 * what is sent. Pipelined as far as RFC 2920 allows: a message and the commands of the next in one write.
 */
function run({ port, messages, sessions, sample }: SmtpOrder): Promise<void> {
  let begun = 0;
  let done = 0;
  const commands = () => {
    begun += 1;
    return `MAIL FROM:<kurser@larkraft.example>\r\nRCPT TO:<person.${begun}@foretag.example>\r\nDATA\r\n`;
  };
  return new Promise((resolve, reject) => {
    const socketOf = () => {
      const socket = connect(port, '127.0.0.1').setNoDelay(true).once('error', reject);
      let rest = '';
      const answer = (line: string) => {
        if (line.startsWith('220')) socket.write('EHLO bare.example\r\n');
        else if (line.startsWith('250 SIZE') && begun < messages) socket.write(commands());
        else if (line.startsWith('354')) {
          const next = begun < messages ? commands() : '';
          socket.cork();
          socket.write(sample);
          socket.write(`.\r\n${next}`, 'latin1');
          socket.uncork();
        } else if (line.includes('queued') && (done += 1) === messages) resolve();
      };
      socket.on('data', (chunk) => {
        const lines = (rest + chunk.toString('latin1')).split('\r\n');
        rest = lines.pop()!;
        lines.forEach(answer);
      });
    };
    for (let n = 0; n < sessions; n += 1) socketOf();
  });
}

finish(run);
