import { performance } from 'node:perf_hooks';
import type { EmailContent, EmailRecipient } from '../src/features/channels/email/email-channel';
import { SmtpChannel } from '../src/features/channels/email/smtp/smtp.channel';
import { newId } from '../src/platform/ids';
import { finish, type SmtpOrder } from './smtp-order';

const PER_CALL = 500;
const CALLS = 4;

/** About 20 KB with ten holes in the HTML and three in the text. */
const PARAGRAPH =
  '<p style="margin:0 0 16px;font-family:Arial,sans-serif">Åtta nya kurser för dig som vill lära dig något nytt.</p>\n';
const CONTENT: EmailContent = {
  htmlPieces: Array.from({ length: 11 }, () => PARAGRAPH.repeat(13)),
  textPieces: Array.from({ length: 4 }, () => 'Åtta nya kurser för dig.\n'.repeat(25)),
  nonce: 'k3v9x2',
  from: { email: 'kurser@larkraft.example', name: 'Lärkraft' },
  replyTo: { email: 'kundtjanst@larkraft.example', name: 'Kundtjänst' },
  listId: 'Kurstips <kurstips.larkraft.example>',
  kind: 'marketing',
  campaignId: newId(),
};

function recipient(number: number): EmailRecipient {
  const link = (path: string) =>
    `https://utskick.larkraft.example/${path}/${String(number).padStart(22, 'T')}`;
  const own = [`Åsa ${number}`, 'Malmö', 'HR-chef', 'Kurstips', link('view'), link('why')];
  return {
    messageId: newId(),
    to: `person.${number}@foretag.example`,
    toName: 'Åsa Lindqvist',
    subject: `Åsa, höstens kurser för Exempelföretaget ${number % 500} AB`,
    htmlHoles: [...own, ...own.slice(0, 3), link('u')],
    textHoles: [`Åsa ${number}`, 'Malmö', link('u')],
    unsubscribeUrl: link('u'),
  };
}

/** The product's SMTP channel alone, called as delivery calls it, with recipients rendered beforehand. */
async function run({ port, messages, sessions }: SmtpOrder): Promise<void> {
  const url = `smtp://127.0.0.1:${port}?maxConnections=${sessions}`;
  const channel = new SmtpChannel({ url }, { now: () => new Date() });
  let begun = 0;
  const lane = async () => {
    while (begun < messages) {
      const count = Math.min(PER_CALL, messages - begun);
      const recipients = Array.from({ length: count }, (_, n) => recipient(begun + n));
      begun += count;
      const now = performance.now();
      const times = { startBy: now + 60_000, deadline: now + 70_000 };
      const outcomes = await channel.handOver({ content: CONTENT, recipients, ...times });
      const other = outcomes.find(({ kind }) => kind !== 'accepted');
      if (other) throw new Error(JSON.stringify(other));
    }
  };
  await Promise.all(Array.from({ length: CALLS }, lane));
  channel.close();
}

finish(run);
