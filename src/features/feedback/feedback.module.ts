import { Module } from '@nestjs/common';
import { ContactsModule } from '../contacts/contacts.module';
import { DeliveryModule } from '../delivery/delivery.module';
import { RegistryModule } from '../registry/registry.module';
import { ApplyEvents } from './apply-events';
import { CheckConsequences, CheckOptOutPath } from './check-opt-out-path';
import { ReceiveEvents } from './receive-events';
import { SendgridWebhookController } from './sendgrid-webhook.controller';
import { StoreEvents } from './store-events';
import { WatchFeedback } from './watch-feedback';

@Module({
  imports: [ContactsModule, DeliveryModule, RegistryModule],
  controllers: [SendgridWebhookController],
  providers: [
    ApplyEvents,
    CheckConsequences,
    CheckOptOutPath,
    ReceiveEvents,
    StoreEvents,
    WatchFeedback,
  ],
  exports: [ApplyEvents, CheckOptOutPath, ReceiveEvents, WatchFeedback],
})
export class FeedbackModule {}
