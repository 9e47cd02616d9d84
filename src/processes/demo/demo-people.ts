import { Injectable } from '@nestjs/common';
import type { Channel } from '../../domain/address';
import { POLICY_VERSION } from '../../domain/policy';
import { Clock } from '../../platform/clock';
import type { Sql } from '../../platform/database/database';
import { RECIPIENT, SYSTEM } from '../../platform/http/actor';
import type {
  UpsertContact,
  UpsertContext,
  UpsertResult,
} from '../../features/contacts/contact-data';
import { Contacts } from '../../features/contacts/contacts.service';
import { Grounds, type GrantRequest } from '../../features/registry/grounds';
import type { LedgerAct } from '../../features/registry/ledger/ledger-act';
import { Registry } from '../../features/registry/registry.service';
import { Wordings } from '../../features/registry/wordings';
import type { DemoPerson, PeopleGroup } from './people-groups';

const DAY = 86_400_000;

/** What a group stands on: the topics' ids and the words that were agreed to. */
export interface PeopleBasis {
  topicIds: ReadonlyMap<string, string>;
  consent: string;
}

/** The people of the demo, brought in as the rooms would: with source, notice, attestation and evidence. */
@Injectable()
export class DemoPeople {
  constructor(
    private readonly contacts: Contacts,
    private readonly registry: Registry,
    private readonly grounds: Grounds,
    private readonly wordings: Wordings,
    private readonly clock: Clock,
  ) {}

  async add(tx: Sql, group: PeopleGroup, basis: PeopleBasis): Promise<void> {
    const at = new Date(this.clock.now().getTime() - group.daysAgo * DAY);
    const people = group.people.map(({ contact }) => contact);
    const results = await this.contacts.upsert(tx, people, contextOf(group, at));
    refuseFaults(group.name, people, results);
    const wording = await this.wordings.version(tx, 'demo', 'sv', basis.consent);
    await this.grant(tx, group, results, { ...basis, wording, at });
    await this.registry.record(tx, pendingActs(group, results, { ...basis, wording }));
    // A person without any yes gets a gate row too, as every other way in makes one.
    await this.registry.refresh(
      tx,
      results.flatMap(({ contactId }, n) =>
        group.people[n]!.topics.length === 0 ? (contactId ?? []) : [],
      ),
    );
  }

  private async grant(
    tx: Sql,
    group: PeopleGroup,
    results: UpsertResult[],
    basis: PeopleBasis & { wording: string; at: Date },
  ): Promise<void> {
    const requests = results.flatMap((result, n): GrantRequest[] =>
      group.people[n]!.unconfirmed
        ? []
        : crossed(group.people[n]!).map(({ topic, channel }) => ({
            address: addressOf(result, channel),
            contactId: result.contactId,
            topicId: basis.topicIds.get(topic)!,
            evidence: {
              ground: 'CONSENT',
              wordingVersion: basis.wording,
              method: 'demo',
              givenAt: basis.at,
            },
            door: 'demo',
            actor: SYSTEM,
          })),
    );
    const given = await this.grounds.grant(tx, requests);
    const refused = given.find(({ outcome }) => outcome !== 'recorded');
    if (refused) throw new Error(`demo: a consent of ${group.name} was ${JSON.stringify(refused)}`);
  }
}

function pendingActs(
  group: PeopleGroup,
  results: UpsertResult[],
  basis: PeopleBasis & { wording: string },
): LedgerAct[] {
  return results.flatMap((result, n) =>
    group.people[n]!.unconfirmed
      ? group.people[n]!.topics.map((topic): LedgerAct => ({
          kind: 'grant_pending',
          scope: 'topic',
          channel: 'email',
          address: addressOf(result, 'email'),
          contactId: result.contactId,
          topicId: basis.topicIds.get(topic)!,
          ground: 'CONSENT',
          door: 'signup_form',
          method: 'form',
          actor: RECIPIENT,
          wordingVersion: basis.wording,
        }))
      : [],
  );
}

function contextOf(group: PeopleGroup, at: Date): UpsertContext {
  return {
    source: group.source,
    sourceRef: `demo:${group.name}`,
    actor: SYSTEM,
    now: at,
    notice: { version: POLICY_VERSION, at },
    attestation: group.attested
      ? { at, ref: `demo:${group.name}`, company: group.name }
      : undefined,
  };
}

function crossed({ topics, bySms }: DemoPerson): { topic: string; channel: Channel }[] {
  const channels: Channel[] = bySms ? ['email', 'sms'] : ['email'];
  return topics.flatMap((topic) => channels.map((channel) => ({ topic, channel })));
}

function addressOf({ addresses }: UpsertResult, on: Channel) {
  const { channel, key, keyVersion } = addresses.find((address) => address.channel === on)!;
  return { channel, key, version: keyVersion };
}

function refuseFaults(name: string, people: UpsertContact[], results: UpsertResult[]): void {
  const n = results.findIndex(({ outcome }) => outcome === 'refused');
  if (n < 0) return;
  const codes = results[n]!.faults.map(({ code }) => code).join(', ');
  throw new Error(`demo: ${name}, row ${n + 1} (${people[n]!.email}) was refused: ${codes}`);
}
