import { Client } from '@sendgrid/client';
import type { ClientRequest } from '@sendgrid/client/src/request';
import type { ClientResponse } from '@sendgrid/client/src/response';
import { MailService, type MailDataRequired } from '@sendgrid/mail';
import type { Exchange, GatedHttps } from '../../gated-https';
import type { SendGridMail } from './sendgrid-mail';
import { commaSeparated, type Piece } from './slabs';

export interface SendGridAccess {
  apiKey: string;
  baseUrl: string;
}

export interface Timing {
  startBy: number;
  deadline: number;
}

/**
 * Sends one mail with @sendgrid/mail over our own connection. `personalizations` are in wire form (JSON, snake
 * case); the SDK builds, checks and authenticates the rest of the request; its transport (axios) is replaced
 * because it cannot say whether a byte left, nor refuse to write after `startBy`. Service and client live for one request, so no state can leak into the next.
 */
export async function sendMail(
  access: SendGridAccess,
  https: GatedHttps,
  mail: SendGridMail,
  personalizations: readonly Piece[],
  timing: Timing,
): Promise<Exchange> {
  const client = new OneRequest(access, https, personalizations, timing);
  const service = new MailService();
  service.setClient(client);
  // The SDK takes a finished Mail as it is (Mail.create), which its typings leave out.
  await service.send(mail as unknown as MailDataRequired);
  return client.exchange ?? { kind: 'not_written', code: 'not_attempted' };
}

class OneRequest extends Client {
  exchange?: Exchange;

  constructor(
    access: SendGridAccess,
    private readonly https: GatedHttps,
    private readonly personalizations: readonly Piece[],
    private readonly timing: Timing,
  ) {
    super();
    this.setApiKey(access.apiKey);
    this.setDefaultRequest('baseUrl', access.baseUrl);
  }

  override async request(data: ClientRequest): Promise<[ClientResponse, object]> {
    // The SDK passes the mail's own headers (List-Id …) on as HTTP headers; they do not belong there.
    const { url, headers } = this.createRequest({ ...data, headers: {} });
    this.exchange = await this.https.exchange({
      method: 'POST',
      path: url ?? '/v3/mail/send',
      headers: headers as Record<string, string>,
      body: toJson(data.body as MailBody, this.personalizations),
      ...this.timing,
    });
    return [{ statusCode: 0, body: {}, headers: {} }, {}];
  }
}

interface MailBody {
  content: object[];
  personalizations: object[];
}

const encodedParts = new WeakMap<object, Uint8Array>();

/** JSON with the large static parts, which thousands of requests share, encoded once each. */
function toJson(body: MailBody, personalizations: readonly Piece[]): Uint8Array[] {
  const rest = JSON.stringify({ ...body, content: undefined, personalizations: undefined });
  const chunks: Uint8Array[] = [
    Buffer.from(`${rest.slice(0, -1)},"personalizations":[`),
    ...commaSeparated(personalizations),
    Buffer.from('],"content":['),
  ];
  body.content.forEach((part, index) => {
    let encoded: Uint8Array | undefined = encodedParts.get(part);
    if (!encoded) encodedParts.set(part, (encoded = Buffer.from(JSON.stringify(part))));
    if (index > 0) chunks.push(Buffer.from(','));
    chunks.push(encoded);
  });
  chunks.push(Buffer.from(']}'));
  return chunks;
}
