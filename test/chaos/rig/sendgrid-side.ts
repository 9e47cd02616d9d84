import { SendGridEvents, type SendGridEvent } from '../../provider-stub/sendgrid-events';
import type { SendGridEntry } from '../../provider-stub/sendgrid-stub';
import type { LedgerLine, Side, Told } from './provider';

interface ToldBySendGrid extends Told {
  event: SendGridEvent;
}

/** SendGrid: many recipients to a request, many events to a post. */
export class SendGridSide implements Side {
  readonly stub = 'sendgrid';
  private readonly signer = new SendGridEvents();

  settings(url: string): Record<string, string> {
    return {
      EMAIL_CHANNEL: 'sendgrid',
      SENDGRID_API_KEY: 'SG.test',
      SENDGRID_API_URL: url,
      SENDGRID_WEBHOOK_PUBLIC_KEY: this.signer.publicKey,
    };
  }

  read(line: string): LedgerLine[] {
    const entry = JSON.parse(line) as SendGridEntry & { at: number };
    const { request, kind, messageIds, status, at, links } = entry;
    const mode = entry.mode === 'status' ? `http_${status}` : entry.mode;
    return messageIds.map((messageId, n) => ({
      messageId,
      request,
      kind,
      mode,
      at,
      ...(links && { link: links[n] }),
    }));
  }

  eventsOf(messageId: string, bounces: boolean): ToldBySendGrid[] {
    return ['processed', bounces ? 'bounce' : 'delivered'].map((type) => ({
      messageId,
      type,
      event: this.signer.event(type, { messageId }),
    }));
  }

  async post(url: string, events: readonly ToldBySendGrid[]): Promise<boolean> {
    const statuses = await this.signer
      .post(
        `${url}/webhooks/sendgrid/events`,
        events.map(({ event }) => event),
      )
      .catch(() => [0]);
    return statuses.every((status) => status === 204);
  }
}
