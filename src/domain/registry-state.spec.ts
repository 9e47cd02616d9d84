import fc from 'fast-check';
import { decide, type GateFacts } from './gate';
import {
  type AddressIdentity,
  foldLedger,
  type GateState,
  type LedgerFact,
  STRONG_METHODS,
} from './registry-state';

const NEWS = 'topic-news';
const TIPS = 'topic-tips';
const HERE: AddressIdentity = { key: 'key-here', contactId: 'anna' };
const AT = new Date('2026-06-01T10:00:00Z');
const UNTIL = new Date('2026-09-01T10:00:00Z');

const clean: GateState = {
  allowed: [],
  pending: [],
  withdrawn: [],
  noAll: false,
  noTopics: [],
  noBy: null,
  noSeq: null,
  pausedUntil: null,
  fewer: false,
  undeliverableAt: null,
  restricted: false,
  erased: false,
};

type Act = Partial<LedgerFact> & Pick<LedgerFact, 'kind'>;

/** One act after another, at this email address of Anna's unless the act says otherwise. */
const ledger = (...acts: Act[]): LedgerFact[] =>
  acts.map((act, i) => ({
    seq: i + 1,
    at: AT,
    channel: 'email',
    addressKey: HERE.key,
    contactId: HERE.contactId,
    scope: 'topic',
    topicId: act.scope === 'all' || act.scope === 'channel' ? null : NEWS,
    method: null,
    ...act,
  }));

const fold = (...acts: Act[]): GateState => foldLedger(ledger(...acts), HERE, 'email');

const weak: Act = { kind: 'grant', method: 'import' };
const strong: Act = { kind: 'grant', method: 'double_opt_in_post' };
const no: Act = { kind: 'opt_out', scope: 'all', channel: null };
const noNews: Act = { kind: 'opt_out' };
const elsewhere = { addressKey: 'key-elsewhere' };
const aboutThePerson = { addressKey: null, channel: null };
const stranger = { addressKey: 'key-elsewhere', contactId: 'bo' };

const allowedNews = { allowed: [NEWS] };
const suppressed = { noAll: true, noBy: 'address' } as const;

