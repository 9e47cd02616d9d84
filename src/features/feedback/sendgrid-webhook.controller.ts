import { Controller, HttpCode, Post, Req } from '@nestjs/common';
import type { RawBodyRequest } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { KeyObject } from 'node:crypto';
import type { Request } from 'express';
import { Clock } from '../../platform/clock';
import { Env } from '../../platform/config/env';
import { Forbidden, Malformed, Unavailable } from '../../platform/errors';
import { Public } from '../../platform/http/access';
import { Metrics } from '../../platform/operations/metrics';
import { isSignedBySendGrid, readWebhookKey } from '../channels/email/sendgrid-signature';
import { ReceiveEvents } from './receive-events';
import { readEvents } from './sendgrid-events';
import { IsWebhook } from './webhooks/webhook-calls';

const SIGNATURE = 'x-twilio-email-event-webhook-signature';
const TIMESTAMP = 'x-twilio-email-event-webhook-timestamp';

@ApiExcludeController()
@Controller('webhooks/sendgrid')
export class SendgridWebhookController {
  private readonly key: KeyObject | null;

  constructor(
    private readonly env: Env,
    private readonly receive: ReceiveEvents,
    private readonly metrics: Metrics,
    private readonly clock: Clock,
  ) {
    const configured = env.SENDGRID_WEBHOOK_PUBLIC_KEY;
    this.key = configured ? readWebhookKey(configured) : null;
    // Never "accept unsigned": forged events would opt people out, or mark as delivered what was not.
    this.metrics.unhealthy.set(
      { what: 'sendgrid_webhook_key' },
      this.key || env.EMAIL_CHANNEL !== 'sendgrid' ? 0 : 1,
    );
  }

  /** Signed event webhook; the signature is checked on the bytes as they came, before they are parsed. */
  @Public({ anyOrigin: true })
  @IsWebhook('sendgrid_events')
  @Post('events')
  @HttpCode(204)
  async events(@Req() request: RawBodyRequest<Request>): Promise<void> {
    if (!this.key) throw new Unavailable('webhook_key_not_configured');
    const timestamp = request.get(TIMESTAMP);
    if (
      !request.rawBody ||
      !isSignedBySendGrid(this.key, request.rawBody, request.get(SIGNATURE), timestamp)
    ) {
      this.metrics.forged.inc({ provider: 'sendgrid', why: 'signature' });
      throw new Forbidden('webhook_signature_invalid');
    }
    const age = this.clock.now().getTime() / 1000 - Number(timestamp);
    if (!(Math.abs(age) <= this.env.SENDGRID_WEBHOOK_MAX_AGE_HOURS * 3600)) {
      this.metrics.forged.inc({ provider: 'sendgrid', why: 'age' });
      throw new Forbidden('webhook_too_old');
    }
    await this.receive.run('sendgrid', readEvents(parse(request.rawBody)));
  }
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new Malformed('events_not_json');
  }
}
