import { Temporal } from 'temporal-polyfill';
import { NEVER_SENT } from '../../../src/domain/message-state';
import type { SavedSegment } from '../../../src/domain/segment/other-segments';
import {
  type CampaignRule,
  type ClicksRule,
  type Group,
  isGroup,
  type LearningRule,
  type Rule,
  type TopicRule,
  type TreeNode,
  type When,
} from '../../../src/domain/segment/tree';
import {
  ATTRIBUTES,
  CAMPAIGNS,
  COURSES,
  type Organisation,
  ORGANISATIONS,
  type Person,
} from './population';

export interface World {
  organisations: readonly Organisation[];
  segments: ReadonlyMap<string, SavedSegment>;
  /** Of each static segment its place in Person.memberOf. */
  lists: ReadonlyMap<string, number>;
}

export interface Asking {
  now: Date;
  timeZone: string;
}

/** The same question by the plainest means: a loop over what is known of the person. */
export function naiveAnswer(tree: Group, person: Person, asking: Asking, world: World): boolean {
  if (person.addresses.some(({ restricted, erased }) => restricted || erased)) return false;
  if (profiles(tree, world) && !person.profiled) return false;
  return new Reader(person, asking, world).node(tree) === true;
}

function profiles(node: TreeNode, world: World): boolean {
  if (isGroup(node)) return node.rules.some((rule) => profiles(rule, world));
  if (node.field === 'segment') {
    const { value } = node as { value: string[] };
    return value.some((id) => profiles(world.segments.get(id)!.tree, world));
  }
  return ['learning', 'campaign', 'clicks', 'attribute:a1', 'attribute:a4'].includes(node.field);
}

function asksClicks(node: TreeNode, world: World): boolean {
  if (isGroup(node)) return node.rules.some((rule) => asksClicks(rule, world));
  if (node.field !== 'segment') return node.field === 'clicks';
  return values(node).some((id) => asksClicks(world.segments.get(id)!.tree, world));
}

/** null: it is not known, and neither is the opposite. */
type Answer = boolean | null;

const not = (answer: Answer): Answer => (answer === null ? null : !answer);
const any = (answers: Answer[]): Answer =>
  answers.includes(true) ? true : answers.includes(null) ? null : false;

class Reader {
  constructor(
    private readonly person: Person,
    private readonly asking: Asking,
    private readonly world: World,
  ) {}

  node(node: TreeNode): Answer {
    if (!isGroup(node)) return this.rule(node);
    const answers = node.rules.map((rule) => this.node(rule));
    if (node.match === 'all') return not(any(answers.map(not)));
    return node.match === 'any' ? any(answers) : not(any(answers));
  }

  private rule(rule: Rule): Answer {
    const { person } = this;
    switch (rule.field) {
      case 'kind':
        if (rule.op === 'is_empty') return person.kinds.length === 0;
        if (rule.op === 'is_not_empty') return person.kinds.length > 0;
        return (rule.op === 'one_of') === values(rule).some((kind) => person.kinds.includes(kind));
      case 'language':
        return this.compare(rule, person.language);
      case 'city':
        return this.compare(rule, person.city);
      case 'title':
        return this.compare(rule, person.title);
      case 'first_name':
        return this.compare(rule, person.firstName);
      case 'last_name':
        return this.compare(rule, person.lastName);
      case 'time_zone':
        return this.compare(rule, person.timeZone);
      case 'created':
        return this.compare(rule, person.createdAt);
      case 'has_email':
        return person.hasEmail === (rule.op === 'yes');
      case 'has_phone':
        return person.hasPhone === (rule.op === 'yes');
      case 'organisation':
        return this.compare(
          rule,
          person.organisation === null ? null : ORGANISATIONS[person.organisation]!,
        );
      case 'organisation_name':
        return this.compare(rule, this.organisation()?.name ?? null);
      case 'organisation_city':
        return this.compare(rule, this.organisation()?.city ?? null);
      case 'agreement':
        return this.agreement(rule);
      case 'topic':
        return this.topic(rule as TopicRule);
      case 'campaign':
        return this.campaign(rule as CampaignRule);
      case 'clicks':
        return this.clicks(rule as ClicksRule);
      case 'learning':
        return this.learning(rule as LearningRule);
      case 'segment': {
        const inOne = any(values(rule).map((id) => this.inSegment(id)));
        return rule.op === 'one_of' ? inOne : not(inOne);
      }
      default:
        return this.compare(rule, this.attribute(rule.field));
    }
  }

