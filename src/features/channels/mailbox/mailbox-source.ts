import { encodeText } from '../email/mail-headers';
import { encodePiece } from '../email/quoted-printable';
import type { MailboxRow } from './mailbox.queries';

/** The URL of the message's List-Unsubscribe header, or null. */
export function unsubscribeUrlOf(mail: Pick<MailboxRow, 'headers'>): string | null {
  const value = mail.headers.find(([name]) => name === 'List-Unsubscribe')?.[1] ?? '';
  return /^<(https?:[^>]+)>/.exec(value)?.[1] ?? null;
}

/** The message as it would look on the wire. */
export function rawSource(mail: MailboxRow): string {
  const boundary = `=_mailbox_${mail.id.slice(-12)}`;
  const part = (type: string, text: string) =>
    `--${boundary}\r\nContent-Type: ${type}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n` +
    `${encodePiece(text)}\r\n`;
  const head = [
    ...mail.headers,
    ['Subject', encodeText(mail.subject)],
    ['Date', mail.at.toUTCString().replace('GMT', '+0000')],
    ['MIME-Version', '1.0'],
    ['Content-Type', `multipart/alternative; boundary="${boundary}"`],
  ];
  return (
    head.map(([name, value]) => `${name}: ${value}\r\n`).join('') +
    '\r\n' +
    part('text/plain', mail.text) +
    (mail.html === null ? '' : part('text/html', mail.html)) +
    `--${boundary}--\r\n`
  );
}

/** The mail's HTML with its links opening beside the viewer instead of inside its frame. */
export function viewableHtml(html: string): string {
  const base = '<base target="_blank">';
  return /<head[^>]*>/i.test(html) ? html.replace(/<head[^>]*>/i, `$&${base}`) : base + html;
}
