import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Database } from '../../../platform/database/database';
import { Public } from '../../../platform/http/access';
import { sendPage } from '../../../platform/http/page';
import { offersOfMessage } from '../../contacts/learning/offers/offers.queries';
import { Choices } from './choices';
import { FindLink } from './find-link';
import { WhyPage } from './why-page';
import { reasonFor } from './why.queries';

@ApiExcludeController()
@Controller('why')
@Public()
export class WhyController {
  constructor(
    private readonly db: Database,
    private readonly links: FindLink,
    private readonly choices: Choices,
  ) {}

  @Get(':token')
  async show(
    @Param('token') token: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const found = await this.links.orNotFound(request, response, token);
    if (!found) return;
    const { link, frame } = found;
    const reason = await reasonFor(this.db, link);
    const offers = link.messageId ? await offersOfMessage(this.db, link.messageId) : [];
    const { pausedUntil } = await this.choices.standing(link);
    const { maskedAddress } = link;
    const test = link.class === 'test';
    sendPage(
      response,
      <WhyPage {...frame} {...{ token, maskedAddress, test, reason, pausedUntil, offers }} />,
    );
  }
}
