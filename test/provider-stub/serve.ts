import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { SendGridStub, type SendGridMode, type SendGridStubOptions } from './sendgrid-stub';
import { SmtpSink, type SmtpMode } from './smtp-sink';
import { TwilioStub, type TwilioMode, type TwilioStubOptions } from './twilio-stub';

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
    keepMessages: false,
    keepLinks: values.links,
    ...(values.ledger && { file: values.ledger }),
  };
  const stub = await start(positionals[0], options);
  const say = (fact: object) => process.stdout.write(JSON.stringify(fact) + '\n');
  say({ url: stub.url, ...(stub instanceof SendGridStub && { publicKey: stub.events.publicKey }) });
  createInterface({ input: process.stdin }).on('line', (line) => {
    if (line.trim() === '') return say(stub.account());
    const told = JSON.parse(line) as Mode | { next: Mode[] };
    if ('next' in told) {
      if (!(stub instanceof SmtpSink)) stub.answerNext(...told.next);
      return say(told);
    }
    stub.mode = told;
    say({ mode: stub.mode });
  });
  process.stdin.on('end', () => process.exit(0));
}

type Mode = SendGridMode & SmtpMode & TwilioMode;
type Options = SendGridStubOptions & TwilioStubOptions;

function start(
  kind: string | undefined,
  options: Options,
): Promise<SendGridStub | SmtpSink | TwilioStub> {
  if (kind === 'twilio') return TwilioStub.start(options);
  return kind === 'smtp' ? SmtpSink.start(options) : SendGridStub.start(options);
}

void serve();
