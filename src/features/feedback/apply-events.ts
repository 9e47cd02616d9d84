import { Injectable, Logger } from '@nestjs/common';
import { Database, type Sql } from '../../platform/database/database';
import { SYSTEM } from '../../platform/http/actor';
import { ProviderEvents } from '../delivery/provider-events';
import type { LedgerAct } from '../registry/ledger/ledger-act';
import { Registry } from '../registry/registry.service';
import { effectOf, toProviderEvent } from './effects';
import {
  EVENTS_OF_SLICES,
  ORIGINS,
  REMOVE_SLICES,
  TAKE_SLICES,
  type Origin,
  type StoredEvent,
} from './events.queries';
import { peopleOf } from './people-of';
import { withoutEchoes } from './provider-lists/echoes';

/** Slices in one transaction that only move messages. */
const MOVING = 3;
/** Failures until it is believed that the fault is in no slice. */
const MOST_FAILURES = 5;

interface Taken {
  /** They may hold noes: gate rows will be locked. */
  acting: boolean;
  ids: string[];
}

type Acting = StoredEvent & { act: Pick<LedgerAct, 'kind' | 'scope' | 'door' | 'detail'> };

/** An event tells of a message that we are about to send: a permit may be under way. */
class BesidePermit extends Error {}

/** Takes stored events into messages and registry. Any order, any number of times, any number of workers. */
@Injectable()
export class ApplyEvents {
  private readonly log = new Logger('feedback');

  constructor(
    private readonly db: Database,
    private readonly messages: ProviderEvents,
    private readonly registry: Registry,
  ) {}

  async run(): Promise<void> {
    const failed: string[] = [];
    let failures = 0;
    let ordered = false;
    for (;;) {
      let taken: Taken | undefined;
      try {
        await this.db.tx(async (tx) => {
          taken = await this.take(tx, failures === 0 ? MOVING : 1, failed);
          if (taken) await this.apply(tx, taken, ordered || taken.acting);
        });
        if (!taken) return;
        ordered = false;
      } catch (error) {
        if (error instanceof BesidePermit) {
          ordered = true;
          continue;
        }
        failures += 1;
        if (!taken || failures > MOST_FAILURES) throw error;
        // What cannot be applied waits for a better day, and holds nothing else back.
        if (taken.ids.length === 1) failed.push(...taken.ids);
        this.log.error(`events wait that cannot be applied: ${(error as Error).message}`);
      }
    }
  }

  /** First what may be a no, in small pieces: its gate rows are locked for as long as the transaction takes. */
  private async take(tx: Sql, most: number, except: string[]): Promise<Taken | undefined> {
    const [first] = await tx.query<{ id: string }>(TAKE_SLICES, [true, 1, except]);
    if (first) return { acting: true, ids: [first.id] };
    const rows = await tx.query<{ id: string }>(TAKE_SLICES, [false, most, except]);
    return rows.length > 0 ? { acting: false, ids: rows.map(({ id }) => id) } : undefined;
  }

  private async apply(tx: Sql, { acting, ids }: Taken, ordered: boolean): Promise<void> {
    // A commit that a crash loses leaves the slice, and it is applied again; a no is not left to that.
    if (!acting) await tx.query('SET LOCAL synchronous_commit = off');
    const events = await tx.query<StoredEvent & Record<string, unknown>>(EVENTS_OF_SLICES, [ids]);
    const moves = events.flatMap((event) => {
      const told = toProviderEvent(event);
      return event.messageId && told ? [{ messageId: event.messageId, event: told }] : [];
    });
    if (ordered) await this.messages.orderBeforePermits(tx, moves);
    // Gate rows before messages: the order in which every permit and opt-out takes its locks.
    if (acting) await this.recordActs(tx, events);
    const contradicted = await this.messages.apply(tx, moves);
    // That order costs as much as applying, and hardly ever is there anything to order.
    if (!ordered && contradicted.some(({ waits }) => waits)) throw new BesidePermit();
    for (const { id } of contradicted)
      this.log.error(`message ${id}: the provider reports what we never handed over`);
    await tx.query(REMOVE_SLICES, [ids]);
  }

  private async recordActs(tx: Sql, events: StoredEvent[]): Promise<void> {
    const acting = events.flatMap((event): Acting[] => {
      const { act } = effectOf(event);
      return act ? [{ ...event, act }] : [];
    });
    const ids = acting.flatMap(({ messageId }) => messageId ?? []);
    const origins = new Map(
      (await tx.query<Origin & { id: string }>(ORIGINS, [ids])).map((row) => [row.id, row]),
    );
    const named = acting.flatMap((event) => {
      const origin = event.messageId ? origins.get(event.messageId) : undefined;
      const key = origin?.addressKey ?? event.addressKey;
      // Neither a message of ours nor an address: nobody can be meant (asynchronous bounces may lack both).
      return key ? [{ event, origin, key }] : [];
    });
    const about = await withoutEchoes(tx, named);
    const holders = await peopleOf(
      tx,
      about.flatMap(({ origin, key }) => (origin?.contactId ? [] : [key.toString('hex')])),
    );
    const acts = about.flatMap(({ event, origin, key }): LedgerAct[] => {
      const people = origin?.contactId
        ? [origin.contactId]
        : (holders.get(key.toString('hex')) ?? []);
      // A no binds every person who has the address; a dead mailbox is the address's alone.
      const contacts = event.act.kind === 'opt_out' && people.length > 0 ? people : [null];
      return contacts.map((contactId) => ({
        ...event.act,
        channel: null,
        address: {
          // Only mail's events name an address of their own.
          channel: origin?.channel ?? 'email',
          key,
          version: origin?.keyVersion ?? event.keyVersion ?? 1,
        },
        contactId,
        actor: SYSTEM,
        messageId: origin ? event.messageId : null,
        campaignId: origin?.campaignId ?? null,
      }));
    });
    await this.registry.record(tx, acts);
  }
}
