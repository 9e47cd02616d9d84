import { Injectable } from '@nestjs/common';
import type { Sql } from '../../../platform/database/database';
import { Invalid } from '../../../platform/errors';
import type { Language } from '../../../platform/i18n/i18n';
import { OwnData } from '../../contacts/own-data';
import type { LedgerAct } from '../../registry/ledger/ledger-act';
import { OptOuts } from '../../registry/opt-outs';
import { Registry } from '../../registry/registry.service';
import { Consents, type Yes } from './consents';
import type { Known } from './current-choices';
import type { ChangePreferences, Pause } from './my-preferences.dto';

const PAUSE_MONTHS = 3;

interface Wish extends Yes {
  on: boolean;
}

/** Writes what a person has changed in Mina sidor. Of what contradicts itself only the no is written. */
@Injectable()
export class ChangeChoices {
  constructor(
    private readonly registry: Registry,
    private readonly consents: Consents,
    private readonly optOuts: OptOuts,
    private readonly ownData: OwnData,
  ) {}

  async run(tx: Sql, known: Known, input: ChangePreferences, language: Language): Promise<void> {
    const contactId = known.person.id;
    const actor = { type: 'learner' as const, id: contactId };
    const wishes = wishesIn(input, known);
    const noes = wishes.filter(({ on }) => !on);
    const yeses = wishes.filter(
      (wish) => wish.on && !input.everythingOff && !noes.some((no) => isSame(no, wish)),
    );
    await this.consents.give(tx, known, distinct(yeses), actor, language);
    const acts = [...distinct(noes).map(noTo), ...pauseActs(input.pause, known)];
    await this.registry.record(
      tx,
      acts.map((act) => ({ ...act, contactId, address: null, door: 'mina_sidor', actor })),
    );
    if (input.everythingOff) {
      await this.optOuts.byContactIn(tx, contactId, { door: 'mina_sidor', detail: 'all', actor });
    }
    if (input.language) await this.ownData.setLanguage(tx, contactId, input.language);
  }
}

type Act = Pick<LedgerAct, 'kind' | 'scope' | 'channel' | 'topicId' | 'detail' | 'evidence'>;

/** One topic on one channel, at every address of the person; the other channel keeps what it has. */
function noTo({ topic, channel }: Wish): Act {
  return { kind: 'opt_out', scope: 'topic', channel, topicId: topic.id, detail: 'topic' };
}

function pauseActs(pause: Pause | undefined, { addresses, now }: Known): Act[] {
  const base = { kind: 'pause', scope: 'all', channel: null } as const;
  if (pause === 'end') return [{ ...base, detail: 'end' }];
  // A pause that runs is not begun anew by sending the form twice.
  const runs = addresses.some(({ pausedUntil }) => pausedUntil !== null && pausedUntil > now);
  if (pause === undefined || runs) return [];
  const until = new Date(now);
  until.setUTCMonth(until.getUTCMonth() + PAUSE_MONTHS);
  return [{ ...base, detail: 'three_months', evidence: { until: until.toISOString() } }];
}

/** Throws Invalid when a topic is unknown, or no longer offered to those who want it. */
function wishesIn({ topics = [] }: ChangePreferences, known: Known): Wish[] {
  return topics.map(({ key, channel, on }, index) => {
    const topic = known.topics.find((one) => one.key === key);
    if (!topic || (on && topic.archivedAt !== null)) {
      const code = 'unknown_topic';
      throw new Invalid('invalid_fields', {
        errors: [{ path: `topics.${index}.key`, code, message: code }],
      });
    }
    return { topic, channel, on, path: `topics.${index}` };
  });
}

const isSame = (a: Wish, b: Wish): boolean => a.topic === b.topic && a.channel === b.channel;

const distinct = (wishes: Wish[]): Wish[] =>
  wishes.filter((wish, index) => wishes.findIndex((other) => isSame(other, wish)) === index);
