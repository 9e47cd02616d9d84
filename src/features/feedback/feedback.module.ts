import { Module } from '@nestjs/common';
import { ContactsModule } from '../contacts/contacts.module';
import { DeliveryModule } from '../delivery/delivery.module';
import { RegistryModule } from '../registry/registry.module';
import { ApplyEvents } from './apply-events';
import { CheckConsequences, CheckOptOutPath } from './check-opt-out-path';
import { DevPhoneController } from './dev-phone.controller';
import { ReceiveEvents } from './receive-events';
import { ReceiveReply } from './receive-reply';
import { InboundMailController } from './replies/inbound-mail.controller';
import { ReceiveMail } from './replies/receive-mail';
import { Replies } from './replies/replies';
import { SettleReply } from './replies/settle-reply';
import { SendgridWebhookController } from './sendgrid-webhook.controller';
import { StoreEvents } from './store-events';
import { TwilioWebhookController } from './twilio-webhook.controller';
import { WatchFeedback } from './watch-feedback';

@Module({
  imports: [ContactsModule, DeliveryModule, RegistryModule],
  controllers: [
    DevPhoneController,
    InboundMailController,
    SendgridWebhookController,
    TwilioWebhookController,
  ],
  providers: [
    ApplyEvents,
    CheckConsequences,
    CheckOptOutPath,
    ReceiveEvents,
    ReceiveMail,
    ReceiveReply,
    Replies,
    SettleReply,
    StoreEvents,
    WatchFeedback,
  ],
  exports: [
    ApplyEvents,
    CheckOptOutPath,
    ReceiveEvents,
    ReceiveReply,
    Replies,
    SettleReply,
    WatchFeedback,
  ],
})
export class FeedbackModule {}
