import { Injectable } from '@nestjs/common';
import { normaliseEmail } from '../../domain/address';
import { Clock } from '../../platform/clock';
import { Database } from '../../platform/database/database';
import { Months } from '../../platform/database/months';
import { newId } from '../../platform/ids';
import { AddressKeys } from '../contacts/address-keys';
import { effectOf, toProviderEvent } from './effects';
import { storeEvents, type Placed, type Stored } from './events.queries';
import type { IncomingEvent } from './incoming-event';

/** Acts applied in one transaction: their gate rows are locked for so long, and an opt-out may wait for one. */
const ACTS = 50;

/** SQLSTATE check_violation: also that no partition is there for a row. */
const NO_PARTITION = '23514';

/** Keeps events, each once, with what waits to be applied; they are safe when this returns. */
@Injectable()
export class StoreEvents {
  constructor(
    private readonly db: Database,
    private readonly keys: AddressKeys,
    private readonly clock: Clock,
    private readonly months: Months,
  ) {}

  /** What was new. */
  async run(provider: string, events: readonly IncomingEvent[]): Promise<Stored[]> {
    const placed = await this.place(events);
    const last = placed.slices.reduce<number>((most, slice) => Math.max(most, slice ?? 1), 1);
    const sliceIds = Array.from({ length: last }, () => newId());
    const store = () =>
      storeEvents(this.db, { provider, now: this.clock.now(), sliceIds }, events, placed);
    try {
      return await store();
    } catch (error) {
      if ((error as { code?: string }).code !== NO_PARTITION) throw error;
      // No timer has run for months. What a provider tells must not be lost over that.
      await this.months.run();
      return store();
    }
  }

  private async place(events: readonly IncomingEvent[]): Promise<Placed> {
    const acting = events.map((event) => effectOf(event).act !== undefined);
    const canonicals = events.map(({ email }, n) => (acting[n] ? canonicalOf(email) : null));
    // Only where the event may say something of the address itself: else the message knows whom it is about.
    const keys = await this.keys.resolve(this.db, 'email', [
      ...new Set(canonicals.filter((canonical) => canonical !== null)),
    ]);
    const found = canonicals.map((canonical) => (canonical ? keys.get(canonical) : undefined));
    let acts = 0;
    return {
      slices: events.map((event, n) => {
        if (acting[n]) return 2 + Math.floor(acts++ / ACTS);
        return event.messageId && toProviderEvent(event) ? 1 : null;
      }),
      keys: found.map((key) => key?.key.toString('hex') ?? null),
      keyVersions: found.map((key) => key?.version ?? null),
    };
  }
}

function canonicalOf(email: string | null): string | null {
  const address = normaliseEmail(email ?? '');
  return address.ok ? address.canonical : null;
}
