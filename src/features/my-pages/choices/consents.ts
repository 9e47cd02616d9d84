import { Injectable } from '@nestjs/common';
import type { Channel } from '../../../domain/address';
import { Env } from '../../../platform/config/env';
import type { Sql } from '../../../platform/database/database';
import { Conflict } from '../../../platform/errors';
import { t, type Language } from '../../../platform/i18n/i18n';
import type { AddressFacts } from '../../registry/explain.queries';
import { Grounds, type GrantRequest } from '../../registry/grounds';
import { mask } from '../../registry/link-tokens';
import { trackingWording } from '../../registry/pages/tracking-wording';
import type { Topic } from '../../registry/topics.dto';
import { TrackingConsents } from '../../registry/tracking-consents';
import { Wordings } from '../../registry/wordings';
import { consentWording } from './consent-wording';
import type { Known } from './current-choices';
import { mayTurnOn, type Hindrance } from './may-turn-on';

/** A switch that the person has turned on. */
export interface Yes {
  topic: Topic;
  channel: Channel;
  /** Where in the input it stands. */
  path: string;
}

/** Gives consents by a person who is logged in: each for one address and topic, with the words they saw. */
@Injectable()
export class Consents {
  constructor(
    private readonly env: Env,
    private readonly grounds: Grounds,
    private readonly wordings: Wordings,
    private readonly tracking: TrackingConsents,
  ) {}

  /** All or none. Throws Conflict `cannot_turn_on`, with the reason of each that there can be no yes to. */
  async give(tx: Sql, known: Known, yeses: readonly Yes[], language: Language): Promise<void> {
    const verdicts = yeses.map((yes) => ({ yes, verdict: mayTurnOn(known, yes, yes.topic) }));
    const hindered = verdicts.flatMap(({ yes, verdict }) =>
      'hindrance' in verdict ? [{ yes, ...verdict }] : [],
    );
    if (hindered.length > 0) throw refusal(hindered, language);
    const requests: GrantRequest[] = [];
    for (const { yes, verdict } of verdicts) {
      if ('hindrance' in verdict) continue;
      const { topic, channel } = yes;
      const words = consentWording(language, this.env, topic, channel);
      const wordingVersion = await this.wordings.version(tx, 'mina_sidor', language, words);
      requests.push({
        address: refOf(verdict.address),
        contactId: known.person.id,
        topicId: topic.id,
        evidence: { ground: 'CONSENT', wordingVersion, method: 'mina_sidor_authenticated' },
        door: 'mina_sidor',
        actor: { type: 'learner', id: known.person.id },
      });
    }
    const results = await this.grounds.grant(tx, requests);
    // Somebody was faster, by an act that a yes does not lift.
    const refused = results.findIndex(
      ({ outcome }) => outcome === 'refused' || outcome === 'invalid',
    );
    if (refused >= 0) {
      throw refusal([{ yes: yeses[refused]!, hindrance: 'ledger_unavailable' }], language);
    }
  }

  /** That we may see which links they follow. Throws Conflict `cannot_turn_on`. */
  async allowTracking(tx: Sql, { person }: Known, language: Language): Promise<void> {
    const words = trackingWording(language);
    const given = await this.tracking.give(tx, person.id, {
      door: 'mina_sidor',
      method: 'mina_sidor_authenticated',
      actor: { type: 'learner', id: person.id },
      wordingVersion: await this.wordings.version(tx, 'tracking', language, words),
    });
    if (given) return;
    const message = t(language, 'my-pages:hindrance.tracking');
    const errors = [{ path: 'tracking', code: 'may_not_be_profiled', message }];
    throw new Conflict('cannot_turn_on', { detail: message, errors });
  }
}

function refOf({ channel, key, keyVersion }: AddressFacts) {
  return { channel, key, version: keyVersion! };
}

interface Hindered {
  yes: Yes;
  hindrance: Hindrance;
  /** The one that it is about. */
  address?: AddressFacts;
}

function refusal(hindered: Hindered[], language: Language): Conflict {
  const errors = hindered.map(({ yes, hindrance, address }) => ({
    path: yes.path,
    code: hindrance,
    message: t(language, `my-pages:hindrance.${hindrance}`, {
      address: address && mask(address.channel, address.value!),
    }),
  }));
  return new Conflict('cannot_turn_on', { detail: errors[0]!.message, errors });
}
