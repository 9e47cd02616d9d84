import { randomUUID } from 'node:crypto';

export const INBOUND_SECRET = 'a-secret-for-the-mail-that-comes-in';

/** A mail that somebody writes to us; what is left out is as a person's mail program has it. */
export interface IncomingMail {
  from: string;
  subject: string;
  to?: string;
  text?: string;
  html?: string;
  /** MAIL FROM; default: the address in `from`. */
  returnPath?: string;
  /** Header lines beside the usual ones. */
  headers?: string[];
  messageId?: string;
  /** Of `text`, as SendGrid would name it; the bytes are then in it. */
  charset?: 'utf-8' | 'iso-8859-1';
  attachments?: { name: string; bytes: Buffer }[];
  /** With "POST the raw, full MIME message" switched on. */
  raw?: boolean;
}

export interface InboundPost {
  headers: Record<string, string>;
  body: Buffer;
}

/** The post that SendGrid's Inbound Parse makes of a mail. */
export function inboundPost(mail: IncomingMail): InboundPost {
  const { from, subject, to = 'avsluta@svar.example', text = '', charset = 'utf-8' } = mail;
  const address = /<([^<>]*)>/.exec(from)?.[1] ?? from;
  const lines = [
    'Received: by mx.example.com with ESMTP id abc; Mon, 23 Nov 2026 10:00:00 +0000 (UTC)',
    `Message-ID: <${mail.messageId ?? randomUUID()}@mail.example.com>`,
    `From: ${from}`,
    `To: ${to}`,
    `Subject: ${subject}`,
    'MIME-Version: 1.0',
    ...(mail.headers ?? ['Content-Type: text/plain; charset="utf-8"']),
  ].join('\n');
  const envelope = JSON.stringify({ to: [to], from: mail.returnPath ?? address });
  const common = { to, from, subject, envelope, SPF: 'pass', sender_ip: '203.0.113.4' };
  const fields: Record<string, string> = mail.raw
    ? { ...common, email: `${lines}\n\n${text}` }
    : {
        ...common,
        headers: lines,
        dkim: '{@example.com : pass}',
        spam_score: '0.1',
        attachments: String(mail.attachments?.length ?? 0),
        ...(mail.text !== undefined && { text }),
        ...(mail.html !== undefined && { html: mail.html }),
        charsets: JSON.stringify({ to: 'UTF-8', subject: 'UTF-8', from: 'UTF-8', text: charset }),
      };
  return multipart(fields, charset, mail.attachments);
}

function multipart(
  fields: Record<string, string>,
  charset: string,
  attachments: IncomingMail['attachments'] = [],
): InboundPost {
  const boundary = `xYzZY-${randomUUID()}`;
  const parts = Object.entries(fields).flatMap(([name, value]) => [
    Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n`),
    Buffer.from(value, name === 'text' && charset === 'iso-8859-1' ? 'latin1' : 'utf8'),
    Buffer.from('\r\n'),
  ]);
  const files = attachments.flatMap(({ name, bytes }, n) => [
    Buffer.from(
      `--${boundary}\r\nContent-Disposition: form-data; name="attachment${n + 1}"; filename="${name}"\r\n` +
        'Content-Type: image/png\r\n\r\n',
    ),
    bytes,
    Buffer.from('\r\n'),
  ]);
  return {
    headers: {
      'content-type': `multipart/form-data; boundary=${boundary}`,
      'user-agent': 'Twilio-SendGrid',
    },
    body: Buffer.concat([...parts, ...files, Buffer.from(`--${boundary}--\r\n`)]),
  };
}

/** As SendGrid would, to the service at `url`. */
export function postMail(url: string, mail: IncomingMail): Promise<Response> {
  const { headers, body } = inboundPost(mail);
  return fetch(`${url}/webhooks/sendgrid/inbound/${INBOUND_SECRET}`, {
    method: 'POST',
    headers,
    body: new Uint8Array(body),
  });
}