const TABLE: [string, Act[], Partial<GateState>][] = [
  ['nothing', [], {}],
  ['a grant', [weak], allowedNews],
  ['a grant for no topic', [{ ...weak, topicId: null }], {}],
  ['L-05: a grant on the other channel', [{ ...weak, channel: 'sms' }], {}],
  ['L-05: a grant on no channel', [{ ...weak, channel: null }], {}],
  ['F-52: a grant at another address of the person', [{ ...strong, ...elsewhere }], {}],
  ['a grant about the person, at no address', [{ ...strong, ...aboutThePerson }], {}],
  ['L-17: a sign-up not yet confirmed', [{ kind: 'grant_pending' }], { pending: [NEWS] }],
  ['L-17: a sign-up, then confirmed', [{ kind: 'grant_pending' }, strong], allowedNews],
  ['a sign-up by someone who is in already', [weak, { kind: 'grant_pending' }], allowedNews],

  ['a withdrawn grant', [weak, { kind: 'withdraw' }], { withdrawn: [NEWS] }],
  ['a withdrawn sign-up', [{ kind: 'grant_pending' }, { kind: 'withdraw' }], { withdrawn: [NEWS] }],
  ['a withdrawal of nothing', [{ kind: 'withdraw' }], {}],
  ['a withdrawal of another topic', [weak, { kind: 'withdraw', topicId: TIPS }], allowedNews],
  [
    'a withdrawal of all topics',
    [weak, { ...weak, topicId: TIPS }, { kind: 'withdraw', scope: 'channel' }],
    { withdrawn: [NEWS, TIPS] },
  ],
  ['a withdrawal at another address', [weak, { kind: 'withdraw', ...elsewhere }], allowedNews],
  [
    'a withdrawal about the person',
    [weak, { kind: 'withdraw', ...aboutThePerson }],
    { withdrawn: [NEWS] },
  ],
  ['a new grant after a withdrawal: no objection', [weak, { kind: 'withdraw' }, weak], allowedNews],

  ['a no to all', [weak, no], { ...suppressed, noSeq: 2 }],
  ['a no to the topic', [weak, noNews], { noTopics: [NEWS], noBy: 'address', noSeq: 2 }],
  [
    'F-27: a no to one of two topics',
    [weak, { ...weak, topicId: TIPS }, noNews],
    { allowed: [TIPS], noTopics: [NEWS], noBy: 'address', noSeq: 3 },
  ],
  ['a topic no that forgot its topic', [{ ...noNews, topicId: null }], { ...suppressed, noSeq: 1 }],
  [
    'F-30: a no to the channel',
    [{ ...no, scope: 'channel', channel: 'email' }],
    { ...suppressed, noSeq: 1 },
  ],
  [
    'a no to the other channel',
    [weak, { ...no, scope: 'channel', channel: 'sms', ...elsewhere }],
    allowedNews,
  ],
  [
    'L-08: a no to all said by SMS',
    [weak, { ...no, channel: 'sms', ...elsewhere }],
    { noAll: true, noBy: 'person', noSeq: 2 },
  ],
  [
    'F-52: a no at another address',
    [weak, { ...no, ...elsewhere }],
    { noAll: true, noBy: 'person', noSeq: 2 },
  ],
  [
    'a no about the person',
    [weak, { ...no, ...aboutThePerson }],
    { noAll: true, noBy: 'person', noSeq: 2 },
  ],
  ['F-27: a no by somebody else', [weak, { ...no, ...stranger }], allowedNews],
  ['a no here by a person unknown', [{ ...no, contactId: null }], { ...suppressed, noSeq: 1 }],
  ['a no here, then elsewhere', [no, { ...no, ...elsewhere }], { ...suppressed, noSeq: 2 }],
  ['a no elsewhere, then here', [{ ...no, ...elsewhere }, no], { ...suppressed, noSeq: 2 }],

  ['F-40: an import after a no', [no, weak], { ...suppressed, noSeq: 1 }],
  [
    'F-42: an import after a no to the topic',
    [noNews, weak],
    { noTopics: [NEWS], noBy: 'address', noSeq: 1 },
  ],
  [
    'an import of another topic',
    [noNews, { ...weak, topicId: TIPS }],
    { allowed: [TIPS], noTopics: [NEWS], noBy: 'address', noSeq: 1 },
  ],
  [
    'F-47: a sign-up after a no',
    [no, { kind: 'grant_pending' }],
    { ...suppressed, pending: [NEWS], noSeq: 1 },
  ],
  [
    'F-49: a confirmed sign-up after a no',
    [no, strong],
    { ...suppressed, allowed: [NEWS], noSeq: 1 },
  ],
  ['a confirmed sign-up after a topic no', [noNews, strong], allowedNews],
  ['P-73: a no after a confirmed sign-up', [no, strong, no], { ...suppressed, noSeq: 3 }],
  [
    'a topic no after a confirmed sign-up',
    [no, strong, noNews],
    { ...suppressed, noTopics: [NEWS], noSeq: 3 },
  ],
  [
    'a no that comes after a yes said elsewhere',
    [strong, { ...no, ...elsewhere }, weak],
    { noAll: true, noBy: 'person', noSeq: 2 },
  ],
  [
    'a weak yes stays dead when the no is lifted for another topic',
    [no, weak, { ...strong, topicId: TIPS }],
    { ...suppressed, allowed: [TIPS], noSeq: 1 },
  ],
  [
    'a weak yes after the strong yes was withdrawn',
    [no, strong, { kind: 'withdraw' }, weak],
    { ...suppressed, withdrawn: [NEWS], noSeq: 1 },
  ],

  ['a pause', [{ kind: 'pause', until: UNTIL }], { pausedUntil: UNTIL }],
  [
    'a pause for the person',
    [{ kind: 'pause', until: UNTIL, ...aboutThePerson }],
    { pausedUntil: UNTIL },
  ],
  [
    'a pause on the other channel',
    [{ kind: 'pause', until: UNTIL, channel: 'sms', ...elsewhere }],
    {},
  ],
  ['a pause ended early', [{ kind: 'pause', until: UNTIL }, { kind: 'pause' }], {}],

  ['fewer messages', [weak, { kind: 'fewer', days: 30 }], { ...allowedNews, fewer: true }],
  [
    'fewer messages for the person',
    [{ kind: 'fewer', days: 30, ...aboutThePerson }],
    { fewer: true },
  ],
  [
    'fewer messages, chosen at another address of the person',
    [{ kind: 'fewer', days: 30, channel: null, ...elsewhere }],
    { fewer: true },
  ],
  ['fewer messages for somebody else', [{ kind: 'fewer', days: 30, ...stranger }], {}],
  [
    'fewer messages, taken back',
    [
      { kind: 'fewer', days: 30, channel: null },
      { kind: 'fewer', ...aboutThePerson },
    ],
    {},
  ],
  [
    'fewer messages, then a yes',
    [{ kind: 'fewer', days: 30 }, strong],
    { ...allowedNews, fewer: true },
  ],
  [
    'fewer messages, then an erasure',
    [{ kind: 'fewer', days: 30 }, { kind: 'erase' }],
    { erased: true },
  ],

  ['a bounce', [{ kind: 'undeliverable' }], { undeliverableAt: AT }],
  ['a bounce elsewhere', [{ kind: 'undeliverable', ...elsewhere }], {}],
  [
    'P-47: a mended bounce lifts no no',
    [no, { kind: 'undeliverable' }, { kind: 'deliverable' }],
    { ...suppressed, noSeq: 1 },
  ],
  [
    'P-47: a yes mends no bounce',
    [{ kind: 'undeliverable' }, strong],
    { ...allowedNews, undeliverableAt: AT },
  ],

  [
    'L-22: a restriction of the person',
    [weak, { kind: 'restrict', ...aboutThePerson }],
    { ...allowedNews, restricted: true },
  ],
  [
    'a restriction lifted',
    [weak, { kind: 'restrict' }, { kind: 'unrestrict', ...aboutThePerson }],
    allowedNews,
  ],
  ['a restriction of somebody else', [{ kind: 'restrict', ...stranger }], {}],
  ['L-21: an erasure', [weak, { kind: 'erase', ...aboutThePerson }], { erased: true }],
  ['F-44: an import after an erasure', [weak, { kind: 'erase' }, weak], { erased: true }],
  ['a no, then an erasure', [no, { kind: 'erase' }], { ...suppressed, noSeq: 1, erased: true }],
  ['a confirmed sign-up after an erasure', [{ kind: 'erase' }, strong], allowedNews],
  [
    'F-44: an import of more after that',
    [{ kind: 'erase' }, strong, { ...weak, topicId: TIPS }],
    allowedNews,
  ],
];

