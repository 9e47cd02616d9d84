import { Injectable } from '@nestjs/common';
import type { Sql } from '../../../platform/database/database';
import { invalidField } from '../../../platform/errors';
import type { Language } from '../../../platform/i18n/i18n';
import { OwnData } from '../../contacts/own-data';
import type { LedgerAct } from '../../registry/ledger/ledger-act';
import { OptOuts } from '../../registry/opt-outs';
import { CHOOSE_FEWER, endOfPause } from '../../registry/reduce-mailings';
import { Registry } from '../../registry/registry.service';
import { TrackingConsents } from '../../registry/tracking-consents';
import { Consents, type Yes } from './consents';
import { isFewer, pauseOf, type Known } from './current-choices';
import type { ChangePreferences, Pause } from './my-preferences.dto';

interface Wish extends Yes {
  on: boolean;
}

/** What a person has changed in Mina sidor: what needs nobody's leave, and what there must be a ground for. */
interface Wishes {
  noes: Wish[];
  /** None where the same is said no to. */
  yeses: Yes[];
}

/** Writes what a person has changed in Mina sidor. Of what contradicts itself only the no is written. */
@Injectable()
export class ChangeChoices {
  constructor(
    private readonly registry: Registry,
    private readonly consents: Consents,
    private readonly optOuts: OptOuts,
    private readonly ownData: OwnData,
    private readonly tracking: TrackingConsents,
  ) {}

  /** Everything but the yeses: nothing that the person says may keep it from being written. */
  async keep(tx: Sql, known: Known, input: ChangePreferences): Promise<void> {
    const contactId = known.person.id;
    const actor = { type: 'learner' as const, id: contactId };
    const acts = [
      ...wishesIn(input, known).noes.map(noTo),
      ...pauseActs(input.pause, known),
      ...fewerActs(input.fewer, known),
    ];
    await this.registry.record(
      tx,
      acts.map((act) => ({ ...act, contactId, address: null, door: 'mina_sidor', actor })),
    );
    if (input.tracking === false) {
      await this.tracking.end(tx, contactId, { door: 'mina_sidor', actor });
    }
    if (input.everythingOff) {
      await this.optOuts.byContactIn(tx, contactId, { door: 'mina_sidor', detail: 'all', actor });
    }
    if (input.language) await this.ownData.setLanguage(tx, contactId, input.language);
  }

  /** The yeses, all or none. Throws Conflict `cannot_turn_on`. */
  async agree(tx: Sql, known: Known, input: ChangePreferences, language: Language): Promise<void> {
    await this.consents.give(tx, known, wishesIn(input, known).yeses, language);
    if (input.tracking && !input.everythingOff) {
      await this.consents.allowTracking(tx, known, language);
    }
  }
}

type Act = Pick<LedgerAct, 'kind' | 'scope' | 'channel' | 'topicId' | 'detail' | 'evidence'>;

/** One topic on one channel, at every address of the person; the other channel keeps what it has. */
function noTo({ topic, channel }: Wish): Act {
  return { kind: 'opt_out', scope: 'topic', channel, topicId: topic.id, detail: 'topic' };
}

function pauseActs(pause: Pause | undefined, known: Known): Act[] {
  const base = { kind: 'pause', scope: 'all', channel: null } as const;
  if (pause === 'end') return [{ ...base, detail: 'end' }];
  // A pause that runs is not begun anew by sending the form twice.
  if (pause === undefined || pauseOf(known) !== null) return [];
  const until = endOfPause(known.now);
  return [{ ...base, detail: 'three_months', evidence: { until: until.toISOString() } }];
}

/** Nothing where it is so already; of one mailbox alone a wish can be taken back too. */
function fewerActs(fewer: boolean | undefined, known: Known): Act[] {
  if (fewer === true && !isFewer(known)) return [CHOOSE_FEWER];
  const stands = known.addresses.some((address) => address.fewer);
  if (fewer !== false || !stands) return [];
  return [{ kind: 'fewer', scope: 'all', channel: null, detail: 'end' }];
}

/** Throws Invalid when a topic never was. */
function wishesIn({ topics = [], everythingOff }: ChangePreferences, known: Known): Wishes {
  const wishes = topics.map(({ key, channel, on }, index) => {
    const topic = known.topics.find((one) => one.key === key);
    if (!topic) {
      throw invalidField(`topics.${index}.key`, 'unknown_topic');
    }
    return { topic, channel, on, path: `topics.${index}` };
  });
  const noes = wishes.filter(({ on }) => !on);
  const yeses = wishes.filter(
    (wish) => wish.on && !everythingOff && !noes.some((no) => isSame(no, wish)),
  );
  return { noes: distinct(noes), yeses: distinct(yeses) };
}

const isSame = (a: Wish, b: Wish): boolean => a.topic === b.topic && a.channel === b.channel;

const distinct = (wishes: Wish[]): Wish[] =>
  wishes.filter((wish, index) => wishes.findIndex((other) => isSame(other, wish)) === index);
