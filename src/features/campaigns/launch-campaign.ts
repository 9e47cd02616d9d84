import { Injectable } from '@nestjs/common';
import { offersIn } from '../../domain/offers/offer';
import { POLICY_VERSION } from '../../domain/policy';
import { Audit } from '../../platform/audit/audit';
import { Env } from '../../platform/config/env';
import { Database, type Sql } from '../../platform/database/database';
import { Conflict, Invalid } from '../../platform/errors';
import { SYSTEM, type Actor } from '../../platform/http/actor';
import { JobQueue } from '../../platform/queues/job-queue';
import { ContentService } from '../content/content.service';
import { Dispatches } from '../delivery/dispatches';
import { getCampaign, isVoid, LEAVES_AFTER, type Campaign, wordsOf } from './campaign';
import { CheckDomain } from './check-domain';
import { requireExpected } from './expected-number';
import { CountedLinks } from './counted-links';
import { Readiness } from './readiness';

const HOUR = 3_600_000;

/** What a launch stands on beside the campaign itself. */
@Injectable()
export class LaunchSteps {
  constructor(
    readonly env: Env,
    readonly content: ContentService,
    readonly audit: Audit,
    readonly domains: CheckDomain,
    readonly links: CountedLinks,
  ) {}
}

export interface LaunchOrder {
  /** The number of people they saw. */
  expected?: number;
  /** Somebody at the terminal has been asked, and follows it there: no time to regret, no number to type. */
  atOnce?: boolean;
}

/** From approved to sending: freezes the content, then the audience. Every step may be repeated. */
@Injectable()
export class LaunchCampaign {
  constructor(
    private readonly db: Database,
    private readonly readiness: Readiness,
    private readonly dispatches: Dispatches,
    private readonly steps: LaunchSteps,
    private readonly queue: JobQueue,
  ) {}

  /** Somebody presses the button. It leaves when they have had time to regret that; the sweeper starts it. */
  async start(
    id: string,
    actor: Actor,
    { expected, atOnce = false }: LaunchOrder = {},
  ): Promise<Campaign> {
    const { APPROVAL_ABOVE, CONFIRM_ABOVE, LAUNCH_REGRET_SECONDS } = this.steps.env;
    const asRead = await getCampaign(this.db, id);
    const { arithmetic, sender, campaign: current } = await this.readiness.require(asRead);
    // A small audience needs no approval, which would have asked this.
    if (asRead.channel === 'email') await this.steps.domains.require(sender.from.email);
    requireExpected(expected, arithmetic.gets, atOnce ? Infinity : CONFIRM_ABOVE);
    const wait = atOnce ? 0 : LAUNCH_REGRET_SECONDS;
    await this.db.tx(async (tx) => {
      const campaign = await getCampaign(tx, id, true);
      const free = campaign.state === 'draft' && arithmetic.gets <= APPROVAL_ABOVE;
      if (campaign.state !== 'approved' && !free) throw new Conflict('campaign_not_approved');
      if (campaign.version !== asRead.version) throw new Conflict('campaign_changed');
      const read = await this.readiness.audience.read(tx, campaign);
      if (isVoid(campaign, read)) {
        throw new Conflict('campaign_changed_since_approval');
      }
      await tx.query(
        `UPDATE campaign SET state = 'launching', leaves_at = ${LEAVES_AFTER('$2')}, body = $3, blocks = $4
         WHERE id = $1`,
        [id, wait, ...wordsOf(current)],
      );
      await this.steps.audit.record(tx, actor, 'campaign.launched', { type: 'campaign', id });
    });
    if (wait === 0) await this.queue.enqueue('campaigns.launch', [id]);
    return getCampaign(this.db, id);
  }

  /** The job. Safe to call again: a crash between any two steps goes on from the state in the database. */
  async run(id: string): Promise<void> {
    const campaign = await getCampaign(this.db, id);
    if (campaign.state !== 'launching' && campaign.state !== 'launched') return;
    const known = await this.dispatches.findByCampaign(id);
    try {
      const dispatchId = known?.id ?? (await this.create(campaign));
      if (dispatchId) await this.materialise(dispatchId, id);
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      await this.backToDraft(id, error);
    }
  }

