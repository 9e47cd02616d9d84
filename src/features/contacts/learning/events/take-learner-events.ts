import { Injectable } from '@nestjs/common';
import { Audit } from '../../../../platform/audit/audit';
import { Clock } from '../../../../platform/clock';
import { Database, type Sql } from '../../../../platform/database/database';
import { Conflict, Invalid } from '../../../../platform/errors';
import type { Actor } from '../../../../platform/http/actor';
import { faultOf, type Judged, judgeEach } from '../batch.dto';
import {
  LearnerEventInput,
  type LearnerEventItemResult,
  type LearnerEventResult,
} from './learner-events.dto';
import {
  compareEvents,
  type EventVerdict,
  type NumberedEvent,
  storeEvents,
} from './learner-events.queries';
import { SendingFirst } from './sending-first';

const DAY = 86_400_000;
const EARLIEST = Date.UTC(2000, 0, 1);

/** What learners did, from the learning platform: in any order, any number of times. */
@Injectable()
export class TakeLearnerEvents {
  constructor(
    private readonly db: Database,
    private readonly audit: Audit,
    private readonly clock: Clock,
    private readonly sendingFirst: SendingFirst,
  ) {}

  /** Throws Invalid with every fault, also of ids that are unknown; Conflict `event_conflict`. */
  async take(input: LearnerEventInput, actor: Actor): Promise<LearnerEventResult> {
    const [result] = await this.takeNow([{ ...input }], actor);
    const { outcome, reason, errors } = result!;
    if (outcome === 'conflict') throw new Conflict('event_conflict');
    if (errors.length > 0) throw new Invalid('invalid_fields', { errors });
    return { outcome, reason };
  }

  /** One result per item, in their order; a faulty item does not hold the others back. */
  takeMany(items: readonly object[], actor: Actor): Promise<LearnerEventItemResult[]> {
    return this.sendingFirst.take(() => this.takeNow(items, actor));
  }

  private async takeNow(items: readonly object[], actor: Actor): Promise<LearnerEventItemResult[]> {
    const now = this.clock.now();
    const judged = judgeEach(LearnerEventInput, items);
    const first = new Map<string, NumberedEvent>();
    for (const { index, input, errors } of judged) {
      if (errors.length > 0) continue;
      const occurredAt = new Date(input.occurredAt);
      errors.push(...faultsOfTime(occurredAt, now));
      if (errors.length > 0 || first.has(input.eventId)) continue;
      first.set(input.eventId, { n: index, event: input, occurredAt });
    }
    const verdicts = await this.store([...first.values()], now, actor);
    return judged.map((one) => toResult(one, first, verdicts));
  }

  private async store(
    events: NumberedEvent[],
    now: Date,
    actor: Actor,
  ): Promise<Map<number, EventVerdict>> {
    if (events.length === 0) return new Map();
    return this.db.tx(async (tx) => {
      const verdicts = new Map((await storeEvents(tx, events, now)).map((row) => [row.n, row]));
      await settleRaces(tx, events, verdicts);
      const counts: Record<string, number> = {};
      for (const { outcome } of verdicts.values()) counts[outcome!] = (counts[outcome!] ?? 0) + 1;
      const subject = { type: 'learner_event', id: null };
      await this.audit.record(tx, actor, 'learner_events.taken', subject, counts);
      return verdicts;
    });
  }
}

/** A statement of its own sees what others committed while the first one waited for them. */
async function settleRaces(
  tx: Sql,
  events: NumberedEvent[],
  verdicts: Map<number, EventVerdict>,
): Promise<void> {
  const met = events.filter(({ n }) => verdicts.get(n)!.outcome === null);
  if (met.length === 0) return;
  for (const { n, same } of await compareEvents(tx, met)) {
    verdicts.set(n, { n, outcome: same ? 'repeated' : 'conflict', reason: null });
  }
  // Stored by somebody else and gone again at once: their person said no in between.
  for (const { n } of met) {
    if (verdicts.get(n)!.outcome === null)
      verdicts.set(n, { n, outcome: 'not_kept', reason: 'objected' });
  }
}

function faultsOfTime(at: Date, now: Date) {
  if (Number.isNaN(at.getTime())) return [faultOf('occurredAt', 'is_iso8601')];
  if (at.getTime() < EARLIEST) return [faultOf('occurredAt', 'too_long_ago')];
  return at.getTime() > now.getTime() + DAY ? [faultOf('occurredAt', 'in_the_future')] : [];
}

const UNKNOWN: Partial<Record<string, string>> = {
  unknown_contact: 'contactExternalId',
  unknown_course: 'courseExternalId',
};

function toResult(
  { index, input, errors }: Judged<LearnerEventInput>,
  first: ReadonlyMap<string, NumberedEvent>,
  verdicts: ReadonlyMap<number, EventVerdict>,
): LearnerEventItemResult {
  const eventId = typeof input.eventId === 'string' ? input.eventId : null;
  if (errors.length > 0) return { index, eventId, outcome: 'refused', reason: null, errors };
  const judged = first.get(input.eventId)!;
  const { outcome, reason } = verdicts.get(judged.n)!;
  const path = UNKNOWN[outcome!];
  const faults = path ? [faultOf(path, outcome!)] : [];
  if (judged.n === index || outcome === 'conflict' || path)
    return { index, eventId, outcome: outcome!, reason, errors: faults };
  // The same id again in one call.
  if (!isSame(judged, input)) return { index, eventId, outcome: 'conflict', reason: null, errors };
  return { index, eventId, outcome: outcome === 'stored' ? 'repeated' : outcome!, reason, errors };
}

function isSame({ event, occurredAt }: NumberedEvent, other: LearnerEventInput): boolean {
  return (
    event.contactExternalId === other.contactExternalId &&
    (event.courseExternalId ?? null) === (other.courseExternalId ?? null) &&
    event.kind === other.kind &&
    occurredAt.getTime() === new Date(other.occurredAt).getTime()
  );
}