describe('the fold of the ledger', () => {
  it.each(TABLE)('of %s', (_, acts, state) => {
    expect(fold(...acts)).toEqual({ ...clean, ...state });
  });

  it.each(STRONG_METHODS)('lifts a no by %s', (method) => {
    expect(fold(no, { kind: 'grant', method }).allowed).toEqual([NEWS]);
  });

  it('takes entries in the order of their seq, however they come', () => {
    const entries = ledger(weak, no, strong);
    expect(foldLedger([...entries].reverse(), HERE, 'email')).toEqual(fold(weak, no, strong));
  });

  it('goes by seq, not by the clock of the one who wrote', () => {
    const [yes, said] = ledger(strong, no) as [LedgerFact, LedgerFact];
    const late = { ...yes, at: new Date(AT.getTime() + 1000) };
    expect(foldLedger([late, said], HERE, 'email').allowed).toEqual([]);
  });

  it('refuses two entries with one seq, and a seq that is not a whole number', () => {
    const twice = ledger(no, weak).map((entry) => ({ ...entry, seq: 7 }));
    expect(() => foldLedger(twice, HERE, 'email')).toThrow(RangeError);
    const text = ledger(no).map((entry) => ({ ...entry, seq: '7' as unknown as number }));
    expect(() => foldLedger(text, HERE, 'email')).toThrow(RangeError);
  });

  it('does not take two addresses of nobody for one person', () => {
    const entries = ledger({ ...no, ...elsewhere, contactId: null });
    expect(foldLedger(entries, { key: HERE.key, contactId: null }, 'email')).toEqual(clean);
  });
});

