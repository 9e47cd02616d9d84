import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { SendGridStub, type SendGridMode } from './sendgrid-stub';
import { SmtpSink, type SmtpMode } from './smtp-sink';

/**
 * A stub as a process of its own, so that it survives what is done to the product:
 * `node -r ./test/provider-stub/register.js ./test/provider-stub/serve.ts sendgrid --ledger FILE --fsync`.
 * Says where it is in one line of JSON; each line of JSON it reads is a new mode (or `{"next": […]}`, the modes of
 * the coming requests), an empty line asks for its account.
 */
async function serve(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      port: { type: 'string', default: '0' },
      ledger: { type: 'string' },
      fsync: { type: 'boolean', default: false },
      links: { type: 'boolean', default: false },
    },
  });
  const options = {
    port: Number(values.port),
    fsync: values.fsync,
    keepMails: false,
    keepLinks: values.links,
    ...(values.ledger && { file: values.ledger }),
  };
  const stub =
    positionals[0] === 'smtp' ? await SmtpSink.start(options) : await SendGridStub.start(options);
  const say = (fact: object) => process.stdout.write(JSON.stringify(fact) + '\n');
  say({ url: stub.url, ...(stub instanceof SendGridStub && { publicKey: stub.events.publicKey }) });
  createInterface({ input: process.stdin }).on('line', (line) => {
    if (line.trim() === '') return say(stub.account());
    const told = JSON.parse(line) as (SendGridMode & SmtpMode) | { next: SendGridMode[] };
    if ('next' in told) {
      if (stub instanceof SendGridStub) stub.answerNext(...told.next);
      return say(told);
    }
    stub.mode = told;
    say({ mode: stub.mode });
  });
  process.stdin.on('end', () => process.exit(0));
}

void serve();