  private attribute(field: string): string | number | boolean | null {
    const n = ATTRIBUTES.findIndex(({ key }) => field === `attribute:${key}`);
    const held = this.person.attributes.find((one) => one.n === n);
    if (!held) return null;
    const years = ATTRIBUTES[n]!.purpose === 'R-09' ? 1 : 3;
    return this.isYounger(held.collectedAt, years) ? held.value : null;
  }

  private compare(rule: Rule, is: string | number | boolean | Date | null): boolean {
    const filled = is !== null && is !== '';
    switch (rule.op) {
      case 'is_empty':
        return !filled;
      case 'is_not_empty':
        return filled;
      case 'is':
        return is !== null && fold(is as string) === fold(rule.value);
      case 'is_not':
        return is === null || fold(is as string) !== fold(rule.value);
      case 'contains':
        return is !== null && fold(is as string).includes(fold(rule.value));
      case 'not_contains':
        return is === null || !fold(is as string).includes(fold(rule.value));
      case 'starts_with':
        return is !== null && fold(is as string).startsWith(fold(rule.value));
      case 'equals':
        return is === rule.value;
      case 'not_equals':
        return is !== rule.value;
      case 'less_than':
        return is !== null && (is as number) < rule.value;
      case 'more_than':
        return is !== null && (is as number) > rule.value;
      case 'between':
        return is !== null && (is as number) >= rule.value.from && (is as number) <= rule.value.to;
      case 'one_of':
        return is !== null && rule.value.includes(is as string);
      case 'none_of':
        return is === null || !rule.value.includes(is as string);
      case 'yes':
        return is === true;
      case 'no':
        return is === false;
      case 'within':
        return is !== null && this.lies(is as string | Date, rule.value);
      case 'not_within':
        return is === null || !this.lies(is as string | Date, rule.value);
      case 'active':
      case 'at_least':
      case 'at_most':
      case 'clicked':
      case 'did':
      case 'ended':
      case 'ends_within':
      case 'granted':
      case 'never':
      case 'never_clicked':
      case 'never_sent':
      case 'no_agreement':
      case 'not_granted':
      case 'refused':
      case 'sent':
        throw new Error(`${rule.field} ${rule.op}`);
    }
  }

  /** Days are compared as days of the calendar on the wall of whoever asks. */
  private lies(is: string | Date, when: When): boolean {
    const day = typeof is === 'string' ? is : this.dayOf(is);
    if ('on' in when) return day === when.on;
    if ('before' in when) return day < when.before;
    if ('after' in when) return day > when.after;
    if ('from' in when) return day >= when.from && day <= when.to;
    const ahead = 'next' in when;
    const span = { [when.unit]: ahead ? when.next : when.last };
    if (typeof is === 'string') {
      const today = Temporal.PlainDate.from(this.dayOf(this.asking.now));
      const end = (ahead ? today.add(span) : today.subtract(span)).toString();
      return ahead ? day >= today.toString() && day <= end : day >= end && day <= today.toString();
    }
    const now = this.now();
    const edge = (ahead ? now.add(span) : now.subtract(span)).epochMilliseconds;
    const [from, to] = ahead ? [now.epochMilliseconds, edge] : [edge, now.epochMilliseconds];
    return is.getTime() >= from && is.getTime() <= to;
  }

  private agreement(rule: Rule): boolean {
    const held = this.organisation()?.agreements ?? [];
    const today = this.dayOf(this.asking.now);
    const lastsUntil = (day: string) => (endsOn: string | null) => endsOn === null || endsOn > day;
    const active = held.some(
      ({ startsOn, endsOn }) => startsOn <= today && (endsOn === null || endsOn >= today),
    );
    if (rule.op === 'no_agreement') return held.length === 0;
    if (rule.op === 'active') return active;
    if (rule.op === 'ended') {
      return held.length > 0 && held.every(({ endsOn }) => endsOn !== null && endsOn < today);
    }
    const end = Temporal.PlainDate.from(today).add({ days: (rule as { value: number }).value });
    return active && !held.some(({ endsOn }) => lastsUntil(end.toString())(endsOn));
  }

