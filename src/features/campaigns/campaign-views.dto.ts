import { ApiProperty } from '@nestjs/swagger';
import type { Channel } from '../../domain/address';
import type { Block } from '../../domain/blocks/block';
import { OrganisationRef } from '../contacts/contacts.dto';
import { BLOCKS } from '../content/content.dto';
import type { DispatchState } from '../delivery/dispatches';
import { Sentence } from '../segments/segments.dto';
import { Waiting } from '../delivery/sending-hours.dto';
import type { CampaignState } from './campaign';
import { CampaignProgress } from './campaign-progress.dto';

/** Ids: people in any of `include`, if there are any, and in none of `exclude`. */
export class AudienceSegments {
  include: string[];
  exclude: string[];
}

/** Whom a campaign asks for; empty lists mean all. */
export class AudienceView {
  members: 'topic' | 'everyone';
  kinds: string[];
  organisationIds: string[];
  languages: string[];
  segments: AudienceSegments;
}

export class SegmentRef {
  id: string;
  name: string;
}

/** One segment of an audience, in words: of a campaign that has left, as it read then. */
export class AudienceSegment extends SegmentRef {
  sentence: Sentence;
  /** It leaves out whoever may not be profiled. */
  profiling: boolean;
  /** Nothing can be sent to it any more. */
  archived: boolean;
}

export class CampaignView {
  id: string;
  name: string;
  channel: Channel;
  state: CampaignState;
  /** Goes up with every save. */
  version: number;
  topicId: string | null;
  language: 'sv' | 'en';
  audience: AudienceView;
  templateKey: string | null;
  subject: string;
  preheader: string;
  body: string;
  /** What the body was made from; null = written as source. */
  @ApiProperty({ ...BLOCKS, nullable: true })
  blocks: Block[] | null;
  senderName: string | null;
  senderEmail: string | null;
  replyTo: string | null;
  timeZone: string;
  /** Wall clock in `timeZone`, `YYYY-MM-DDTHH:mm`. */
  sendAtLocal: string | null;
  sendAt: Date | null;
  windowHours: number;
  publicArchive: boolean;
  createdBy: string | null;
  testSentAt: Date | null;
  approvedBy: string | null;
  approvedAt: Date | null;
  approvalHash: string | null;
  /** Nothing leaves before; until then it can be taken back (POST …/withdraw). */
  leavesAt: Date | null;
  launchedAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
}

/** What is asked before many people get something. */
export class LaunchLimits {
  /** To more people than this a second person has to approve. */
  approvalAbove: number;
  /** To more people than this one has to say how many they are. */
  confirmAbove: number;
  /** Seconds in which a launch can be taken back. */
  regretSeconds: number;
}

/** Who it is from when the campaign names nobody. */
export class DefaultSender {
  name: string;
  email: string;
  replyTo: string;
}

export class CampaignDetail extends CampaignView {
  progress: CampaignProgress;
  createdByName: string | null;
  approvedByName: string | null;
  /** Who saved it last; null when it was a program or the command line. */
  savedByName: string | null;
  /** Those that the audience names. */
  organisations: OrganisationRef[];
  /** Those that the audience names. */
  segments: AudienceSegment[];
  /** Approved, but a segment has been changed since: it will not leave before it is approved again. */
  approvalIsVoid: boolean;
  /** Codes of why it came back to a draft by itself instead of leaving; none when somebody has acted since. */
  cameBack: string[];
  limits: LaunchLimits;
  /** It would begin outside the hours of its channel, and wait; null when not, and once it has started. */
  waits: Waiting | null;
  defaultSender: DefaultSender;
}

export class OtherEditors {
  names: string[];
}

export class TopicName {
  id: string;
  nameSv: string;
  nameEn: string;
}

/** Where the people of a run are; the sum of all is the audience. */
export class RunProgress {
  audience: number;
  /** Handed over, whatever became of it. */
  left: number;
  /** Wait for their turn. */
  pending: number;
  withheld: number;
}

export type CampaignGroup = 'draft' | 'awaiting_approval' | 'scheduled' | 'sending' | 'sent';

export class CampaignItem {
  id: string;
  name: string;
  channel: Channel;
  subject: string;
  /** `scheduled`: approved, with a time or ready to be launched; `sent`: all that has ended, however. */
  group: CampaignGroup;
  /** The campaign's own state, or the run's once there is one. */
  state: CampaignState | DispatchState | 'sending';
  topic: TopicName | null;
  audience: AudienceView;
  /** The first three of those that the audience names. */
  organisations: OrganisationRef[];
  /** Those that the audience names. */
  segments: SegmentRef[];
  timeZone: string;
  sendAtLocal: string | null;
  sendAt: Date | null;
  leavesAt: Date | null;
  launchedAt: Date | null;
  finishedAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
  createdByName: string | null;
  /** Null until it has started. */
  progress: RunProgress | null;
}

/** How many campaigns each group has, by the same search. */
export class GroupCounts {
  draft: number;
  awaiting_approval: number;
  scheduled: number;
  sending: number;
  sent: number;
}

export class CampaignPage {
  items: CampaignItem[];
  /** Id to give as `after` for the next page; null at the end. */
  next: string | null;
  counts: GroupCounts;
}

export class WithheldReason {
  reason: string;
  count: number;
}

export class SmsSpan {
  /** As for the invented person of previews. */
  usual: number;
  /** At most, for the longest names. */
  most: number;
}

export class SmsEstimateView {
  partsEach: SmsSpan;
  parts: SmsSpan;
  /** Null where no price is set (SMS_PRICE_PER_PART). */
  cost: SmsSpan | null;
  currency: string;
}

/** What the segments of an audience do to it. */
export class SegmentsCount {
  /** People that the rest of the audience names. */
  of: number;
  /** Those of them whom the segments leave out since they may not be profiled. */
  leftOut: number;
}

/** audience − withheld = gets, as of now; the permit decides again. */
export class AudienceCount {
  audience: number;
  gets: number;
  withheld: WithheldReason[];
  /** Null where no segment is named. */
  segments: SegmentsCount | null;
  /** People asked for who are not in the audience: there is no course to recommend to them. */
  noOffer: number;
  /** What text messages to them would take; null for mail. */
  sms: SmsEstimateView | null;
}

export class ReadyToGo {
  ready: true;
  audience: AudienceCount;
}

export class TestResult {
  to: string;
  /** accepted, rejected, not_sent or unknown. */
  outcome: string;
}

export class TestResults {
  results: TestResult[];
}

export class SamplePerson {
  id: string;
  name: string;
  organisation: string | null;
}

/** The campaign as one person would get it; its links are nobody's. */
export class Sample {
  /** Null: an invented person. */
  contact: SamplePerson | null;
  subject: string;
  html: string;
  text: string;
}

export class Samples {
  /** None while it has a fault that stops it. */
  items: Sample[];
}
