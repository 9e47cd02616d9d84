import { Module } from '@nestjs/common';
import { CampaignsModule } from '../campaigns/campaigns.module';
import { DeliveryModule } from '../delivery/delivery.module';
import { FeedbackModule } from '../feedback/feedback.module';
import { NeedsAttention } from './needs-attention';
import { OverviewController } from './overview.controller';
import { OverviewService } from './overview.service';
import { WaitingFor } from './waiting';

@Module({
  imports: [CampaignsModule, DeliveryModule, FeedbackModule],
  controllers: [OverviewController],
  providers: [NeedsAttention, OverviewService, WaitingFor],
})
export class OverviewModule {}
