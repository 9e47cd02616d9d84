import { Injectable } from '@nestjs/common';
import type { Sql } from '../../platform/database/database';
import type { Actor } from '../../platform/http/actor';
import {
  isMethodOf,
  type AddressRef,
  type Door,
  type LedgerAct,
  type RecordedAct,
} from './ledger/ledger-act';
import { Registry } from './registry.service';
import { isRoleMailbox } from './role-mailboxes';

export interface ConsentEvidence {
  ground: 'CONSENT';
  /** The exact words agreed to, from `Wordings.version`. */
  wordingVersion?: string;
  /** How it was given, such as `double_opt_in_post` or `import_attested`. */
  method?: string;
  /** When it was given, if before now. */
  givenAt?: Date;
}

export interface SoftOptInEvidence {
  ground: 'SOFT_OPT_IN';
  /** The sale in which this person, not an employer, was the buyer. */
  saleRef?: string;
  /** When the address was given, in connection with that sale. */
  collectedAt?: Date;
  /** The notice of that day, which offered a free no. */
  noticeVersion?: string;
}

export interface LegalPersonEvidence {
  ground: 'LEGAL_PERSON';
  /** As domain/address.ts gives it: a role mailbox needs no decision. */
  canonical?: string;
  /** The privacy officer's recorded decision, for any other mailbox of a legal person. */
  decisionRef?: string;
}

export type GroundEvidence = ConsentEvidence | SoftOptInEvidence | LegalPersonEvidence;

export interface GrantRequest {
  address: AddressRef;
  contactId: string | null;
  topicId: string;
  evidence: GroundEvidence;
  door: Door;
  actor: Pick<Actor, 'type' | 'id'>;
  detail?: string;
  /** Codes and references besides the evidence; never an address or a name. */
  more?: Record<string, unknown>;
}

export type GroundFault =
  | 'unknown_topic'
  | 'consent_without_wording'
  | 'unknown_wording'
  | 'consent_without_method'
  | 'method_not_of_this_door'
  | 'no_sale_ref'
  | 'no_collected_at'
  | 'no_notice_version'
  | 'topic_not_similar'
  | 'not_a_legal_person';

export type GrantResult = RecordedAct | { outcome: 'invalid'; code: GroundFault };

interface Known {
  topics: Map<string, { softOptIn: boolean }>;
  wordings: Set<string>;
}

/** The lawful grounds of L-01: each needs its own evidence, complete, or it is none. */
@Injectable()
export class Grounds {
  constructor(private readonly registry: Registry) {}

  /** One result per request, in order; an invalid one writes nothing and does not hold the others back. */
  async grant(tx: Sql, requests: readonly GrantRequest[]): Promise<GrantResult[]> {
    if (requests.length === 0) return [];
    const known = await readKnown(tx, requests);
    const faults = requests.map((request) => groundFault(request, known));
    const valid = requests.filter((_, i) => faults[i] === null);
    const recorded = (await this.registry.record(tx, valid.map(toAct))).values();
    return faults.map((code) => (code ? { outcome: 'invalid', code } : recorded.next().value!));
  }
}

/** Why this is no ground (L-02, L-03, L-04), or null. */
export function groundFault(request: GrantRequest, known: Known): GroundFault | null {
  const topic = known.topics.get(request.topicId);
  if (!topic) return 'unknown_topic';
  const { evidence } = request;
  switch (evidence.ground) {
    case 'CONSENT':
      if (!evidence.wordingVersion) return 'consent_without_wording';
      if (!known.wordings.has(evidence.wordingVersion)) return 'unknown_wording';
      if (!evidence.method) return 'consent_without_method';
      return isMethodOf(request.door, evidence.method) ? null : 'method_not_of_this_door';
    case 'SOFT_OPT_IN':
      // A learner whose employer bought the course has no sale of their own, and so no soft opt-in.
      if (!evidence.saleRef) return 'no_sale_ref';
      if (!evidence.collectedAt || Number.isNaN(evidence.collectedAt.getTime()))
        return 'no_collected_at';
      if (!evidence.noticeVersion) return 'no_notice_version';
      return topic.softOptIn ? null : 'topic_not_similar';
    case 'LEGAL_PERSON':
      if (evidence.decisionRef) {
        return request.door === 'privacy_officer' ? null : 'method_not_of_this_door';
      }
      return isRoleMailbox(evidence.canonical ?? '') ? null : 'not_a_legal_person';
  }
}

function toAct(request: GrantRequest): LedgerAct {
  const { evidence, address, more, ...rest } = request;
  return {
    ...rest,
    kind: 'grant',
    scope: 'topic',
    channel: address.channel,
    address,
    ground: evidence.ground,
    method: methodOf(evidence),
    wordingVersion: evidence.ground === 'CONSENT' ? evidence.wordingVersion : undefined,
    evidence: { ...more, ...proofOf(evidence) },
  };
}

function methodOf(evidence: GroundEvidence): string {
  if (evidence.ground === 'CONSENT') return evidence.method!;
  if (evidence.ground === 'SOFT_OPT_IN') return 'sale';
  return evidence.decisionRef ? 'officer_decision' : 'role_mailbox';
}

/** What is kept as proof: references and times, and never the address that `canonical` is. */
function proofOf(evidence: GroundEvidence): Record<string, unknown> {
  switch (evidence.ground) {
    case 'CONSENT':
      return { givenAt: evidence.givenAt?.toISOString() };
    case 'SOFT_OPT_IN':
      return {
        saleRef: evidence.saleRef,
        collectedAt: evidence.collectedAt?.toISOString(),
        noticeVersion: evidence.noticeVersion,
      };
    case 'LEGAL_PERSON':
      return { decisionRef: evidence.decisionRef };
  }
}

async function readKnown(sql: Sql, requests: readonly GrantRequest[]): Promise<Known> {
  const topicIds = [...new Set(requests.map(({ topicId }) => topicId))];
  const versions = [
    ...new Set(
      requests.flatMap(({ evidence }) =>
        evidence.ground === 'CONSENT' ? (evidence.wordingVersion ?? []) : [],
      ),
    ),
  ];
  const topics = await sql.query<{ id: string; softOptIn: boolean }>(
    `SELECT id, soft_opt_in AS "softOptIn" FROM topic WHERE id = ANY($1::uuid[]) AND archived_at IS NULL`,
    [topicIds],
  );
  const wordings = await sql.query<{ version: string }>(
    `SELECT version FROM wording WHERE version = ANY($1::text[])`,
    [versions],
  );
  return {
    topics: new Map(topics.map((topic) => [topic.id, topic])),
    wordings: new Set(wordings.map(({ version }) => version)),
  };
}
