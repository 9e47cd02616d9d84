import { setTimeout as wait } from 'node:timers/promises';
import { Body, Controller, Get, HttpCode, Ip, Post, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';
import { normaliseAddress, type Channel } from '../../../domain/address';
import { Clock } from '../../../platform/clock';
import { Env } from '../../../platform/config/env';
import { TooMany } from '../../../platform/errors';
import { Public } from '../../../platform/http/access';
import { RECIPIENT } from '../../../platform/http/actor';
import { sendPage } from '../../../platform/http/page';
import { t, toLanguage } from '../../../platform/i18n/i18n';
import { mask } from '../link-tokens';
import { OptOuts } from '../opt-outs';
import { Throttle } from '../throttle';
import { inTime } from './in-time';
import { ManualDonePage, ManualFormPage } from './manual-form-page';

const HOUR_MS = 3_600_000;
/** A household or an office may share one IP address. */
const PER_CALLER = 30;
/** Nobody needs to stop one address ten times from the same place. */
const PER_ADDRESS = 10;
/** The work for a known and an unknown address differs by tenths of a millisecond; the answer's time does not (F-63). */
const ANSWER_AFTER_MS = 250;
const LONGEST_TYPED = 320;

/** Opt-out without a link (P-75): acts at once, and answers the same for known and unknown. */
@ApiExcludeController()
@Controller('avsluta')
@Public({ anyOrigin: true })
export class ManualFormController {
  private readonly callers = new Throttle(PER_CALLER, HOUR_MS);
  private readonly addresses = new Throttle(PER_ADDRESS, HOUR_MS);

  constructor(
    private readonly env: Env,
    private readonly clock: Clock,
    private readonly optOuts: OptOuts,
  ) {}

  @Get()
  show(@Query('lang') lang: unknown, @Res() response: Response): void {
    sendPage(response, <ManualFormPage language={toLanguage(lang)} env={this.env} />);
  }

  @Post()
  @HttpCode(200)
  async optOut(
    @Query('lang') lang: unknown,
    @Body() body: Record<string, unknown> | undefined,
    @Ip() ip: string,
    @Res() response: Response,
  ): Promise<void> {
    const frame = { language: toLanguage(lang), env: this.env };
    const typed = typeof body?.address === 'string' ? body.address.slice(0, LONGEST_TYPED) : '';
    const channel: Channel = typed.includes('@') ? 'email' : 'sms';
    const address = normaliseAddress(channel, typed);
    if (!address.ok) {
      const fault = t(frame.language, 'registry:manual.invalid');
      sendPage(response, <ManualFormPage {...frame} typed={typed} fault={fault} />, 422);
      return;
    }
    this.brake(ip, address.canonical);
    const source = { door: 'manual_form', actor: RECIPIENT } as const;
    await Promise.all([
      inTime(this.optOuts.byAddress(channel, address.value, source)),
      wait(ANSWER_AFTER_MS),
    ]);
    sendPage(response, <ManualDonePage {...frame} address={mask(channel, address.value)} />);
  }

  private brake(ip: string, canonical: string): void {
    const now = this.clock.now().getTime();
    const seconds = this.callers.take(ip, now) ?? this.addresses.take(`${ip}\0${canonical}`, now);
    if (seconds !== null) throw new TooMany('too_many_opt_outs', { retryAfterSeconds: seconds });
  }
}
