import { Controller, Get } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Permit } from '../../../platform/http/access';
import { WebhookCalls } from './webhook-calls';
import { WebhookList } from './webhooks.dto';

@ApiTags('operations')
@ApiBearerAuth()
@Controller('api/v1/operations/webhooks')
export class WebhooksController {
  constructor(private readonly calls: WebhookCalls) {}

  /** What providers call: whether it is set up, when it was last called, and what was last wrong. */
  @Get()
  @Permit('operations:read')
  async list(): Promise<WebhookList> {
    return { items: await this.calls.list() };
  }
}
