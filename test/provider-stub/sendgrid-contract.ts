/** The part of SendGrid's v3 mail/send that we use, as its API description of 2026-01 has it. */
export interface MailSend {
  personalizations: {
    to: { email: string; name?: string }[];
    cc?: unknown;
    bcc?: unknown;
    subject?: string;
    headers?: Record<string, string>;
    substitutions?: Record<string, string>;
    custom_args?: Record<string, string>;
    send_at?: number;
  }[];
  from: { email: string; name?: string };
  reply_to?: { email: string; name?: string };
  subject?: string;
  content: { type: string; value: string }[];
  headers?: Record<string, string>;
  custom_args?: Record<string, string>;
  tracking_settings?: Record<string, { enable: boolean; enable_text?: boolean }>;
  mail_settings?: unknown;
  asm?: unknown;
  send_at?: number;
  categories?: string[];
}

export interface ApiError {
  message: string;
  field: string | null;
  help: null;
}

const RESERVED =
  /^(x-sg-id|x-sg-eid|received|dkim-signature|content-type|content-transfer-encoding|to|from|subject|reply-to|cc|bcc)$/i;
const ADDRESS = /^[^\s@<>"]+@[^\s@<>".]+(\.[^\s@<>".]+)+$/;

/** The faults for which SendGrid refuses a whole request with 400. */
export function faultsOf(mail: MailSend): ApiError[] {
  const faults: ApiError[] = [];
  const fault = (field: string | null, message: string) =>
    faults.push({ message, field, help: null });
  const list = mail.personalizations ?? [];
  if (list.length === 0) fault('personalizations', 'The personalizations field is required.');
  if (list.length > 1000) fault('personalizations', 'At most 1000 personalizations.');
  if (!mail.content?.length)
    fault('content', 'The content value must be a string at least one character in length.');
  if (!ADDRESS.test(mail.from?.email ?? ''))
    fault('from.email', 'Does not contain a valid address.');
  const seen = new Set<string>();
  list.forEach((one, index) => {
    const at = `personalizations.${index}`;
    if (!one.to?.length) fault(`${at}.to`, 'The to array is required.');
    one.to?.forEach(({ email }, place) => {
      if (!ADDRESS.test(email))
        fault(`${at}.to.${place}.email`, 'Does not contain a valid address.');
      const key = email.toLowerCase();
      if (seen.has(key))
        fault(
          'personalizations',
          'Each email address in the personalization block should be unique.',
        );
      seen.add(key);
    });
    if (!one.subject && !mail.subject) fault(`${at}.subject`, 'The subject is required.');
    if (bytes(one.substitutions) > 10_000)
      fault(`${at}.substitutions`, 'Substitutions are larger than 10000 bytes.');
    if (bytes(one.custom_args) + bytes(mail.custom_args) > 10_000)
      fault(`${at}.custom_args`, 'Larger than 10000 bytes.');
    for (const name of Object.keys({ ...mail.headers, ...one.headers })) {
      if (RESERVED.test(name)) fault(`${at}.headers`, `The header ${name} is reserved.`);
    }
  });
  return faults;
}

function bytes(pairs: Record<string, string> = {}): number {
  return Object.entries(pairs).reduce(
    (sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value),
    0,
  );
}

/** A mail as its recipient would get it. */
export interface DeliveredMail {
  messageId: string;
  to: string;
  subject: string;
  headers: Record<string, string>;
  text: string;
  html: string;
}

/** What each recipient of an accepted request is sent: substitutions replaced, headers merged. */
export function deliveredMails(mail: MailSend): DeliveredMail[] {
  const part = (type: string) => mail.content.find((content) => content.type === type)?.value ?? '';
  return mail.personalizations.map((one) => {
    const fill = (text: string) =>
      Object.entries(one.substitutions ?? {}).reduce(
        (filled, [key, value]) => filled.replaceAll(key, () => value),
        text,
      );
    return {
      messageId: one.custom_args?.message_id ?? '',
      to: one.to[0]?.email ?? '',
      subject: fill(one.subject ?? mail.subject ?? ''),
      headers: { ...mail.headers, ...one.headers },
      text: fill(part('text/plain')),
      html: fill(part('text/html')),
    };
  });
}
