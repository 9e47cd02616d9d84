import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Clock } from '../../../platform/clock';
import { Env } from '../../../platform/config/env';
import { TooMany } from '../../../platform/errors';
import { sendPage } from '../../../platform/http/page';
import { toLanguage } from '../../../platform/i18n/i18n';
import { LinkTokens, type LinkTokenRow } from '../link-tokens';
import { Throttle } from '../throttle';
import type { Frame } from './frame';
import { inTime } from './in-time';
import { UnknownLinkPage } from './opt-out-pages';

/** Guesses per caller and minute before the answer becomes "wait". Valid links are never counted (P-09). */
const MOST_UNKNOWN = 60;

/** Whose link it is, and how to speak to them: by choice, else in their own language, else in Swedish. */
export interface FoundLink {
  link: LinkTokenRow;
  frame: Frame;
}

/** P-60: how pages find whom their link was sent to, with one brake on guessing for all of them. */
@Injectable()
export class FindLink {
  private readonly guesses = new Throttle(MOST_UNKNOWN, 60_000);

  constructor(
    private readonly env: Env,
    private readonly clock: Clock,
    private readonly tokens: LinkTokens,
  ) {}

  /** Null for an unknown link, once the page that says so is sent (P-10). Throws as `orNull`. */
  async orNotFound(request: Request, response: Response, token: string): Promise<FoundLink | null> {
    const link = await this.orNull(request, token);
    const language = toLanguage(request.query.lang ?? link?.language);
    const frame = { language, env: this.env };
    if (link) return { link, frame };
    sendPage(response, <UnknownLinkPage {...frame} />, 404);
    return null;
  }

  /** Throws TooMany `too_many_unknown_links`, and Unavailable when the database does not answer. */
  async orNull(request: Request, token: string): Promise<LinkTokenRow | null> {
    const link = await inTime(this.tokens.find(token));
    if (!link) this.countUnknown(request);
    return link;
  }

  /** For pages whose links are found elsewhere. Throws TooMany as above. */
  countUnknown({ ip = '' }: Request): void {
    const wait = this.guesses.take(ip, this.clock.now().getTime());
    if (wait !== null) throw new TooMany('too_many_unknown_links', { retryAfterSeconds: wait });
  }
}
