import { Controller, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';
import { Public } from '../../../platform/http/access';
import type { AnyBodyRequest } from '../../../platform/http/any-body';
import { sendPage } from '../../../platform/http/page';
import { OptOutReasons } from '../opt-out-reasons';
import { FindLink } from './find-link';
import { ReasonPage, ReasonThanksPage } from './reason-form';

/** Why somebody left, if they tell. */
@ApiExcludeController()
@Controller('u')
@Public()
export class ReasonController {
  constructor(
    private readonly links: FindLink,
    private readonly reasons: OptOutReasons,
  ) {}

  @Get(':token/reason')
  async show(
    @Param('token') token: string,
    @Req() request: AnyBodyRequest,
    @Res() response: Response,
  ): Promise<void> {
    const found = await this.links.orNotFound(request, response, token);
    if (found) sendPage(response, <ReasonPage {...found.frame} token={token} />);
  }

  @Post(':token/reason')
  @HttpCode(200)
  async tell(
    @Param('token') token: string,
    @Req() request: AnyBodyRequest,
    @Res() response: Response,
  ): Promise<void> {
    const found = await this.links.orNotFound(request, response, token);
    if (!found) return;
    await this.reasons.tell(found.link, new URLSearchParams(request.anyBody?.text).get('reason'));
    sendPage(response, <ReasonThanksPage {...found.frame} />);
  }
}
