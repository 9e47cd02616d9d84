import { Module } from '@nestjs/common';
import { ChannelsModule } from '../channels/channels.module';
import { ContactsModule } from '../contacts/contacts.module';
import { DeliveryModule } from '../delivery/delivery.module';
import { RegistryModule } from '../registry/registry.module';
import { ApplyEvents } from './apply-events';
import { CheckConsequences, CheckOptOutPath } from './check-opt-out-path';
import { DevPhoneController } from './dev-phone.controller';
import { CompareLists, ComparisonSteps } from './provider-lists/compare-lists';
import { MirrorNoes } from './provider-lists/mirror-noes';
import { ProviderListsController } from './provider-lists/provider-lists.controller';
import { PullList } from './provider-lists/pull-list';
import { RecordListed } from './provider-lists/record-listed';
import { ReceiveEvents } from './receive-events';
import { ReceiveReply } from './receive-reply';
import { InboundMailController } from './replies/inbound-mail.controller';
import { ReceiveMail } from './replies/receive-mail';
import { Replies } from './replies/replies';
import { SettleReply } from './replies/settle-reply';
import { SendgridWebhookController } from './sendgrid-webhook.controller';
import { ReadSmsCosts } from './sms/read-sms-costs';
import { ReconcileSms } from './sms/reconcile-sms';
import { SmsCosts } from './sms/sms-costs';
import { SmsLinks } from './sms/sms-links';
import { StoreEvents } from './store-events';
import { TwilioWebhookController } from './twilio-webhook.controller';
import { WatchFeedback } from './watch-feedback';
import { WebhookCalls } from './webhooks/webhook-calls';
import { WebhooksController } from './webhooks/webhooks.controller';

@Module({
  imports: [ChannelsModule, ContactsModule, DeliveryModule, RegistryModule],
  controllers: [
    DevPhoneController,
    ProviderListsController,
    InboundMailController,
    SendgridWebhookController,
    TwilioWebhookController,
    WebhooksController,
  ],
  providers: [
    ApplyEvents,
    CheckConsequences,
    CheckOptOutPath,
    CompareLists,
    ComparisonSteps,
    MirrorNoes,
    PullList,
    ReadSmsCosts,
    ReceiveEvents,
    ReceiveMail,
    ReceiveReply,
    ReconcileSms,
    RecordListed,
    SmsCosts,
    SmsLinks,
    Replies,
    SettleReply,
    StoreEvents,
    WatchFeedback,
    WebhookCalls,
  ],
  exports: [
    ApplyEvents,
    CheckOptOutPath,
    CompareLists,
    MirrorNoes,
    ReadSmsCosts,
    ReceiveEvents,
    ReceiveReply,
    ReconcileSms,
    Replies,
    SettleReply,
    WatchFeedback,
  ],
})
export class FeedbackModule {}
