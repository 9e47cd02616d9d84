import fc from 'fast-check';
import {
  decide,
  GATE_REASONS,
  GATE_RULES,
  type GateFacts,
  type GateReason,
  LOCKED_FACTS,
  toSqlCase,
} from './gate';
import { factsIn } from './predicate';

const NEWS = '0198c0de-0000-7000-8000-000000000001';
const TIPS = '0198c0de-0000-7000-8000-000000000002';
const NOW = new Date('2026-06-01T10:00:00Z');
const EARLIER = new Date('2026-05-01T10:00:00Z');
const LATER = new Date('2026-07-01T10:00:00Z');

const allowed: GateFacts = {
  hasGateRow: true,
  allowed: [NEWS],
  pending: [],
  withdrawn: [],
  noAll: false,
  noTopics: [],
  noBy: null,
  pausedUntil: null,
  fewer: false,
  undeliverableAt: null,
  restricted: false,
  erased: false,
  kinds: ['company_contact'],
  source: 'newsletter_form',
  minor: false,
  noticeAt: null,
  attestedAt: null,
  topicId: NEWS,
  channel: 'email',
  now: NOW,
  alreadySent: false,
  sentLately: false,
  capped: false,
  dispatchState: 'running',
  windowEnd: null,
  purposeAssessed: true,
};

const reasonFor = (facts: GateFacts): GateReason | null => {
  const decision = decide(facts);
  return decision.verdict === 'deny' ? decision.reason : null;
};

const TABLE: [string, GateReason | null, Partial<GateFacts>][] = [
  ['a live ground and nothing against it', null, {}],
  ['a pause that is over', null, { pausedUntil: NOW }],
  ['fewer messages, and none lately', null, { fewer: true }],
  ['one lately, and no wish for fewer', null, { sentLately: true }],
  ['a window that is still open', null, { windowEnd: LATER }],
  ['a no to another topic', null, { noTopics: [TIPS], noBy: 'address' }],
  ['a fresh yes to this topic after a no to all', null, { noAll: true, noBy: 'address' }],
  ['an employer file with notice and attestation', null, employer(EARLIER, EARLIER)],
  ['a company contact with SMS ground', null, { channel: 'sms', source: 'mina_sidor' }],
  ['a no to all', 'suppressed_address', { noAll: true, noBy: 'address', allowed: [] }],
  ['a no to the topic', 'suppressed_address', { noTopics: [NEWS], allowed: [TIPS] }],
  [
    'a no by the person elsewhere',
    'suppressed_person',
    { noAll: true, noBy: 'person', allowed: [] },
  ],
  ['a pause', 'paused', { pausedUntil: LATER }],
  ['fewer messages, and one lately', 'fewer', { fewer: true, sentLately: true }],
  ['L-22: a restricted person', 'restricted', { restricted: true }],
  ['an erased person', 'erased', { erased: true }],
  ['P-47: a bounced address', 'undeliverable', { undeliverableAt: EARLIER }],
  ['L-24: an address given for support', 'wrong_source', { source: 'support' }],
  [
    'a subscriber with a phone',
    'wrong_source',
    { channel: 'sms', kinds: ['newsletter_subscriber'], source: 'mina_sidor' },
  ],
  [
    'SMS to a number from an employer',
    'wrong_source',
    { ...employer(EARLIER, EARLIER), channel: 'sms' },
  ],
  ['L-18: a company contact never told', 'no_notice', { source: 'company_contact' }],
  ['L-18: a learner never told', 'no_notice', employer(null, EARLIER)],
  ['D-04: no attestation', 'no_employer_attestation', employer(EARLIER, null)],
  ['L-42: a minor', 'minor', { minor: true }],
  ['L-17: an unconfirmed sign-up', 'ground_pending', { allowed: [], pending: [NEWS] }],
  ['a withdrawn consent', 'ground_withdrawn', { allowed: [], withdrawn: [NEWS] }],
  ['L-01: no ground for this topic', 'no_ground', { allowed: [TIPS] }],
  ['L-29: no assessment', 'purpose_not_assessed', { purposeAssessed: false }],
  ['as many lately as one is to get', 'capped', { capped: true }],
  ['P-36: sent before', 'already_sent', { alreadySent: true }],
  ['F-82: a cancelled campaign', 'campaign_cancelled', { dispatchState: 'cancelled' }],
  ['F-16: an expired campaign', 'campaign_cancelled', { dispatchState: 'expired' }],
  ['F-16: a window that closed this instant', 'outside_window', { windowEnd: NOW }],
];

function employer(noticeAt: Date | null, attestedAt: Date | null): Partial<GateFacts> {
  return { kinds: ['learner'], source: 'employer_import', noticeAt, attestedAt };
}

