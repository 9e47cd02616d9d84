import { createTransport } from 'nodemailer';
import { finish, type SmtpOrder } from './smtp-order';

/** nodemailer's own pool, sending a message that is ready: the sink's sample again and again. */
async function run({ port, messages, sessions, sample }: SmtpOrder): Promise<void> {
  const transport = createTransport({
    host: '127.0.0.1',
    port,
    pool: true,
    maxConnections: sessions,
    maxMessages: 1_000,
    ignoreTLS: true,
  });
  let begun = 0;
  const lane = async () => {
    while (begun < messages) {
      begun += 1;
      const envelope = { from: 'kurser@larkraft.example', to: `person.${begun}@foretag.example` };
      await transport.sendMail({ envelope, raw: sample });
    }
  };
  await Promise.all(Array.from({ length: sessions * 2 }, lane));
  transport.close();
}

finish(run);
