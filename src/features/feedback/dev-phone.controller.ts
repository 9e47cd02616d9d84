import { Body, Controller, Param, Post, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';
import { Env } from '../../platform/config/env';
import { Database } from '../../platform/database/database';
import { NotFound } from '../../platform/errors';
import { Public } from '../../platform/http/access';
import { isUuid, newId } from '../../platform/ids';
import { findMail, storeMails } from '../channels/mailbox/mailbox.queries';
import { ReceiveReply } from './receive-reply';

/** The telephone of the mailbox answers: the same way in as a reply by the provider. Not there when text messages really leave. */
@ApiExcludeController()
@Controller('dev/mailbox')
export class DevPhoneController {
  constructor(
    private readonly env: Env,
    private readonly db: Database,
    private readonly replies: ReceiveReply,
  ) {}

  @Public()
  @Post(':id/answer')
  async answer(
    @Param('id') id: string,
    @Body('text') text: unknown,
    @Res() response: Response,
  ): Promise<void> {
    const open = this.env.smsChannel === 'mailbox' && isUuid(id);
    const message = open ? await findMail(this.db, id) : undefined;
    if (message?.channel !== 'sms') throw new NotFound('not_found');
    const said = await this.replies.run({
      channel: 'sms',
      provider: 'mailbox',
      providerId: newId(),
      from: message.to,
      body: typeof text === 'string' ? text : '',
    });
    if (said !== null) await this.receive(message.to, said);
    response.redirect(303, `/dev/mailbox?channel=sms&to=${encodeURIComponent(message.to)}`);
  }

  private receive(to: string, text: string): Promise<void> {
    const message = {
      id: newId(),
      channel: 'sms' as const,
      messageId: newId(),
      campaignId: null,
      to,
      from: this.env.smsSender,
      subject: '',
      headers: [],
      text,
      html: null,
    };
    return storeMails(this.db, [message]);
  }
}
