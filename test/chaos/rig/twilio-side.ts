import {
  statusCall,
  TWILIO,
  type SignedCall,
  type TakenSms,
  type TwilioEntry,
} from '../../provider-stub/twilio-stub';
import type { LedgerLine, Side, Told } from './provider';

interface ToldByTwilio extends Told {
  call: SignedCall;
}

/** Callbacks under way at the same time: each is a request of its own. */
const AT_ONCE = 16;
const UNKNOWN_NUMBER = 30005;

/** Twilio: a request per message, a callback per status. */
export class TwilioSide implements Side {
  readonly stub = 'twilio';
  private readonly taken = new Map<string, TakenSms>();

  settings(url: string): Record<string, string> {
    return {
      SMS_CHANNEL: 'twilio',
      TWILIO_ACCOUNT_SID: TWILIO.accountSid,
      TWILIO_AUTH_TOKEN: TWILIO.authToken,
      TWILIO_API_URL: url,
      SMS_FROM: TWILIO.from,
      // Links are kept short; who follows them here knows where they lead.
      SHORT_URL: 'https://u.example',
    };
  }

  read(line: string): LedgerLine[] {
    const entry = JSON.parse(line) as TwilioEntry & { at: number };
    const { messageId, request, kind, status, at, link, sms } = entry;
    // A message may be taken twice, which is for the checker to see; events are about the first.
    if (sms && !this.taken.has(messageId)) this.taken.set(messageId, { ...sms, body: '' });
    const mode = status === undefined ? entry.mode : `http_${status}`;
    return [{ messageId, request, kind, mode, at, ...(link !== undefined && { link }) }];
  }

  eventsOf(messageId: string, bounces: boolean): ToldByTwilio[] {
    const sms = this.taken.get(messageId)!;
    return [
      { messageId, type: 'processed', call: statusCall(sms, 'sent') },
      bounces
        ? { messageId, type: 'bounce', call: statusCall(sms, 'undelivered', UNKNOWN_NUMBER) }
        : { messageId, type: 'delivered', call: statusCall(sms, 'delivered') },
    ];
  }

  /** `url` is where the product listens; the signature is over the address that Twilio was told. */
  async post(url: string, events: readonly ToldByTwilio[]): Promise<boolean> {
    let next = 0;
    let whole = true;
    const work = async (): Promise<void> => {
      for (let at = next++; at < events.length && whole; at = next++) {
        if ((await postSigned(url, events[at]!.call)) !== 204) whole = false;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return whole;
  }
}

/** The status of the answer; 0: there was none. */
export async function postSigned(base: string, call: SignedCall): Promise<number> {
  const { pathname, search } = new URL(call.url);
  try {
    const response = await fetch(base + pathname + search, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/x-www-form-urlencoded',
        'X-Twilio-Signature': call.signature,
      },
      body: call.body,
      signal: AbortSignal.timeout(20_000),
    });
    await response.arrayBuffer();
    return response.status;
  } catch {
    // The process is being killed, or does not answer: it is told again later.
    return 0;
  }
}
