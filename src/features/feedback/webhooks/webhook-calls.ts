import {
  applyDecorators,
  Injectable,
  SetMetadata,
  UseInterceptors,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { tap, type Observable } from 'rxjs';
import { Clock } from '../../../platform/clock';
import { Env } from '../../../platform/config/env';
import { Database } from '../../../platform/database/database';
import { Refusal } from '../../../platform/errors';
import { WEBHOOKS, type Webhook, type WebhookName } from './webhooks.dto';

/** A provider calls many times a second, and so may whoever forges its calls: each row is written this often. */
const EVERY_MS = 10_000;

const NAME = 'utskick:webhook';

/** Notes when each webhook is called and what is wrong with it, so that a silent or mistaken set-up is seen. */
@Injectable()
export class WebhookCalls implements NestInterceptor {
  private readonly written = new Map<string, number>();

  constructor(
    private readonly env: Env,
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly reflector: Reflector,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const webhook = this.reflector.get<WebhookName>(NAME, context.getHandler());
    return next.handle().pipe(
      tap({
        complete: () => this.note(webhook, null),
        error: (error) =>
          this.note(webhook, error instanceof Refusal ? error.code : 'internal_error'),
      }),
    );
  }

  async list(): Promise<Webhook[]> {
    const rows = await this.db.query<Pick<Webhook, 'webhook' | 'heardAt' | 'failedAt' | 'failure'>>(
      `SELECT webhook, heard_at AS "heardAt", failed_at AS "failedAt", failure FROM webhook_call`,
    );
    return WEBHOOKS.map((webhook) => {
      const {
        heardAt = null,
        failedAt = null,
        failure = null,
      } = rows.find((row) => row.webhook === webhook) ?? {};
      return { webhook, ...setUpOf(webhook, this.env), heardAt, failedAt, failure };
    });
  }

  /** The provider does not wait for this, and nothing depends on it. */
  private note(webhook: WebhookName, failure: string | null): void {
    const key = `${webhook} ${failure === null}`;
    const now = performance.now();
    if (now - (this.written.get(key) ?? -Infinity) < EVERY_MS) return;
    this.written.set(key, now);
    this.write(webhook, failure).catch(() => this.written.delete(key));
  }

  private async write(webhook: WebhookName, failure: string | null): Promise<void> {
    const at = this.clock.now();
    await (failure === null
      ? this.db.query(
          `INSERT INTO webhook_call (webhook, heard_at) VALUES ($1, $2)
           ON CONFLICT (webhook) DO UPDATE SET heard_at = EXCLUDED.heard_at`,
          [webhook, at],
        )
      : this.db.query(
          `INSERT INTO webhook_call (webhook, failed_at, failure) VALUES ($1, $2, $3)
           ON CONFLICT (webhook) DO UPDATE SET failed_at = EXCLUDED.failed_at, failure = EXCLUDED.failure`,
          [webhook, at, failure],
        ));
  }
}

/** Marks the route that a provider calls. */
export const IsWebhook = (webhook: WebhookName) =>
  applyDecorators(SetMetadata(NAME, webhook), UseInterceptors(WebhookCalls));

function setUpOf(
  webhook: WebhookName,
  env: Env,
): Pick<Webhook, 'url' | 'inUse' | 'configured' | 'setting'> {
  switch (webhook) {
    case 'sendgrid_events':
      return {
        url: env.link('/webhooks/sendgrid/events'),
        inUse: env.EMAIL_CHANNEL === 'sendgrid',
        configured: env.SENDGRID_WEBHOOK_PUBLIC_KEY !== undefined,
        setting: 'SENDGRID_WEBHOOK_PUBLIC_KEY',
      };
    case 'sendgrid_inbound':
      return {
        url: env.link('/webhooks/sendgrid/inbound/…'),
        inUse: env.INBOUND_MAIL_ADDRESS !== undefined,
        configured: env.INBOUND_MAIL_SECRET !== undefined,
        setting: 'INBOUND_MAIL_SECRET',
      };
    case 'twilio_status':
    case 'twilio_inbound':
      return {
        url: env.link(`/webhooks/twilio/${webhook === 'twilio_status' ? 'status' : 'inbound'}`),
        inUse: env.smsChannel === 'twilio',
        configured: env.TWILIO_AUTH_TOKEN !== undefined,
        setting: 'TWILIO_AUTH_TOKEN',
      };
  }
}
