import { Module } from '@nestjs/common';
import { AccountsModule } from '../../features/accounts/accounts.module';
import { CampaignsModule } from '../../features/campaigns/campaigns.module';
import { ContactsModule } from '../../features/contacts/contacts.module';
import { DeliveryModule } from '../../features/delivery/delivery.module';
import { FeedbackModule } from '../../features/feedback/feedback.module';
import { RegistryModule } from '../../features/registry/registry.module';
import { SegmentsModule } from '../../features/segments/segments.module';
import { SignupsModule } from '../../features/signups/signups.module';
import { Demo, DemoParts } from './demo';
import { DemoCampaigns } from './demo-campaigns';
import { DemoClicks } from './demo-clicks';
import { DemoDeeds } from './demo-deeds';
import { DemoAttributes } from './demo-attributes';
import { DemoCompanies } from './demo-companies';
import { DemoLearning } from './demo-learning';
import { DemoPeople } from './demo-people';
import { DemoProgress } from './demo-progress';
import { DemoReactions } from './demo-reactions';
import { DemoReplies } from './demo-replies';
import { DemoSegments } from './demo-segments';
import { DemoSetUp } from './demo-set-up';
import { PortalController } from './portal/portal.controller';
import { PortalKeys } from './portal/portal-keys';

@Module({
  imports: [
    AccountsModule,
    CampaignsModule,
    ContactsModule,
    DeliveryModule,
    FeedbackModule,
    RegistryModule,
    SegmentsModule,
    SignupsModule,
  ],
  controllers: [PortalController],
  providers: [
    Demo,
    DemoCampaigns,
    DemoAttributes,
    DemoCompanies,
    DemoDeeds,
    DemoLearning,
    DemoParts,
    DemoPeople,
    DemoProgress,
    DemoClicks,
    DemoReactions,
    DemoReplies,
    DemoSegments,
    DemoSetUp,
    PortalKeys,
  ],
  exports: [Demo],
})
export class DemoModule {}
