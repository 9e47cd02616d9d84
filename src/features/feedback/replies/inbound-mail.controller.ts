import { Controller, HttpCode, Logger, Param, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Request, Response } from 'express';
import { Env } from '../../../platform/config/env';
import { Forbidden, Refusal, Unavailable } from '../../../platform/errors';
import { Public } from '../../../platform/http/access';
import { Metrics } from '../../../platform/operations/metrics';
import { IsWebhook } from '../webhooks/webhook-calls';
import { readInboundMail } from './inbound-mail';
import { readMailForm } from './mail-form';
import { ReceiveMail } from './receive-mail';

/** Mail to us, as SendGrid's Inbound Parse posts it. It signs nothing: a secret in the path stands for a signature. */
@ApiExcludeController()
@Controller('webhooks/sendgrid/inbound')
export class InboundMailController {
  private readonly log = new Logger('feedback');

  constructor(
    private readonly env: Env,
    private readonly receive: ReceiveMail,
    private readonly metrics: Metrics,
  ) {
    const unread = env.INBOUND_MAIL_ADDRESS !== undefined && !env.INBOUND_MAIL_SECRET;
    this.metrics.unhealthy.set({ what: 'inbound_mail_secret' }, unread ? 1 : 0);
  }

  /** 200 once it is stored, or need not be. SendGrid comes again after a 5xx only: a 4xx is for what nobody could read. */
  @Public({ anyOrigin: true })
  @IsWebhook('sendgrid_inbound')
  @Post(':secret')
  @HttpCode(200)
  async mail(
    @Param('secret') secret: string,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<void> {
    if (!this.env.INBOUND_MAIL_SECRET) throw new Unavailable('inbound_mail_not_configured');
    if (!isSame(secret, this.env.INBOUND_MAIL_SECRET)) {
      this.metrics.forged.inc({ provider: 'sendgrid_inbound', why: 'secret' });
      throw new Forbidden('webhook_secret_invalid');
    }
    try {
      const form = await readMailForm(request, response);
      const host = this.env.INBOUND_MAIL_ADDRESS?.split('@')[1];
      const became = await this.receive.run(readInboundMail(form), host);
      this.metrics.inboundMails.inc({ became });
    } catch (error) {
      if (error instanceof Refusal && error.status < 500) {
        this.metrics.inboundMails.inc({ became: 'unreadable' });
        this.log.warn(`a mail to us could not be read: ${error.code}`);
      }
      throw error;
    }
  }
}

// By their hashes: those have one length, and a comparison that stops early would tell how much was right.
function isSame(given: string, secret: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(secret));
}