  /** Whom it asked for when it was launched, however often this is begun anew. */
  private async materialise(dispatchId: string, id: string): Promise<void> {
    const launched = await getCampaign(this.db, id);
    const { audience } = this.readiness;
    const asked = audience.ask(launched, await audience.read(this.db, launched));
    await this.dispatches.materialise(dispatchId, asked);
  }

  /** What was ready at approval is not any more (all said no, the topic is gone, a segment has changed): a person must look. */
  private async backToDraft(id: string, fault: Invalid): Promise<void> {
    await this.db.tx(async (tx) => {
      await tx.query(
        `UPDATE campaign SET state = 'draft', approved_by = NULL, approved_at = NULL, approval_hash = NULL,
           leaves_at = NULL
         WHERE id = $1 AND state = 'launching'`,
        [id],
      );
      const faults = fault.errors?.map(({ code }) => code) ?? [fault.code];
      await this.steps.audit.record(
        tx,
        SYSTEM,
        'campaign.not_ready',
        { type: 'campaign', id },
        { faults },
      );
    });
  }

  private async create(campaign: Campaign): Promise<string | null> {
    // Asked first too: counting may take longer than there is time.
    if (!(await this.db.tx((tx) => this.lockDue(tx, campaign.id)))) return null;
    const ready = await this.readiness.require(campaign);
    return this.db.tx(async (tx) => {
      const locked = await this.lockDue(tx, campaign.id);
      if (!locked) return null;
      const read = await this.readiness.audience.read(tx, locked);
      if (isVoid(locked, read)) throw approvalIsVoid();
      const { content, arithmetic } = ready;
      const counted = await this.steps.links.lead(tx, locked, content, arithmetic.gets);
      const dispatchId = await this.dispatches.create(tx, {
        campaignId: locked.id,
        channel: locked.channel,
        topicId: ready.topic.id,
        contentVersionId: await this.steps.content.freeze(tx, counted),
        sender: ready.sender,
        policyVersion: POLICY_VERSION,
        windowEnd: windowEndOf(locked),
        batchSize: this.steps.env.BATCH_SIZE,
        offers: offersIn(content.html),
      });
      const asked = await this.readiness.audience.toKeep(tx, locked, read);
      await tx.query(
        `UPDATE campaign SET state = 'launched', launched_at = clock_timestamp(), asked = $2 WHERE id = $1`,
        [locked.id, asked && JSON.stringify(asked)],
      );
      return dispatchId;
    });
  }

  /** Null unless it is to leave now; what is too late expires. */
  private async lockDue(tx: Sql, id: string): Promise<Campaign | null> {
    const locked = await getCampaign(tx, id, true);
    if (locked.state !== 'launching') return null;
    const [clock] = await tx.query<{ early: boolean; late: boolean }>(
      `SELECT COALESCE($1 > clock_timestamp(), false) AS early, $2 <= clock_timestamp() AS late`,
      [locked.leavesAt, windowEndOf(locked)],
    );
    // Whoever rang, and however often: it can still be taken back.
    if (clock!.early) return null;
    if (!clock!.late) return locked;
    await tx.query(
      `UPDATE campaign SET state = 'expired', finished_at = clock_timestamp() WHERE id = $1`,
      [id],
    );
    await this.steps.audit.record(tx, SYSTEM, 'campaign.expired', { type: 'campaign', id });
    return null;
  }
}

/** An edit would have taken the approval away: what has changed are the segments. */
function approvalIsVoid(): Invalid {
  const message = 'en målgrupp har ändrats sedan utskicket godkändes';
  return new Invalid('campaign_not_ready', {
    errors: [{ path: 'audience.segments', code: 'segments_changed_since_approval', message }],
  });
}

/** Its window is counted from its send time, or from when somebody launched it before that. */
function windowEndOf({ sendAt, leavesAt, windowHours }: Campaign): Date {
  const start = Math.min(sendAt?.getTime() ?? Infinity, leavesAt?.getTime() ?? Infinity);
  return new Date(start + windowHours * HOUR);
}
