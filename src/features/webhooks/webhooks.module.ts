import { Module } from '@nestjs/common';
import { DeliverWebhooks } from './deliver-webhooks';
import { WebhookEndpoints } from './webhook-endpoints';
import { WebhooksController } from './webhooks.controller';

/** What other systems are told of, as it happens. */
@Module({
  controllers: [WebhooksController],
  providers: [DeliverWebhooks, WebhookEndpoints],
  exports: [DeliverWebhooks],
})
export class WebhooksModule {}