describe('whatever the ledger holds', () => {
  const anyAct = (methods: readonly (string | null)[]): fc.Arbitrary<Act> =>
    fc
      .record({
        kind: fc.constantFrom<LedgerFact['kind'][]>(
          'grant',
          'grant',
          'grant_pending',
          'withdraw',
          'opt_out',
          'pause',
          'fewer',
          'undeliverable',
          'deliverable',
          'restrict',
          'unrestrict',
          'erase',
        ),
        scope: fc.constantFrom<LedgerFact['scope'][]>('all', 'channel', 'topic', 'topic'),
        topicId: fc.constantFrom(NEWS, TIPS),
        channel: fc.constantFrom(null, 'email', 'email', 'sms'),
        addressKey: fc.constantFrom(HERE.key, HERE.key, null, 'key-elsewhere'),
        contactId: fc.constantFrom(HERE.contactId, HERE.contactId, null, 'bo'),
        method: fc.constantFrom(...methods),
        days: fc.constantFrom(30, null),
      })
      .map((act) => (act.kind === 'pause' ? { ...act, until: UNTIL } : act));

  const weakActs = fc.array(anyAct([null, 'import', 'crm_sync', 'signup_form']), { maxLength: 12 });
  const anyActs = fc.array(anyAct([null, 'import', ...STRONG_METHODS]), { maxLength: 12 });

  it('rule 5: after a no to all, nothing weak ever allows anything', () => {
    fc.assert(
      fc.property(anyActs, weakActs, (before, after) => {
        expect(fold(...before, no, ...after).allowed).toEqual([]);
        expect(fold(...before, { ...no, ...elsewhere }, ...after).allowed).toEqual([]);
      }),
    );
  });

  it('rule 5: after a no to a topic, nothing weak ever allows that topic', () => {
    fc.assert(
      fc.property(anyActs, weakActs, (before, after) => {
        expect(fold(...before, noNews, ...after).allowed).not.toContain(NEWS);
      }),
    );
  });

  it('a strong yes allows its own topic and no other', () => {
    fc.assert(
      fc.property(anyActs, (before) => {
        expect(fold(...before, no, strong).allowed).toEqual([NEWS]);
        const others = fold(...before).allowed.filter((topic) => topic !== NEWS);
        expect(fold(...before, strong).allowed).toEqual([NEWS, ...others].sort());
      }),
    );
  });

  it('a repeated no changes nothing but its number', () => {
    fc.assert(
      fc.property(anyActs, fc.constantFrom(no, noNews, { ...no, ...elsewhere }), (before, said) => {
        const once = fold(...before, said);
        expect({ ...fold(...before, said, said), noSeq: 0 }).toEqual({ ...once, noSeq: 0 });
      }),
    );
  });

  it('no topic is allowed and under a topic no, pending or withdrawn at once', () => {
    fc.assert(
      fc.property(anyActs, (acts) => {
        const { allowed, pending, withdrawn, noTopics } = fold(...acts);
        for (const topic of allowed) {
          expect([...pending, ...withdrawn, ...noTopics]).not.toContain(topic);
        }
      }),
    );
  });

  it('a wish for fewer changes nothing of what is allowed, and no yes takes it back', () => {
    fc.assert(
      fc.property(anyActs, anyActs, (before, after) => {
        const wish: Act = { kind: 'fewer', days: 30, ...aboutThePerson };
        const apart = { noSeq: 0, fewer: false };
        const left = fold(...before, ...after);
        expect({ ...fold(...before, wish, ...after), ...apart }).toEqual({ ...left, ...apart });
        const grants = after.filter(({ kind }) => /^grant|opt_out/.test(kind));
        expect(fold(...before, wish, ...grants).fewer).toBe(true);
      }),
    );
  });

  it('deliverability and objections never touch one another (P-47)', () => {
    fc.assert(
      fc.property(anyActs, anyActs, (before, after) => {
        const mended = fold(...before, { kind: 'deliverable' }, ...after);
        const left = fold(...before, ...after);
        const objection = ({ noAll, noTopics, noBy, allowed }: GateState): unknown => [
          noAll,
          noTopics,
          noBy,
          allowed,
        ];
        expect(objection(mended)).toEqual(objection(left));
        const silent = before.filter(({ kind }) => kind !== 'opt_out' && kind !== 'grant');
        expect(fold(...silent).undeliverableAt).toEqual(fold(...before).undeliverableAt);
      }),
    );
  });

  it('entries about others change nothing', () => {
    fc.assert(
      fc.property(anyActs, anyActs, (own, foreign) => {
        const others = foreign.map((act) => ({ ...act, ...stranger }));
        expect({ ...fold(...others, ...own), noSeq: 0 }).toEqual({ ...fold(...own), noSeq: 0 });
      }),
    );
  });

  it('the gate denies every topic the fold has not allowed', () => {
    const message = {
      hasGateRow: true,
      kinds: ['company_contact'],
      source: 'newsletter_form',
      minor: false,
      noticeAt: AT,
      attestedAt: AT,
      channel: 'email',
      now: AT,
      alreadySent: false,
      capped: false,
      sentLately: true,
      dispatchState: 'running',
      windowEnd: null,
      purposeAssessed: true,
    } as const;
    fc.assert(
      fc.property(anyActs, fc.constantFrom(NEWS, TIPS), (acts, topicId) => {
        const state = fold(...acts);
        const facts: GateFacts = { ...message, kinds: [...message.kinds], ...state, topicId };
        const blocked =
          state.restricted ||
          state.erased ||
          state.undeliverableAt ||
          state.pausedUntil ||
          state.fewer;
        const expected = state.allowed.includes(topicId) && !blocked ? 'allow' : 'deny';
        expect(decide(facts).verdict).toBe(expected);
      }),
    );
  });
});