describe('the gate', () => {
  it.each(TABLE)('given %s, answers %s', (_, reason, facts) => {
    expect(reasonFor({ ...allowed, ...facts })).toBe(reason);
  });

  it('says no_ground where there is no gate row, never yes', () => {
    const absent = {
      hasGateRow: false,
      allowed: null,
      pending: null,
      withdrawn: null,
      noAll: null,
      noTopics: null,
      fewer: null,
      restricted: null,
      erased: null,
    };
    expect(reasonFor({ ...allowed, ...absent } as unknown as GateFacts)).toBe('no_ground');
    expect(reasonFor({ ...allowed, hasGateRow: false })).toBe('no_ground');
  });

  it('names the reasons in the order they are asked', () => {
    expect(GATE_REASONS).toEqual([
      'suppressed_address',
      'suppressed_person',
      'paused',
      'fewer',
      'restricted',
      'erased',
      'undeliverable',
      'wrong_source',
      'no_notice',
      'no_employer_attestation',
      'minor',
      'ground_pending',
      'ground_withdrawn',
      'no_ground',
      'purpose_not_assessed',
      'capped',
      'already_sent',
      'campaign_cancelled',
      'outside_window',
      'ledger_unavailable',
    ]);
  });

  it('gives the first of two reasons', () => {
    const denials = TABLE.filter(([, reason]) => reason !== null);
    for (const [, first, a] of denials) {
      for (const [, second, b] of denials) {
        const overlap = Object.keys(a).some((fact) => fact in b);
        if (overlap) continue;
        const expected = [first, second].sort((x, y) => rank(x) - rank(y))[0];
        expect(reasonFor({ ...allowed, ...a, ...b })).toBe(expected);
      }
    }
  });

  it('threat 35: denies when any indispensable fact is missing or of the wrong type', () => {
    for (const fact of Object.keys(allowed) as (keyof GateFacts)[]) {
      const absent = { ...allowed, [fact]: undefined } as unknown as GateFacts;
      if (allowed[fact] !== null) expect(decide(absent).verdict).toBe('deny');
      const wrong = { ...allowed, channel: 'sms', windowEnd: LATER, fewer: true, [fact]: 7 };
      // noBy only names the reason, and these two are not asked about this source.
      if (['noBy', 'noticeAt', 'attestedAt'].includes(fact)) continue;
      expect(decide(wrong as unknown as GateFacts).verdict).toBe('deny');
    }
    expect(reasonFor({ ...allowed, restricted: null } as unknown as GateFacts)).toBe(
      'ledger_unavailable',
    );
    expect(reasonFor({ ...allowed, pausedUntil: new Date('x') })).toBe('ledger_unavailable');
    expect(decide(null as unknown as GateFacts)).toEqual({
      verdict: 'deny',
      reason: 'ledger_unavailable',
    });
  });

  it('agrees with the rules written out by hand', () => {
    fc.assert(
      fc.property(anyFacts(), (facts) => {
        expect(reasonFor(facts)).toBe(byHand(facts));
      }),
      { numRuns: 3000 },
    );
  });

  it('never turns no into yes when an objection is added', () => {
    fc.assert(
      fc.property(anyFacts(), (facts) => {
        const after = { ...facts, noAll: true, allowed: [] };
        expect(decide(after).verdict).toBe('deny');
        expect(reasonFor({ ...after, noBy: 'address' })).toBe('suppressed_address');
      }),
    );
  });

  it('needs a live ground for every yes (L-01)', () => {
    fc.assert(
      fc.property(anyFacts(), (facts) => {
        if (decide(facts).verdict === 'allow') expect(facts.allowed).toContain(facts.topicId);
      }),
    );
  });
});

describe('the gate in SQL', () => {
  const columns = Object.fromEntries(
    Object.keys(allowed).map((fact) => [fact, `x."${fact}"`]),
  ) as Record<keyof GateFacts, string>;

  it('is one CASE with an arm per rule, in the same order, and NULL for yes', () => {
    const sql = toSqlCase(columns);
    expect([...sql.matchAll(/THEN '(\w+)'/g)].map(([, reason]) => reason)).toEqual(GATE_REASONS);
    expect(sql.startsWith('(CASE WHEN ')).toBe(true);
    expect(sql.endsWith(' ELSE NULL END)')).toBe(true);
  });

  it('reads every fact, and nothing it was not given', () => {
    const sql = toSqlCase(columns);
    const read = new Set([...sql.matchAll(/x\."(\w+)"/g)].map(([, fact]) => fact));
    expect(read).toEqual(new Set(Object.keys(allowed)));
  });

  it('leaves no comparison that could be NULL', () => {
    const sql = toSqlCase(columns);
    const bare = sql.replace(/COALESCE\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*, FALSE\)/g, 'OK');
    expect(bare).not.toMatch(/ (?:IN|ANY|<@|>|<|=) /);
  });
});

