import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Channel } from '../../../src/domain/address';
import { decide } from '../../../src/domain/gate';
import { MyPagesModule } from '../../../src/features/my-pages/my-pages.module';
import { MyPreferences } from '../../../src/features/my-pages/choices/my-preferences';
import type {
  ChangePreferences,
  ChannelChoice,
} from '../../../src/features/my-pages/choices/my-preferences.dto';
import { factsOfContact } from '../../../src/features/registry/explain.queries';
import { createTestApp } from '../../setup/app';
import { World } from '../registry/world';

export const TOPICS = ['news', 'tips'] as const;

interface PersonOptions {
  kinds?: string[];
  source?: string;
  minor?: boolean;
}

/** The registry's world with Mina sidor on it, and two topics. */
export class MyPagesWorld {
  private constructor(
    readonly registry: World,
    readonly app: NestExpressApplication,
    readonly topicIds: Record<(typeof TOPICS)[number], string>,
  ) {}

  static async open(settings: Record<string, string> = {}): Promise<MyPagesWorld> {
    const registry = await World.open(settings);
    const app = await createTestApp(registry.env, registry.env.DATABASE_URL!, [MyPagesModule]);
    const topicIds = { news: await registry.topic('news'), tips: await registry.topic('tips') };
    return new MyPagesWorld(registry, app, topicIds);
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.registry.close();
  }

  /** Somebody who has been told of us, with these addresses (numbers start with +). */
  async person(values: string[], options: PersonOptions = {}): Promise<string> {
    const { kinds = ['learner'], source = 'crm_sync', minor = false } = options;
    const id = await this.registry.contact();
    await this.registry.db.query(
      `UPDATE contact SET kinds = $2, minor = $3, notice_at = now() WHERE id = $1`,
      [id, kinds, minor],
    );
    for (const value of values) {
      await this.registry.address(id, value, value.startsWith('+') ? 'mina_sidor' : source);
    }
    return id;
  }

  get preferences(): MyPreferences {
    return this.app.get(MyPreferences);
  }

  /** As somebody logged in by a link to their mailbox; `to` says to which, null: by the portal. */
  async change(contactId: string, input: ChangePreferences, to?: string | null) {
    const mailboxKey = to === null ? null : await this.mailboxKey(contactId, to);
    return this.preferences.change({ contactId, mailboxKey }, input);
  }

  private async mailboxKey(contactId: string, value?: string): Promise<Buffer | null> {
    const boxes = await factsOfContact(this.registry.db, contactId);
    const box = boxes.find((one) => one.channel === 'email' && one.value === (value ?? one.value));
    return box?.key ?? null;
  }

  /** The switches as the page has them: `news:email`, and which of them are on. */
  async shown(contactId: string): Promise<string[]> {
    const { topics } = await this.preferences.read(contactId);
    return topics.flatMap(({ key, channels }) =>
      (['email', 'sms'] as const).filter((channel) => channels[channel]?.on).map(named(key)),
    );
  }

  async choice(contactId: string, key: string, channel: Channel): Promise<ChannelChoice | null> {
    const { topics } = await this.preferences.read(contactId);
    return topics.find((topic) => topic.key === key)!.channels[channel];
  }

  /** What the gate lets through, asked by itself: a pause and fewer are no answer to what somebody has chosen. */
  async allowed(contactId: string): Promise<string[]> {
    const facts = await factsOfContact(this.registry.db, contactId);
    const open = TOPICS.flatMap((key) =>
      facts
        .filter((address) => {
          const { verdict } = decide({
            ...address,
            kinds: address.kinds!,
            source: address.source!,
            minor: address.minor!,
            pausedUntil: null,
            fewer: false,
            topicId: this.topicIds[key],
            now: new Date(),
            alreadySent: false,
            sentLately: false,
            capped: false,
            dispatchState: 'running',
            windowEnd: null,
            purposeAssessed: true,
          });
          return verdict === 'allow';
        })
        .map(({ channel }) => named(key)(channel)),
    );
    return [...new Set(open)];
  }
}

const named = (key: string) => (channel: Channel) => `${key}:${channel}`;