  private topic(rule: TopicRule): boolean {
    const { addresses } = this.person;
    if (rule.op === 'refused') {
      return addresses.some(({ allowed, noAll, noTopics, withdrawn }) =>
        rule.value.some(
          (topic) =>
            !allowed.includes(topic) &&
            (noAll || noTopics.includes(topic) || withdrawn.includes(topic)),
        ),
      );
    }
    const granted = addresses.some(({ allowed, grants }) =>
      rule.value.some(
        (topic) =>
          allowed.includes(topic) &&
          (!rule.when ||
            grants.some(({ topicId, at }) => topicId === topic && this.lies(at, rule.when!))),
      ),
    );
    return granted === (rule.op === 'granted');
  }

  private campaign(rule: CampaignRule): boolean {
    const sent = this.person.messages.some(
      ({ campaign, state, permitAt }) =>
        permitAt !== null &&
        !NEVER_SENT.includes(state as never) &&
        this.isYounger(permitAt, 3) &&
        (!rule.value || rule.value.includes(CAMPAIGNS[campaign]!)) &&
        (!rule.when || this.lies(permitAt, rule.when)),
    );
    return sent === (rule.op === 'sent');
  }

  private clicks(rule: ClicksRule): Answer {
    if (this.person.clicks === null) return null;
    const clicked = this.person.clicks.some(
      ({ campaign, at }) =>
        this.isYounger(at, 3) &&
        (!rule.value || rule.value.includes(CAMPAIGNS[campaign]!)) &&
        (!rule.when || this.lies(at, rule.when)),
    );
    return clicked === (rule.op === 'clicked');
  }

  private learning(rule: LearningRule): boolean {
    const all = this.person.events.filter(({ kind, course, receivedAt }) => {
      const taken = course === null ? null : COURSES[course]!;
      const about =
        (!rule.courses && !rule.subjects) ||
        (taken !== null &&
          (rule.courses?.includes(taken.id) ||
            rule.subjects?.some((subject) => fold(subject) === fold(taken.subject))));
      return about && rule.events.includes(kind as never) && this.isYounger(receivedAt, 3);
    });
    const times = all.map(({ occurredAt }) => occurredAt.getTime());
    if (rule.which) {
      if (times.length === 0) return false;
      const edge = rule.which === 'first' ? Math.min(...times) : Math.max(...times);
      return this.lies(new Date(edge), rule.when!);
    }
    const count = times.filter((time) => !rule.when || this.lies(new Date(time), rule.when)).length;
    if (rule.op === 'at_least') return count >= rule.times!;
    if (rule.op === 'at_most') return count <= rule.times!;
    return count > 0 === (rule.op === 'did');
  }

  private inSegment(id: string): Answer {
    const segment = this.world.segments.get(id)!;
    if (segment.kind === 'dynamic') return this.node(segment.tree);
    if (profiles(segment.tree, this.world) && !this.isYounger(segment.frozenAt, 3)) return false;
    if (asksClicks(segment.tree, this.world) && this.person.clicks === null) return null;
    return this.person.memberOf[this.world.lists.get(id)!]!;
  }

  private organisation(): Organisation | undefined {
    const { organisation } = this.person;
    return organisation === null ? undefined : this.world.organisations[organisation];
  }

  private isYounger(time: Date, years: number): boolean {
    return time.getTime() > this.now().subtract({ years }).epochMilliseconds;
  }

  private now(): Temporal.ZonedDateTime {
    const now = Temporal.Instant.fromEpochMilliseconds(this.asking.now.getTime());
    return now.toZonedDateTimeISO(this.asking.timeZone);
  }

  private dayOf(time: Date): string {
    return dayIn(this.asking.timeZone, time);
  }
}

const calendars = new Map<string, Intl.DateTimeFormat>();
const days = new Map<string, string>();

/** Kept, since there are few times and many questions. */
function dayIn(timeZone: string, time: Date): string {
  const calendar = calendars.get(timeZone) ?? new Intl.DateTimeFormat('sv-SE', { timeZone });
  calendars.set(timeZone, calendar);
  const key = `${timeZone} ${time.getTime()}`;
  const day = days.get(key) ?? calendar.format(time);
  days.set(key, day);
  return day;
}

const values = (rule: Rule): string[] => (rule as { value: string[] }).value;

/** As our database folds case: sign by sign, each to one sign (İ to i, ß as it is). */
const fold = (text: string): string =>
  [...text.normalize('NFC')].map((sign) => [...sign.toLowerCase()][0]).join('');
