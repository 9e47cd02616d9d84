import { Module } from '@nestjs/common';
import { ContactsModule } from '../contacts/contacts.module';
import { DeliveryModule } from '../delivery/delivery.module';
import { RegistryModule } from '../registry/registry.module';
import { ApplyEvents } from './apply-events';
import { CheckConsequences, CheckOptOutPath } from './check-opt-out-path';
import { DevPhoneController } from './dev-phone.controller';
import { ReceiveEvents } from './receive-events';
import { ReceiveReply } from './receive-reply';
import { SendgridWebhookController } from './sendgrid-webhook.controller';
import { StoreEvents } from './store-events';
import { TwilioWebhookController } from './twilio-webhook.controller';
import { WatchFeedback } from './watch-feedback';

@Module({
  imports: [ContactsModule, DeliveryModule, RegistryModule],
  controllers: [DevPhoneController, SendgridWebhookController, TwilioWebhookController],
  providers: [
    ApplyEvents,
    CheckConsequences,
    CheckOptOutPath,
    ReceiveEvents,
    ReceiveReply,
    StoreEvents,
    WatchFeedback,
  ],
  exports: [ApplyEvents, CheckOptOutPath, ReceiveEvents, ReceiveReply, WatchFeedback],
})
export class FeedbackModule {}
