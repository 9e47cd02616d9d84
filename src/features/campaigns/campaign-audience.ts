import { Injectable } from '@nestjs/common';
import { type AskedAudience, audienceCondition, WHOLE_TOPIC } from '../../domain/audience';
import { offersIn } from '../../domain/offers/offer';
import { treeOf } from '../../domain/segment/of-audience';
import type { Group } from '../../domain/segment/tree';
import { Database, type Sql } from '../../platform/database/database';
import { Invalid } from '../../platform/errors';
import { type Arithmetic, Dispatches } from '../delivery/dispatches';
import { freeze, type FrozenQuestion, thaw } from '../segments/frozen-question';
import { patiently } from '../segments/patience';
import { Sentences } from '../segments/segment-names';
import { SegmentQuestions } from '../segments/segment-questions';
import { ASKED, peopleIn, NAMED_SEGMENTS } from './audience.queries';
import { segmentFaultsOf, type SegmentsRead } from './audience-segments';
import type { Campaign } from './campaign';
import type { AudienceSegment, SegmentsCount } from './campaign-views.dto';

/** Written down at the launch: the question, and its segments in words. */
interface AskedAtLaunch extends FrozenQuestion {
  named: AudienceSegment[];
}

export interface AudienceArithmetic extends Arithmetic {
  segments: SegmentsCount | null;
  /** Asked for, and not in the audience: there is no course to recommend to them. */
  noOffer: number;
}

/** Whom a campaign asks for: as it reads now, and once it is launched as it read then. */
@Injectable()
export class CampaignAudience {
  constructor(
    private readonly db: Database,
    private readonly questions: SegmentQuestions,
    private readonly dispatches: Dispatches,
  ) {}

  /** Null when no segment is named. */
  async read(sql: Sql, { id, state, audience }: Campaign): Promise<SegmentsRead | null> {
    const tree = treeOf(audience);
    if (!tree) return null;
    if (state !== 'launched') return { tree, known: await this.questions.known(sql) };
    return { tree, known: thaw(await this.atLaunch(sql, id)) };
  }

  /** With what its segments ask; to whom there is something to recommend is asked slice by slice at the launch. */
  ask({ audience }: Campaign, read: SegmentsRead | null): AskedAudience {
    return read
      ? { ...audience, inSegments: this.questions.conditionOf(read.tree, read.known) }
      : audience;
  }

  /** Who would get it now, and why the others would not. Refuses with `segment_too_slow`. */
  async count(campaign: Campaign, topicId: string): Promise<AudienceArithmetic> {
    const { channel, audience, body } = campaign;
    const read = await this.read(this.db, campaign);
    const errors = segmentFaultsOf(audience, read);
    if (errors.length > 0) throw new Invalid('campaign_not_ready', { errors });
    const asked = this.ask(campaign, read);
    const offered = offersIn(body) > 0;
    if (!read && !offered) {
      const arithmetic = await this.dispatches.arithmetic(topicId, channel, asked);
      return { ...arithmetic, segments: null, noOffer: 0 };
    }
    return patiently(this.db, async (tx) => {
      const people = async (who: AskedAudience) => {
        const condition = audienceCondition(who, channel, topicId);
        const [row] = await tx.query<{ all: number; unprofiled: number }>(
          peopleIn(channel, condition),
          [...condition.values],
        );
        return row!;
      };
      const arithmetic = await this.dispatches.arithmetic(
        topicId,
        channel,
        { ...asked, offered },
        tx,
      );
      const noOffer = offered ? (await people(asked)).all - arithmetic.audience : 0;
      if (!read) return { ...arithmetic, segments: null, noOffer };
      const before = await people({ ...audience, segments: WHOLE_TOPIC.segments });
      const profiling = this.questions.isProfiling(read.tree, read.known);
      const segments = { of: before.all, leftOut: profiling ? before.unprofiled : 0 };
      return { ...arithmetic, segments, noOffer };
    });
  }

  /** Contacts among those who would get it now; none while it cannot be asked. */
  async some(campaign: Campaign, topicId: string, most: number): Promise<string[]> {
    const read = await this.read(this.db, campaign);
    if (segmentFaultsOf(campaign.audience, read).length > 0) return [];
    const asked = { ...this.ask(campaign, read), offered: offersIn(campaign.body) > 0 };
    return patiently(this.db, (tx) =>
      this.dispatches.someWhoGetIt(topicId, campaign.channel, asked, most, tx),
    );
  }

  /** The segments of its audience in words, by name. */
  async named(sql: Sql, campaign: Campaign): Promise<AudienceSegment[]> {
    const read = await this.read(sql, campaign);
    if (!read) return [];
    if (campaign.state === 'launched') return (await this.atLaunch(sql, campaign.id)).named;
    const { include, exclude } = campaign.audience.segments;
    const rows = await sql.query<Omit<AudienceSegment, 'sentence' | 'profiling'> & { tree: Group }>(
      NAMED_SEGMENTS,
      [[...include, ...exclude]],
    );
    const trees = rows.map(({ tree }) => tree);
    const sentences = await Sentences.of(sql, trees, read.known.attributes);
    return rows.map(({ tree, ...segment }) => ({
      ...segment,
      sentence: sentences.tree(tree),
      profiling: this.questions.isProfiling(tree, read.known),
    }));
  }

  /** For the launch to write down; null without segments. */
  async toKeep(
    sql: Sql,
    campaign: Campaign,
    read: SegmentsRead | null,
  ): Promise<AskedAtLaunch | null> {
    if (!read) return null;
    return { ...freeze(read.tree, read.known), named: await this.named(sql, campaign) };
  }

  private async atLaunch(sql: Sql, id: string): Promise<AskedAtLaunch> {
    const [row] = await sql.query<{ asked: AskedAtLaunch }>(ASKED, [id]);
    return row!.asked;
  }
}
