import { createHash } from 'node:crypto';
import type { Channel } from '../../domain/address';
import type { Block } from '../../domain/blocks/block';
import type { Audience } from '../../domain/audience';
import type { Sql } from '../../platform/database/database';
import { NotFound } from '../../platform/errors';
import { isUuid } from '../../platform/ids';
import { coveredOf, type SegmentsRead } from './audience-segments';

/** Stored is only what somebody decided; progress is derived from the dispatch. */
export type CampaignState =
  'draft' | 'awaiting_approval' | 'approved' | 'launching' | 'launched' | 'cancelled' | 'expired';

export interface Campaign {
  id: string;
  name: string;
  channel: Channel;
  state: CampaignState;
  version: number;
  topicId: string | null;
  language: 'sv' | 'en';
  audience: Audience;
  templateKey: string | null;
  subject: string;
  preheader: string;
  body: string;
  /** What the body was made from; null when it was written as source. */
  blocks: Block[] | null;
  senderName: string | null;
  senderEmail: string | null;
  replyTo: string | null;
  timeZone: string;
  sendAtLocal: string | null;
  sendAt: Date | null;
  windowHours: number;
  publicArchive: boolean;
  createdBy: string | null;
  testSentAt: Date | null;
  approvedBy: string | null;
  approvedAt: Date | null;
  approvalHash: string | null;
  /** Nothing leaves before. */
  leavesAt: Date | null;
  launchedAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
}

export const CAMPAIGN_COLUMNS = `id, name, channel, state, version, topic_id AS "topicId", language, audience,
  template_key AS "templateKey", subject, preheader, body, blocks, sender_name AS "senderName",
  sender_email AS "senderEmail", reply_to AS "replyTo", time_zone AS "timeZone",
  send_at_local AS "sendAtLocal", send_at AS "sendAt", window_hours AS "windowHours",
  public_archive AS "publicArchive", created_by AS "createdBy", test_sent_at AS "testSentAt",
  approved_by AS "approvedBy", approved_at AS "approvedAt", approval_hash AS "approvalHash",
  leaves_at AS "leavesAt", launched_at AS "launchedAt", created_at AS "createdAt", updated_at AS "updatedAt"`;

/** `lock` keeps the row from other changes until the transaction ends. */
export async function getCampaign(sql: Sql, id: string, lock = false): Promise<Campaign> {
  if (!isUuid(id)) throw new NotFound('campaign_not_found');
  const [campaign] = await sql.query<Campaign & Record<string, unknown>>(
    `SELECT ${CAMPAIGN_COLUMNS} FROM campaign WHERE id = $1 ${lock ? 'FOR UPDATE' : ''}`,
    [id],
  );
  if (!campaign) throw new NotFound('campaign_not_found');
  return campaign;
}

/** Nobody has decided yet that it goes as it is. */
export function isOpen({ state }: Campaign): boolean {
  return state === 'draft' || state === 'awaiting_approval';
}

/** For the columns body and blocks. */
export function wordsOf({ body, blocks }: Campaign): [string, string | null] {
  return [body, blocks && JSON.stringify(blocks)];
}

/** What an approval covers: who gets what, from whom, about which topic. Any change voids it, of a segment too. */
export function approvalHashOf(campaign: Campaign, read: SegmentsRead | null): string {
  const { channel, topicId, language, audience, subject, preheader, body } = campaign;
  const { senderName, senderEmail, replyTo } = campaign;
  const { members, kinds, organisationIds, languages } = audience;
  const covered = [
    channel,
    topicId,
    language,
    [members, kinds, organisationIds, languages, ...coveredOf(audience, read)],
    subject,
    preheader,
    body,
    [senderName, senderEmail, replyTo],
  ];
  return createHash('sha256').update(JSON.stringify(covered)).digest('hex');
}

/** Is what was approved not what would be sent? */
export function isVoid(campaign: Campaign, read: SegmentsRead | null): boolean {
  return campaign.approvalHash !== null && campaign.approvalHash !== approvalHashOf(campaign, read);
}

/** No time to regret is an instant that has come: rounded down, since a column of milliseconds rounds up. */
export const LEAVES_AFTER = (seconds: string): string =>
  `date_trunc('milliseconds', clock_timestamp()) + make_interval(secs => ${seconds})`;
