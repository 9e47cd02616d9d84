import {
  Controller,
  Get,
  Header,
  HttpCode,
  Logger,
  Options,
  Param,
  Post,
  Req,
  Res,
} from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';
import { Refusal, Unavailable } from '../../../platform/errors';
import { Public } from '../../../platform/http/access';
import type { AnyBodyRequest } from '../../../platform/http/any-body';
import { sendPage } from '../../../platform/http/page';
import type { Language } from '../../../platform/i18n/i18n';
import { OptOuts } from '../opt-outs';
import { Choices } from './choices';
import { FindLink } from './find-link';
import type { TopicChoice } from './frame';
import { inTime } from './in-time';
import { OptedOutPage, OptOutPage, TestDonePage } from './opt-out-pages';
import { postDetail } from './post-detail';

/** The link of every mail, and the short one of every text message: GET shows a page and changes nothing (P-13); any POST opts out (RFC 8058). */
@ApiExcludeController()
@Controller(['u', 's'])
@Public({ anyOrigin: true })
export class OptOutController {
  private readonly log = new Logger('opt-out');

  constructor(
    private readonly links: FindLink,
    private readonly optOuts: OptOuts,
    private readonly choices: Choices,
  ) {}

  @Get(':token')
  async show(
    @Param('token') token: string,
    @Req() request: AnyBodyRequest,
    @Res() response: Response,
  ): Promise<void> {
    const found = await this.links.orNotFound(request, response, token).catch(this.unavailable);
    if (!found) return;
    const { link, frame } = found;
    const { noAllSince } = await inTime(this.choices.standing(link)).catch(this.unavailable);
    sendPage(
      response,
      <OptOutPage
        {...frame}
        token={token}
        maskedAddress={link.maskedAddress}
        byText={link.channel === 'sms'}
        test={link.class === 'test'}
        alreadyAt={noAllSince}
      />,
    );
  }

  @Options(':token')
  @HttpCode(204)
  @Header('Allow', 'GET, HEAD, POST')
  options(): void {
    // Only says what may be done here.
  }

  @Post(':token')
  @HttpCode(200)
  async optOut(
    @Param('token') token: string,
    @Req() request: AnyBodyRequest,
    @Res() response: Response,
  ): Promise<void> {
    const found = await this.links.orNotFound(request, response, token).catch(this.unavailable);
    if (!found) return;
    const { link, frame } = found;
    const detail = postDetail(request.anyBody);
    const receipt = await inTime(this.optOuts.byLink(link, { detail })).catch(this.unavailable);
    if (!receipt) {
      sendPage(response, <TestDonePage {...frame} />);
      return;
    }
    // Nobody reads the answer to a mailbox provider's post; and a yes is confirmed by mail, which a number does not get.
    const offer = detail !== 'one_click' && link.channel === 'email';
    const topics = offer ? await this.topicsToKeep(frame.language) : [];
    const { maskedAddress } = link;
    const shown = { token, maskedAddress, byText: link.channel === 'sms', receipt, topics };
    sendPage(response, <OptedOutPage {...frame} {...shown} />);
  }

  private topicsToKeep(language: Language): Promise<TopicChoice[]> {
    return inTime(this.choices.topics(language)).catch((cause: Error) => {
      // The no is committed and must be told; what one may keep can be asked for later.
      this.log.warn(`topics not read: ${cause.message}`);
      return [];
    });
  }

  /** Whatever went wrong is ours: never a success page, and a status that tells a mailbox provider to try again (P-10). */
  private readonly unavailable = (cause: unknown): never => {
    if (cause instanceof Refusal) throw cause;
    this.log.error(
      `opt-out not recorded: ${cause instanceof Error ? cause.message : String(cause)}`,
    );
    throw new Unavailable('opt_out_not_recorded', { retryAfterSeconds: 60 });
  };
}
