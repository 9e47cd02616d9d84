import { Module } from '@nestjs/common';
import { ChannelsModule } from '../channels/channels.module';
import { ContactsModule } from '../contacts/contacts.module';
import { ContentModule } from '../content/content.module';
import { RegistryModule } from '../registry/registry.module';
import { AuditDelivery } from './audit-delivery';
import { Batches } from './batches';
import { Carriers } from './carriers/carriers';
import { EmailCarrier } from './carriers/email-carrier';
import { SmsCarrier } from './carriers/sms-carrier';
import { ChannelState } from './channel-state';
import { ChannelsController } from './channels.controller';
import { ClickCodes } from './click-codes';
import { CloseIncident } from './close-incident';
import { Dispatches } from './dispatches';
import { HandOverBatch, HandOverSteps } from './hand-over-batch';
import { HeedRefusals } from './heed-refusals';
import { Incidents } from './incidents';
import { IncidentsController } from './incidents.controller';
import { OpenRuns } from './open-runs';
import { Permit } from './permit';
import { ProviderEvents } from './provider-events';
import { QueuesController } from './queues.controller';
import { RenderMessage } from './render-message';
import { Reports } from './reports';
import { SendTest } from './send-test';
import { SendingHours } from './sending-hours';
import { SettleSilence } from './settle-silence';
import { SweepDelivery } from './sweep-delivery';
import { ViewController } from './view.controller';
import { ViewMessage } from './view-message';
import { Disks, WatchDisk } from './watch-disk';

@Module({
  imports: [ChannelsModule, ContactsModule, ContentModule, RegistryModule],
  controllers: [ChannelsController, IncidentsController, QueuesController, ViewController],
  providers: [
    AuditDelivery,
    Batches,
    Carriers,
    ChannelState,
    ClickCodes,
    CloseIncident,
    Disks,
    Dispatches,
    EmailCarrier,
    HandOverBatch,
    HandOverSteps,
    HeedRefusals,
    Incidents,
    OpenRuns,
    Permit,
    ProviderEvents,
    RenderMessage,
    Reports,
    SendTest,
    SendingHours,
    SettleSilence,
    SmsCarrier,
    SweepDelivery,
    ViewMessage,
    WatchDisk,
  ],
  exports: [
    AuditDelivery,
    ChannelState,
    ClickCodes,
    CloseIncident,
    Dispatches,
    HandOverBatch,
    Incidents,
    ProviderEvents,
    Reports,
    SendTest,
    SendingHours,
    SettleSilence,
    SweepDelivery,
    ViewMessage,
    WatchDisk,
  ],
})
export class DeliveryModule {}
