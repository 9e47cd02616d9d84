import { IsIn } from 'class-validator';
import type { Channel } from '../../domain/address';
import { Optional } from '../../platform/http/validation';
import { Waiting } from '../delivery/sending-hours.dto';
import { CampaignProgress } from './campaign-progress.dto';

/** How it goes just now. */
export class LiveProgress extends CampaignProgress {
  /** Handed over in the last minute, about; 0 when nothing leaves. */
  perMinute: number;
  /** Null when nothing leaves, or nothing waits. */
  secondsLeft: number | null;
  /** Why the whole channel stands still until somebody lets it go on; null when it does not. */
  heldBecause: string | null;
  /** The provider does not answer; tried again by itself. */
  providerAway: boolean;
  /** It is not the hour; null when it is, or nothing waits. */
  waits: Waiting | null;
}

export class Measure {
  count: number;
  /** Of those whom the provider took, 0 to 1; null when it took nobody. */
  share: number | null;
  /** The middle share of the ten campaigns before on the same channel; null when there are fewer than three. */
  median: number | null;
}

export class CampaignMeasures {
  /** Taken by the provider; its share is of the audience. */
  accepted: Measure;
  /** Null as long as the provider has told of nothing; some never do. */
  delivered: Measure | null;
  /** Came back, was dropped by the provider, or was given up. */
  bounced: Measure;
  complaints: Measure;
  optOuts: Measure;
  /** Times that links were followed, about; the share is per recipient. Null where links are not counted. */
  clicks: Measure | null;
}

export class DoorCount {
  door: string;
  count: number;
}

export class FaultCount {
  state: 'REJECTED' | 'UNKNOWN' | 'NO_EVIDENCE' | 'BOUNCED' | 'DROPPED' | 'EXPIRED';
  /** As the provider or our own code names the cause. */
  code: string | null;
  count: number;
}

/** Handed over, without an answer. Never sent again by itself: it would be a second mail to whoever got the first. */
export class UnknownCount {
  /** Evidence may still come. */
  open: number;
  /** None came within a day. */
  closed: number;
  /** When the last of the open ones are given up. */
  closedBy: Date | null;
}

export class HourCount {
  /** Begin of the hour. */
  at: Date;
  sent: number;
  delivered: number;
  clicks: number;
}

export class LinkCount {
  /** Its place among the links of the content. */
  number: number;
  url: string;
  /** About: some programs that look through mail are counted as people. */
  clicks: number;
}

export class SmsSum {
  currency: string;
  amount: number;
}

export class SmsTold extends SmsSum {
  messages: number;
}

export class SmsCost {
  /** Messages whose parts the provider has told. */
  messages: number;
  parts: number;
  /** What the provider says it took, by currency; it tells some of it days later. */
  told: SmsTold[];
  /** The parts at our own price; null where none is set. */
  reckoned: SmsSum | null;
}

export class CampaignReport extends CampaignProgress {
  campaignId: string;
  name: string;
  channel: Channel;
  launchedAt: Date | null;
  finishedAt: Date | null;
  /** Null until it has started. */
  measures: CampaignMeasures | null;
  /** Opt-outs that name this campaign, by door. */
  optOuts: DoorCount[];
  /** What went wrong, by cause. */
  faults: FaultCount[];
  unknown: UnknownCount;
  /** The first 72 hours; hours in which nothing happened are left out. */
  hours: HourCount[];
  /** Null where links are not counted: too few recipients to keep them unknown, or no links. */
  links: LinkCount[] | null;
  /** What a run by text message has cost so far; null for mail. */
  sms: SmsCost | null;
}

export class MessageRow {
  id: string;
  contactId: string | null;
  name: string | null;
  address: string | null;
  state: string;
  reason: string | null;
  /** The ledger entry behind a no: which door, and when. */
  reasonDoor: string | null;
  reasonDetail: string | null;
  reasonAt: Date | null;
  decidedAt: Date | null;
  permitAt: Date | null;
  outcomeCode: string | null;
}

export class MessagePage {
  items: MessageRow[];
  /** Id to give as `after` for the next page; null at the end. */
  next: string | null;
}

/** What was sent, with nobody's name in it. */
export class SentContent {
  subject: string;
  /** Null for text messages. */
  html: string | null;
  text: string;
}

export class ReportWordsIn {
  /** Language of the words. */
  @Optional()
  @IsIn(['sv', 'en'])
  lang?: 'sv' | 'en';
}
