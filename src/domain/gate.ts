import type { Channel } from './address';
import { factsIn, holds, type Predicate, predicates, predicateToSql } from './predicate';

/** Columns of the gate row: the permit reads them under its lock, so an opt-out is ordered against it. */
export interface LockedFacts {
  hasGateRow: boolean;
  /** Topics with a live ground and no standing no. */
  allowed: string[];
  pending: string[];
  withdrawn: string[];
  noAll: boolean;
  noTopics: string[];
  noBy: 'address' | 'person' | null;
  pausedUntil: Date | null;
  /** Has chosen fewer messages: at most one every thirty days. */
  fewer: boolean;
  undeliverableAt: Date | null;
  restricted: boolean;
  erased: boolean;
}

/** What else decides: about the person, the address's origin, the message and its campaign. */
export interface OpenFacts {
  kinds: string[];
  /** Where the address itself came from: company_contact, employer_import, newsletter_form, support, … */
  source: string;
  minor: boolean;
  noticeAt: Date | null;
  attestedAt: Date | null;
  topicId: string;
  channel: Channel;
  now: Date;
  alreadySent: boolean;
  /** Something has left for this person or address in the last thirty days; asked only of those who chose fewer. */
  sentLately: boolean;
  /** Has had as much marketing lately as one person is to get, of all campaigns together. */
  capped: boolean;
  /** State of the campaign's run; a count made before any run says `running`. */
  dispatchState: string;
  windowEnd: Date | null;
  purposeAssessed: boolean;
}

export type GateFacts = LockedFacts & OpenFacts;
export type FactName = keyof GateFacts;

const LOCKED: Record<keyof LockedFacts, true> = {
  hasGateRow: true,
  allowed: true,
  pending: true,
  withdrawn: true,
  noAll: true,
  noTopics: true,
  noBy: true,
  pausedUntil: true,
  fewer: true,
  undeliverableAt: true,
  restricted: true,
  erased: true,
};

/** The facts that must come from the locked gate row: read anywhere else, the guarantee is gone. */
export const LOCKED_FACTS = Object.keys(LOCKED) as readonly (keyof LockedFacts)[];

const { and, or, not, isTrue, isNull, isOneOf, contains, onlyAmong, isAfter } =
  predicates<GateFacts>();

/** A no stands for this topic. The fold has already decided which later yes lifts it (see registry-state). */
const saidNo = and(
  or(isTrue('noAll'), contains('noTopics', 'topicId')),
  not(contains('allowed', 'topicId')),
);
const fromEmployer = isOneOf('source', 'employer_import');
const fromCompany = isOneOf('source', 'employer_import', 'company_contact');

/** Facts without which nothing can be decided; the others may be unset and mean something by it. */
const INDISPENSABLE = [
  'hasGateRow',
  'allowed',
  'pending',
  'withdrawn',
  'noAll',
  'noTopics',
  'fewer',
  'restricted',
  'erased',
  'kinds',
  'source',
  'minor',
  'topicId',
  'channel',
  'now',
  'alreadySent',
  'sentLately',
  'capped',
  'dispatchState',
  'purposeAssessed',
] as const satisfies readonly FactName[];

interface GateRule {
  reason: string;
  when: Predicate<GateFacts>;
}

/** The one ordered list: the first rule that holds is the reason, and no rule means yes. */
export const GATE_RULES = [
  { reason: 'suppressed_address', when: and(saidNo, not(isOneOf('noBy', 'person'))) },
  { reason: 'suppressed_person', when: and(saidNo, isOneOf('noBy', 'person')) },
  { reason: 'paused', when: isAfter('pausedUntil', 'now') },
  { reason: 'fewer', when: and(isTrue('fewer'), isTrue('sentLately')) },
  { reason: 'restricted', when: isTrue('restricted') },
  { reason: 'erased', when: isTrue('erased') },
  { reason: 'undeliverable', when: not(isNull('undeliverableAt')) },
  {
    reason: 'wrong_source',
    when: or(
      // GDPR 5(1)(b): what was given to get help is not for marketing.
      isOneOf('source', 'support'),
      // Policy 3.2: of a subscriber no phone may be held, and an employer hands over name and email only.
      and(isOneOf('channel', 'sms'), or(onlyAmong('kinds', 'newsletter_subscriber'), fromEmployer)),
    ),
  },
  // GDPR 14: someone else gave us the data, so the person must have been told.
  { reason: 'no_notice', when: and(fromCompany, isNull('noticeAt')) },
  { reason: 'no_employer_attestation', when: and(fromEmployer, isNull('attestedAt')) },
  { reason: 'minor', when: isTrue('minor') },
  {
    reason: 'ground_pending',
    when: and(contains('pending', 'topicId'), not(contains('allowed', 'topicId'))),
  },
  {
    reason: 'ground_withdrawn',
    when: and(contains('withdrawn', 'topicId'), not(contains('allowed', 'topicId'))),
  },
  {
    reason: 'no_ground',
    when: or(not(isTrue('hasGateRow')), not(contains('allowed', 'topicId'))),
  },
  { reason: 'purpose_not_assessed', when: not(isTrue('purposeAssessed')) },
  { reason: 'capped', when: isTrue('capped') },
  { reason: 'already_sent', when: isTrue('alreadySent') },
  { reason: 'campaign_cancelled', when: isOneOf('dispatchState', 'cancelled', 'expired') },
  {
    reason: 'outside_window',
    when: and(not(isNull('windowEnd')), not(isAfter('windowEnd', 'now'))),
  },
  // Fail closed: a NULL above made its rule false, and false must not become yes.
  { reason: 'ledger_unavailable', when: or(...INDISPENSABLE.map((fact) => isNull(fact))) },
] as const satisfies readonly GateRule[];

