import { Module } from '@nestjs/common';
import { ChannelsModule } from '../channels/channels.module';
import { ContactsModule } from '../contacts/contacts.module';
import { ContentModule } from '../content/content.module';
import { RegistryModule } from '../registry/registry.module';
import { Batches } from './batches';
import { ChannelState } from './channel-state';
import { ChannelsController } from './channels.controller';
import { Dispatches } from './dispatches';
import { HandOverBatch, HandOverSteps } from './hand-over-batch';
import { Permit } from './permit';
import { ProviderEvents } from './provider-events';
import { RenderMessage } from './render-message';
import { Reports } from './reports';
import { SendTest } from './send-test';
import { SettleSilence } from './settle-silence';
import { SweepDelivery } from './sweep-delivery';
import { ViewController } from './view.controller';
import { ViewMessage } from './view-message';

@Module({
  imports: [ChannelsModule, ContactsModule, ContentModule, RegistryModule],
  controllers: [ChannelsController, ViewController],
  providers: [
    Batches,
    ChannelState,
    Dispatches,
    HandOverBatch,
    HandOverSteps,
    Permit,
    ProviderEvents,
    RenderMessage,
    Reports,
    SendTest,
    SettleSilence,
    SweepDelivery,
    ViewMessage,
  ],
  exports: [
    ChannelState,
    Dispatches,
    HandOverBatch,
    ProviderEvents,
    Reports,
    SendTest,
    SettleSilence,
    SweepDelivery,
    ViewMessage,
  ],
})
export class DeliveryModule {}
