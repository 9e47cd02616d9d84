import { AsyncLocalStorage } from 'node:async_hooks';
import type { Twilio } from 'twilio';
import type { RequestOptions } from 'twilio/lib/base/RequestClient';
import type { Exchange, GatedHttps } from '../../gated-https';
import type { Timing } from '../../hand-over';
import type { SmsRecipient } from '../sms-channel';

export interface TwilioAccess {
  accountSid: string;
  authToken: string;
  /** One of the two. */
  messagingServiceSid?: string;
  from?: string;
  /** Where Twilio tells what became of a message; the message's id is added. */
  statusUrl: string;
}

/** A request under way: its time, and what came back. */
interface Asked extends Timing {
  exchange?: Exchange;
}

/** Loaded when there is a Twilio to write to: the SDK takes a fifth of a second, and no other process needs it. */
const sdk = () => require('twilio') as typeof import('twilio');

/**
 * Creates messages with the SDK over our own connections. The SDK builds and authenticates the request; its transport
 * (axios) is replaced because it cannot say whether a byte left, nor refuse to write after `startBy`, and because it
 * would throw away answers that it cannot make sense of.
 */
export class TwilioMessages {
  private readonly asked = new AsyncLocalStorage<Asked>();
  private readonly client: Twilio;

  constructor(
    private readonly access: TwilioAccess,
    private readonly https: GatedHttps,
  ) {
    const { RequestClient, Twilio } = sdk();
    const httpClient = new RequestClient({ autoRetry: false });
    httpClient.request = (options) => this.request(options);
    this.client = new Twilio(access.accountSid, access.authToken, { httpClient });
  }

  /** One request, and what came of it. */
  async create(message: SmsRecipient, timing: Timing): Promise<Exchange> {
    const { messagingServiceSid, from, statusUrl } = this.access;
    const asked: Asked = { ...timing };
    await this.asked.run(asked, () =>
      this.client.messages.create({
        to: message.to,
        body: message.body,
        ...(messagingServiceSid ? { messagingServiceSid } : { from }),
        validityPeriod: message.validSeconds,
        // Our own id, which the signature of the callback covers: it is understood even if we never learn the SID.
        statusCallback: `${statusUrl}?mid=${message.messageId}`,
        smartEncoded: false,
        shortenUrls: false,
      }),
    );
    return asked.exchange ?? { kind: 'not_written', code: 'not_attempted' };
  }

  private async request<Data>({ uri, username, password, data }: RequestOptions<Data>) {
    const asked = this.asked.getStore()!;
    const login = Buffer.from(`${username}:${password}`).toString('base64');
    asked.exchange = await this.https.exchange({
      method: 'POST',
      path: new URL(uri).pathname,
      headers: {
        Accept: 'application/json',
        Authorization: `Basic ${login}`,
        'Content-Type': 'application/x-www-form-urlencoded',
      },
      body: [Buffer.from(toForm(data as FormData))],
      startBy: asked.startBy,
      deadline: asked.deadline,
    });
    // The SDK is told that all is well: the answer is read by ourselves.
    return { statusCode: 201, body: '{}' as Data, headers: {} };
  }
}

type FormData = Record<string, string | number | boolean | undefined>;

function toForm(data: FormData): string {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(data)) {
    if (value !== undefined) form.append(name, String(value));
  }
  return form.toString();
}
