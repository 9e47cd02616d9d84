import { Injectable, Logger } from '@nestjs/common';
import { Env } from '../../platform/config/env';
import { Database } from '../../platform/database/database';
import { DemoCampaigns } from './demo-campaigns';
import { DemoDeeds } from './demo-deeds';
import { readSettings, type DemoSettings } from './demo-files';
import { demoLines, pageLines, type DemoFigures } from './demo-lines';
import { DemoPeople } from './demo-people';
import { DemoProgress } from './demo-progress';
import { DemoReactions } from './demo-reactions';
import { DemoSegments } from './demo-segments';
import { DemoSetUp } from './demo-set-up';
import { readGroups } from './people-groups';

/** The parts of the demo, in the order they are needed. */
@Injectable()
export class DemoParts {
  constructor(
    readonly setUp: DemoSetUp,
    readonly people: DemoPeople,
    readonly deeds: DemoDeeds,
    readonly campaigns: DemoCampaigns,
    readonly segments: DemoSegments,
  ) {}
}

/** A believable small company on an empty database. */
@Injectable()
export class Demo {
  private readonly log = new Logger('demo');

  constructor(
    private readonly env: Env,
    private readonly db: Database,
    private readonly progress: DemoProgress,
    private readonly parts: DemoParts,
    private readonly reactions: DemoReactions,
  ) {}

  /**
   * Loads what is missing of the demo and returns the lines to print. Touches no database that somebody else
   * has begun to use; goes on where a crash stopped it. A demo that fails does not keep the service from running.
   */
  async load(): Promise<string[]> {
    const settings = readSettings();
    const first = !(await this.progress.isFinished());
    let failed = false;
    if (first) {
      const outcome = await this.progress.alone(async () =>
        (await this.progress.begin()) ? this.tryToLoad(settings) : 'not_ours',
      );
      if (outcome === 'not_ours') return pageLines(this.env);
      failed = outcome === 'failed';
    }
    return demoLines(this.env, settings, { first, failed, figures: await this.figures(settings) });
  }

  private async tryToLoad(settings: DemoSettings): Promise<'loaded' | 'failed'> {
    try {
      await this.loadAll(settings);
      return 'loaded';
    } catch (error) {
      this.log.error(error instanceof Error ? error.stack : String(error));
      return 'failed';
    }
  }

  private async loadAll(settings: DemoSettings): Promise<void> {
    const { progress, parts } = this;
    await progress.repeatable('staff', () => parts.setUp.staff(settings));
    const topicIds = await parts.setUp.topicIds(settings.topics);
    await progress.repeatable('form', () => parts.setUp.form(settings, topicIds));
    for (const group of readGroups()) {
      await progress.inTransaction(`people: ${group.name}`, (tx) =>
        parts.people.add(tx, group, { topicIds, consent: settings.consent }),
      );
    }
    await progress.repeatable('learning', () => parts.setUp.learning.load());
    const { marketer } = await parts.setUp.actors();
    await progress.repeatable('segments', () => parts.segments.load(marketer));
    await progress.inTransaction('deeds', (tx) => parts.deeds.record(tx, topicIds));
    await this.loadCampaigns(settings, topicIds);
    await progress.finish();
  }

  private async loadCampaigns(
    settings: DemoSettings,
    topicIds: ReadonlyMap<string, string>,
  ): Promise<void> {
    const { setUp, campaigns } = this.parts;
    const actors = await setUp.actors();
    for (const spec of settings.campaigns) {
      await this.progress.repeatable(`campaign: ${spec.name}`, async () => {
        const campaign = await campaigns.ensure(spec, topicIds.get(spec.topic)!, actors);
        // By any other channel the mails would leave this computer, for addresses that do not exist.
        if (!spec.sent || this.env.EMAIL_CHANNEL !== 'mailbox') return;
        await campaigns.send(campaign, actors);
        await this.reactions.to(campaign.id);
      });
    }
  }

  private async figures(settings: DemoSettings): Promise<DemoFigures> {
    const [figures] = await this.db.query<DemoFigures & Record<string, unknown>>(
      `SELECT (SELECT count(*) FROM contact WHERE merged_into_id IS NULL) AS people,
         (SELECT count(*) FROM organisation) AS organisations,
         (SELECT count(*) FROM dispatch WHERE state = 'finished') AS sent,
         EXISTS (SELECT FROM campaign WHERE name = $1 AND launched_at IS NULL) AS unsent`,
      [settings.campaigns.find(({ sent }) => !sent)?.name],
    );
    return figures!;
  }
}
