import { Module } from '@nestjs/common';
import { DeliverWebhooks } from './deliver-webhooks';
import { WebhookEndpoints } from './webhook-endpoints';
import { WebhookEndpointsController } from './webhook-endpoints.controller';

/** What other systems are told of, as it happens. */
@Module({
  controllers: [WebhookEndpointsController],
  providers: [DeliverWebhooks, WebhookEndpoints],
  exports: [DeliverWebhooks],
})
export class WebhooksModule {}