describe('the locked facts', () => {
  it('are all that an opt-out can change', () => {
    const locked: readonly string[] = LOCKED_FACTS;
    const objections: readonly string[] = ['suppressed_address', 'suppressed_person', 'paused'];
    const states: readonly string[] = ['fewer', 'restricted', 'erased', 'undeliverable'];
    // What has been sent is no choice of the person's: two permits in the same moment may both miss it.
    const others: readonly string[] = ['topicId', 'now', 'sentLately'];
    for (const { reason, when } of GATE_RULES) {
      if (!objections.includes(reason) && !states.includes(reason)) continue;
      const unlocked = factsIn<GateFacts>(when).filter((fact) => !locked.includes(fact));
      expect(unlocked.filter((fact) => !others.includes(fact))).toEqual([]);
    }
  });
});

const rank = (reason: GateReason | null): number => GATE_REASONS.indexOf(reason as GateReason);

function byHand(f: GateFacts): GateReason | null {
  const yes = f.allowed.includes(f.topicId);
  const no = (f.noAll || f.noTopics.includes(f.topicId)) && !yes;
  if (no) return f.noBy === 'person' ? 'suppressed_person' : 'suppressed_address';
  if (f.pausedUntil && f.pausedUntil > f.now) return 'paused';
  if (f.fewer && f.sentLately) return 'fewer';
  if (f.restricted) return 'restricted';
  if (f.erased) return 'erased';
  if (f.undeliverableAt) return 'undeliverable';
  if (f.source === 'support') return 'wrong_source';
  if (f.channel === 'sms') {
    if (f.source === 'employer_import') return 'wrong_source';
    if (f.kinds.every((kind) => kind === 'newsletter_subscriber')) return 'wrong_source';
  }
  if (!f.noticeAt && /^(employer_import|company_contact)$/.test(f.source)) return 'no_notice';
  if (!f.attestedAt && f.source === 'employer_import') return 'no_employer_attestation';
  if (f.minor) return 'minor';
  if (!yes && f.pending.includes(f.topicId)) return 'ground_pending';
  if (!yes && f.withdrawn.includes(f.topicId)) return 'ground_withdrawn';
  if (!yes || !f.hasGateRow) return 'no_ground';
  if (!f.purposeAssessed) return 'purpose_not_assessed';
  if (f.capped) return 'capped';
  if (f.alreadySent) return 'already_sent';
  if (f.dispatchState === 'cancelled' || f.dispatchState === 'expired') return 'campaign_cancelled';
  if (f.windowEnd && f.windowEnd <= f.now) return 'outside_window';
  return null;
}

/** Every fact mostly harmless, so that the later reasons are reached too. */
function anyFacts(): fc.Arbitrary<GateFacts> {
  const seldom = fc.integer({ min: 0, max: 9 }).map((n) => n === 0);
  const mostly = seldom.map((hit) => !hit);
  const topics = fc.subarray([NEWS, TIPS]);
  const seldomTopics = fc.tuple(seldom, topics).map(([hit, some]) => (hit ? some : []));
  const time = fc.constantFrom(null, null, null, EARLIER, NOW, LATER);
  const seldomTime = fc.tuple(seldom, time).map(([hit, some]) => (hit ? some : null));
  const mostlyTime = fc.tuple(mostly, time).map(([hit, some]) => (hit ? EARLIER : some));
  return fc.record<GateFacts>({
    hasGateRow: mostly,
    allowed: fc.tuple(mostly, topics).map(([hit, some]) => (hit ? [NEWS, TIPS] : some)),
    pending: topics,
    withdrawn: topics,
    noAll: seldom,
    noTopics: seldomTopics,
    noBy: fc.constantFrom(null, 'address', 'person'),
    pausedUntil: seldomTime,
    fewer: seldom,
    undeliverableAt: seldomTime,
    restricted: seldom,
    erased: seldom,
    kinds: fc.subarray(['company_contact', 'learner', 'newsletter_subscriber']),
    source: fc.constantFrom(
      'company_contact',
      'employer_import',
      'newsletter_form',
      'mina_sidor',
      'crm_sync',
      'support',
    ),
    minor: seldom,
    noticeAt: mostlyTime,
    attestedAt: mostlyTime,
    topicId: fc.constantFrom(NEWS, TIPS),
    channel: fc.constantFrom('email', 'sms'),
    now: fc.constant(NOW),
    alreadySent: seldom,
    sentLately: fc.boolean(),
    capped: seldom,
    dispatchState: fc.constantFrom(
      'running',
      'running',
      'running',
      'paused',
      'cancelled',
      'expired',
    ),
    windowEnd: fc.constantFrom(null, LATER, LATER, NOW),
    purposeAssessed: mostly,
  });
}
