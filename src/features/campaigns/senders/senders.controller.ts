import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Permit } from '../../../platform/http/access';
import { CurrentActor, type Actor } from '../../../platform/http/actor';
import {
  DomainInput,
  SenderChange,
  SenderDomain,
  SenderInput,
  SenderList,
  SenderView,
} from './senders.dto';
import { Senders } from './senders.service';

@ApiTags('campaigns')
@ApiBearerAuth()
@Controller('api/v1/senders')
export class SendersController {
  constructor(private readonly senders: Senders) {}

  /** The default first. While there are none, campaigns are from whom the settings name. */
  @Get()
  @Permit('campaigns:read')
  list(): Promise<SenderList> {
    return this.senders.list();
  }

  @Post()
  @Permit('settings:write')
  create(@Body() input: SenderInput, @CurrentActor() actor: Actor): Promise<SenderView> {
    return this.senders.create(input, actor);
  }

  /** Asks DNS for SPF, DKIM and DMARC of a sender's domain, now. */
  @Post('check-domain')
  @HttpCode(200)
  @Permit('settings:write')
  check(@Body() { domain }: DomainInput): Promise<SenderDomain> {
    return this.senders.check(domain);
  }

  @Patch(':id')
  @Permit('settings:write')
  change(
    @Param('id') id: string,
    @Body() change: SenderChange,
    @CurrentActor() actor: Actor,
  ): Promise<SenderView> {
    return this.senders.change(id, change, actor);
  }

  @Delete(':id')
  @HttpCode(204)
  @Permit('settings:write')
  remove(@Param('id') id: string, @CurrentActor() actor: Actor): Promise<void> {
    return this.senders.remove(id, actor);
  }
}
