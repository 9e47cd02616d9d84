import { createSign, generateKeyPairSync, randomUUID } from 'node:crypto';

export interface SendGridEvent {
  email?: string;
  timestamp: number;
  event: string;
  sg_event_id: string;
  sg_message_id?: string;
  [field: string]: unknown;
}

export interface SignedPost {
  headers: Record<string, string>;
  body: Buffer;
}

/** Makes event webhooks as SendGrid does: signed with its own key, CRLF between events, copies and no order. */
export class SendGridEvents {
  private readonly keys = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });

  /** The verification key as SendGrid's settings page shows it: base64 of SubjectPublicKeyInfo DER. */
  readonly publicKey = this.keys.publicKey
    .export({ type: 'spki', format: 'der' })
    .toString('base64');

  /** One event about one of our messages; `fields` add or replace, undefined removes. */
  event(
    kind: string,
    message: { messageId?: string; to?: string },
    fields: Record<string, unknown> = {},
  ): SendGridEvent {
    const id = randomUUID();
    const event: Record<string, unknown> = {
      email: message.to,
      timestamp: Math.floor(Date.now() / 1000),
      'smtp-id': `<${id}@stub.example>`,
      event: kind,
      sg_event_id: Buffer.from(id).toString('base64url'),
      sg_message_id: `stub-${message.messageId ?? id}.recvd-0`,
      ...(message.messageId && { message_id: message.messageId }),
      ...EXTRA[kind],
      ...fields,
    };
    return JSON.parse(JSON.stringify(event)) as SendGridEvent;
  }

  /** The bytes of one post and their signature, made over timestamp and body as SendGrid does. */
  sign(events: SendGridEvent[], timestamp = Math.floor(Date.now() / 1000)): SignedPost {
    const body = Buffer.from(`[${events.map((event) => JSON.stringify(event)).join(',\r\n')}]\r\n`);
    const signature = createSign('sha256')
      .update(String(timestamp))
      .update(body)
      .sign(this.keys.privateKey, 'base64');
    return {
      body,
      headers: {
        'Content-Type': 'application/json;charset=utf-8',
        'User-Agent': 'SendGrid Event API',
        'X-Twilio-Email-Event-Webhook-Signature': signature,
        'X-Twilio-Email-Event-Webhook-Timestamp': String(timestamp),
      },
    };
  }

  /** Events in posts of at most `bytes` (SendGrid: 768 KB). */
  posts(events: SendGridEvent[], bytes = 768 * 1024): SignedPost[] {
    const groups: SendGridEvent[][] = [];
    let size = Infinity;
    for (const event of events) {
      const length = Buffer.byteLength(JSON.stringify(event)) + 3;
      if (size + length > bytes) {
        groups.push([]);
        size = 3;
      }
      groups.at(-1)?.push(event);
      size += length;
    }
    return groups.map((group) => this.sign(group));
  }

  /** Posts the events to a webhook; returns the statuses. */
  async post(url: string, events: SendGridEvent[]): Promise<number[]> {
    const statuses: number[] = [];
    for (const { headers, body } of this.posts(events)) {
      statuses.push(
        (
          await fetch(url, {
            method: 'POST',
            headers,
            body: new Uint8Array(body),
            redirect: 'manual',
          })
        ).status,
      );
    }
    return statuses;
  }
}

/** Copies of every event, and all of them in another order, the same for the same seed. */
export function scrambled<T>(events: readonly T[], copies = 1, seed = 1): T[] {
  const all = Array.from({ length: copies }, () => [...events]).flat();
  let state = seed;
  for (let last = all.length - 1; last > 0; last -= 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const other = state % (last + 1);
    [all[last], all[other]] = [all[other]!, all[last]!];
  }
  return all;
}

const EXTRA: Record<string, Record<string, unknown>> = {
  delivered: { response: '250 2.0.0 OK', tls: 1 },
  bounce: {
    type: 'bounce',
    status: '5.1.1',
    reason: '550 5.1.1 User unknown',
    bounce_classification: 'Invalid Address',
  },
  blocked: {
    event: 'bounce',
    type: 'blocked',
    status: '4.7.1',
    reason: '451 4.7.1 Try again later',
  },
  deferred: { response: '451 4.7.1 Greylisted', attempt: '1' },
  dropped: { reason: 'Bounced Address', status: '5.0.0' },
};
