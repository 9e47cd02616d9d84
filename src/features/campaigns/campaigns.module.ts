import { Module } from '@nestjs/common';
import { ContentModule } from '../content/content.module';
import { DeliveryModule } from '../delivery/delivery.module';
import { SegmentsModule } from '../segments/segments.module';
import { Approval, ApprovalSteps } from './approval';
import { ArchiveController } from './archive.controller';
import { CampaignAudience } from './campaign-audience';
import { CampaignReports } from './campaign-report';
import { CampaignReportController } from './campaign-report.controller';
import { CampaignEditors } from './campaign-editors';
import { CampaignList } from './campaign-list';
import { CampaignVersions } from './campaign-versions';
import { CampaignVersionsController } from './campaign-versions.controller';
import { CampaignsController } from './campaigns.controller';
import { Campaigns } from './campaigns.service';
import { CheckCampaign, CheckSteps } from './check-campaign';
import { ClickMap } from './click-map';
import { CheckDomain, TextRecords } from './check-domain';
import { CheckCampaignController } from './check-campaign.controller';
import { DescribeCampaign } from './describe-campaign';
import { CountedLinks } from './counted-links';
import { CampaignTallies } from './campaign-tallies';
import { FollowLink } from './follow-link';
import { FollowLinkController } from './follow-link.controller';
import { ImpersonalContent } from './impersonal-content';
import { LaunchCampaign, LaunchSteps } from './launch-campaign';
import { Readiness } from './readiness';
import { RunReports } from './run-report';
import { SendersController } from './senders/senders.controller';
import { Senders } from './senders/senders.service';
import { SmsCostReport } from './sms-cost';
import { SteerCampaign } from './steer-campaign';
import { SteerCampaignController } from './steer-campaign.controller';
import { SweepCampaigns } from './sweep-campaigns';
import { WatchCampaign } from './watch-campaign';

@Module({
  imports: [ContentModule, DeliveryModule, SegmentsModule],
  controllers: [
    CampaignsController,
    SteerCampaignController,
    CampaignVersionsController,
    CampaignReportController,
    CheckCampaignController,
    ArchiveController,
    FollowLinkController,
    SendersController,
  ],
  providers: [
    Approval,
    ApprovalSteps,
    CampaignAudience,
    CampaignEditors,
    CampaignList,
    CampaignReports,
    CampaignTallies,
    Campaigns,
    CampaignVersions,
    DescribeCampaign,
    CheckDomain,
    TextRecords,
    CheckCampaign,
    CheckSteps,
    ClickMap,
    CountedLinks,
    FollowLink,
    ImpersonalContent,
    LaunchCampaign,
    LaunchSteps,
    Readiness,
    RunReports,
    Senders,
    SmsCostReport,
    SteerCampaign,
    SweepCampaigns,
    WatchCampaign,
  ],
  exports: [
    Approval,
    ApprovalSteps,
    CampaignReports,
    CampaignTallies,
    Campaigns,
    CheckDomain,
    TextRecords,
    CheckCampaign,
    FollowLink,
    LaunchCampaign,
    SteerCampaign,
    SweepCampaigns,
    WatchCampaign,
  ],
})
export class CampaignsModule {}