export type GateReason = (typeof GATE_RULES)[number]['reason'];
export type GateVerdict = { verdict: 'allow' } | { verdict: 'deny'; reason: GateReason };

export const GATE_REASONS: readonly GateReason[] = GATE_RULES.map(({ reason }) => reason);

/** May this message go to this address now, and if not, why. Never throws: facts it cannot read are a no. */
export function decide(facts: GateFacts): GateVerdict {
  try {
    const rule = GATE_RULES.find(({ when }) => holds(when, facts));
    return rule ? { verdict: 'deny', reason: rule.reason } : { verdict: 'allow' };
  } catch {
    return { verdict: 'deny', reason: 'ledger_unavailable' };
  }
}

type Columns = Readonly<Record<FactName, string>>;

/**
 * The same decision as a Postgres expression: the reason as text, or NULL for yes. `columns` are our own SQL
 * expressions (lists uuid[] or text[], times timestamptz), never input. Give `now` a value that is fixed for
 * the statement, or two rules may read different times.
 */
export function toSqlCase(columns: Columns): string {
  return caseOf(GATE_RULES, columns, (reason) => `'${reason}'`, 'NULL');
}

/** Facts that stay until somebody writes them; the others pass with time, or are those of a run or a topic. */
const LASTS: Record<FactName, boolean> = {
  hasGateRow: true,
  allowed: true,
  pending: true,
  withdrawn: true,
  noAll: true,
  noTopics: true,
  noBy: true,
  pausedUntil: false,
  fewer: false,
  undeliverableAt: true,
  restricted: true,
  erased: true,
  kinds: true,
  source: true,
  minor: true,
  noticeAt: true,
  attestedAt: true,
  topicId: true,
  channel: true,
  now: false,
  alreadySent: false,
  sentLately: false,
  capped: false,
  dispatchState: false,
  windowEnd: false,
  purposeAssessed: false,
};

/** The list as far as it can be known beforehand: what is kept with each person so that all can be counted at once. */
export const STANDING_RULES: readonly GateRule[] = [
  ...GATE_RULES.filter(({ when }) => factsIn(when).every((fact) => LASTS[fact])),
  {
    reason: 'ledger_unavailable',
    when: or(...INDISPENSABLE.filter((fact) => LASTS[fact]).map((fact) => isNull(fact))),
  },
];

/** Stands for yes among the letters of a standing. */
export const STANDING_YES = '-';

/** The letter of a reason in a standing: a, b, c … in the order of the rules. */
const letterOf = (reason: string): string =>
  String.fromCharCode(97 + STANDING_RULES.findIndex((rule) => rule.reason === reason));

/** `toSqlCase` of STANDING_RULES, as one letter. */
export function standingCase(columns: Columns): string {
  return caseOf(STANDING_RULES, columns, (reason) => `'${letterOf(reason)}'`, `'${STANDING_YES}'`);
}

function caseOf(
  rules: readonly GateRule[],
  columns: Columns,
  told: (reason: string) => string,
  yes: string,
): string {
  const arms = rules.map(
    ({ when, reason }) => `WHEN ${predicateToSql<GateFacts>(when, columns)} THEN ${told(reason)}`,
  );
  return `(CASE ${arms.join(' ')} ELSE ${yes} END)`;
}
