import { Controller, Header, HttpCode, Post, Query, Req } from '@nestjs/common';
import type { RawBodyRequest } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request } from 'express';
import { Env } from '../../platform/config/env';
import { Forbidden, Unavailable } from '../../platform/errors';
import { Public } from '../../platform/http/access';
import { Metrics } from '../../platform/operations/metrics';
import { isSignedByTwilio } from '../channels/sms/twilio/twilio-signature';
import { ReceiveEvents } from './receive-events';
import { ReceiveReply } from './receive-reply';
import { SmsCosts } from './sms/sms-costs';
import { readStatus } from './twilio-events';
import { IsWebhook } from './webhooks/webhook-calls';

/** What Twilio tells: what became of a message, and what people write back. */
@ApiExcludeController()
@Controller('webhooks/twilio')
export class TwilioWebhookController {
  constructor(
    private readonly env: Env,
    private readonly events: ReceiveEvents,
    private readonly replies: ReceiveReply,
    private readonly costs: SmsCosts,
    private readonly metrics: Metrics,
  ) {
    const missing = env.smsChannel === 'twilio' && !env.TWILIO_AUTH_TOKEN;
    this.metrics.unhealthy.set({ what: 'twilio_webhook_key' }, missing ? 1 : 0);
  }

  @Public({ anyOrigin: true })
  @IsWebhook('twilio_status')
  @Post('status')
  @HttpCode(204)
  async status(@Req() request: RawBodyRequest<Request>, @Query('mid') mid: unknown): Promise<void> {
    const told = this.verified(request);
    const event = readStatus(told, mid);
    if (!event) return;
    await this.events.run('twilio', [event]);
    await this.costs.keep([{ messageId: event.messageId, told }]);
  }

  /** Answers in TwiML; one confirmation of a no a day, and else nothing. */
  @Public({ anyOrigin: true })
  @IsWebhook('twilio_inbound')
  @Post('inbound')
  @HttpCode(200)
  @Header('Content-Type', 'text/xml; charset=utf-8')
  async inbound(@Req() request: RawBodyRequest<Request>): Promise<string> {
    const { MessageSid = '', From = '', Body = '', OptOutType } = this.verified(request);
    const answer = await this.replies.run({
      channel: 'sms',
      provider: 'twilio',
      providerId: MessageSid,
      from: From,
      body: Body,
      // P-54: with Advanced Opt-Out Twilio has understood and answered it already.
      ...(OptOutType && { understoodAs: OptOutType }),
    });
    const message = answer === null || OptOutType ? '' : `<Message>${escapeXml(answer)}</Message>`;
    return `<?xml version="1.0" encoding="UTF-8"?><Response>${message}</Response>`;
  }

  /** The form, when Twilio has signed it for our public address; the proxied host says nothing (P-50). */
  private verified(request: RawBodyRequest<Request>): Record<string, string> {
    const token = this.env.TWILIO_AUTH_TOKEN;
    if (!token) throw new Unavailable('webhook_key_not_configured');
    const form = Object.fromEntries(new URLSearchParams(request.rawBody?.toString('utf8') ?? ''));
    const url = this.env.link(request.originalUrl);
    if (!isSignedByTwilio(token, request.get('x-twilio-signature'), url, form)) {
      this.metrics.forged.inc({ provider: 'twilio', why: 'signature' });
      throw new Forbidden('webhook_signature_invalid');
    }
    return form;
  }
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

function escapeXml(text: string): string {
  return text.replace(/[&<>]/g, (character) => ENTITIES[character]!);
}
