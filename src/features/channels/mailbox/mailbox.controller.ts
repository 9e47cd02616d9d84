import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';
import { Env } from '../../../platform/config/env';
import { Database } from '../../../platform/database/database';
import { Malformed, NotFound } from '../../../platform/errors';
import { Public } from '../../../platform/http/access';
import { controllerOf } from '../../../platform/http/controller-details';
import { sendPage } from '../../../platform/http/page';
import { toLanguage } from '../../../platform/i18n/i18n';
import { isUuid } from '../../../platform/ids';
import { MailboxPage, MailPage } from './mailbox-pages';
import { rawSource, viewableHtml } from './mailbox-source';
import {
  countMails,
  findMail,
  findMails,
  type MailboxRow,
  type MailboxSearch,
} from './mailbox.queries';

// A mail is somebody else's page: it runs nothing, reaches nothing of ours, and its links open outside the frame.
const MAIL_POLICY =
  'sandbox allow-popups allow-popups-to-escape-sandbox; ' +
  "default-src 'none'; img-src http: https: data:; style-src 'unsafe-inline'; form-action 'none'; frame-ancestors 'self'";

type Fields = Record<string, unknown>;

/** What the mailbox channel kept; not there when mail really leaves. */
@ApiExcludeController()
@Controller('dev')
export class MailboxController {
  constructor(
    private readonly env: Env,
    private readonly db: Database,
  ) {}

  @Public()
  @Get('mailbox')
  async list(@Query() query: Fields, @Res() response: Response): Promise<void> {
    this.assertOpen();
    const search = toSearch(query, 100);
    const [mails, totals] = [await findMails(this.db, search), await countMails(this.db)];
    sendPage(response, MailboxPage({ ...this.frame(query), mails, totals, search }));
  }

  @Public()
  @Get('mailbox.json')
  async json(@Query() query: Fields): Promise<MailboxRow[]> {
    this.assertOpen();
    return findMails(this.db, toSearch(query, 50));
  }

  @Public()
  @Get('mailbox/:id')
  async mail(
    @Param('id') id: string,
    @Query() query: Fields,
    @Res() response: Response,
  ): Promise<void> {
    const mail = await this.find(id);
    sendPage(response, MailPage({ ...this.frame(query), mail }));
  }

  @Public()
  @Get('mailbox/:id/html')
  async html(@Param('id') id: string, @Res() response: Response): Promise<void> {
    const { html, text } = await this.find(id);
    response
      .set({
        'Content-Type': html === null ? 'text/plain; charset=utf-8' : 'text/html; charset=utf-8',
        'Content-Security-Policy': MAIL_POLICY,
        'Referrer-Policy': 'no-referrer',
        'X-Content-Type-Options': 'nosniff',
        'Cache-Control': 'no-store',
      })
      .send(html === null ? text : viewableHtml(html));
  }

  @Public()
  @Get('mailbox/:id/raw')
  async raw(@Param('id') id: string, @Res() response: Response): Promise<void> {
    const mail = await this.find(id);
    response
      .set({ 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' })
      .send(rawSource(mail));
  }

  private async find(id: string): Promise<MailboxRow> {
    this.assertOpen();
    const mail = isUuid(id) ? await findMail(this.db, id) : undefined;
    if (!mail) throw new NotFound('not_found');
    return mail;
  }

  private assertOpen(): void {
    const open = this.env.EMAIL_CHANNEL === 'mailbox' || this.env.smsChannel === 'mailbox';
    if (!open) throw new NotFound('not_found');
  }

  private frame(query: Fields) {
    return { language: toLanguage(query.lang), controller: controllerOf(this.env) };
  }
}

function toSearch(query: Fields, usual: number): MailboxSearch {
  const text = (name: string) => {
    const value = query[name];
    return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
  };
  const campaign = text('campaign');
  if (campaign !== undefined && !isUuid(campaign))
    throw new Malformed('malformed_request', { detail: 'campaign is not an id' });
  const limit = Number(text('limit') ?? usual);
  return {
    ...(text('to') && { to: text('to')! }),
    ...(campaign && { campaign }),
    ...(text('channel') && { channel: text('channel')! }),
    limit: Number.isInteger(limit) ? Math.min(Math.max(limit, 1), 1000) : usual,
  };
}
