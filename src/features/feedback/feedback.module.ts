import { Module } from '@nestjs/common';
import { ContactsModule } from '../contacts/contacts.module';
import { DeliveryModule } from '../delivery/delivery.module';
import { RegistryModule } from '../registry/registry.module';
import { ApplyEvents } from './apply-events';
import { ReceiveEvents } from './receive-events';
import { SendgridWebhookController } from './sendgrid-webhook.controller';

@Module({
  imports: [ContactsModule, DeliveryModule, RegistryModule],
  controllers: [SendgridWebhookController],
  providers: [ApplyEvents, ReceiveEvents],
  exports: [ApplyEvents],
})
export class FeedbackModule {}
