import {
  Grounds,
  type GrantRequest,
  type GroundEvidence,
} from '../../../src/features/registry/grounds';
import { Wordings } from '../../../src/features/registry/wordings';
import { optOut, World } from './world';

describe('lawful grounds', () => {
  let world: World;
  let grounds: Grounds;
  let news: string;
  let similar: string;
  let wordingVersion: string;

  beforeAll(async () => {
    world = await World.open();
    grounds = new Grounds(world.registry);
    news = await world.topic('news');
    similar = await world.topic('similar', { softOptIn: true });
    wordingVersion = await new Wordings().version(
      world.db,
      'signup',
      'sv',
      'Ja tack till nyhetsbrev.',
    );
  });
  afterAll(() => world.close());

  let person = 0;
  const request = async (
    evidence: GroundEvidence,
    more: Partial<GrantRequest> = {},
  ): Promise<GrantRequest> => {
    const value = `grund${person++}@example.com`;
    return {
      address: world.ref(value),
      contactId: await world.contact(value),
      topicId: news,
      evidence,
      door: 'import',
      actor: { type: 'system', id: null },
      ...more,
    };
  };
  const grant = (...requests: GrantRequest[]) => world.db.tx((tx) => grounds.grant(tx, requests));
  const consent = (): GroundEvidence => ({
    ground: 'CONSENT',
    wordingVersion,
    method: 'import_attested',
  });
  const sale = (): Extract<GroundEvidence, { ground: 'SOFT_OPT_IN' }> => ({
    ground: 'SOFT_OPT_IN',
    saleRef: 'order-1001',
    collectedAt: new Date('2026-01-02T03:04:05Z'),
    noticeVersion: '2018-04-05',
  });

  it('keeps who, channel, purpose, wording, method and time of a consent (L-16)', async () => {
    const asked = await request(
      {
        ground: 'CONSENT',
        wordingVersion,
        method: 'import_attested',
        givenAt: new Date('2025-05-06T07:08:09Z'),
      },
      { more: { importId: 'i-1' } },
    );
    const [result] = await grant(asked);
    expect(result).toMatchObject({ outcome: 'recorded' });
    const [entry] = await world.entries('contact_id = $1', [asked.contactId]);
    expect(entry).toMatchObject({
      kind: 'grant',
      channel: 'email',
      topic_id: news,
      ground: 'CONSENT',
      method: 'import_attested',
      door: 'import',
      wording_version: wordingVersion,
      policy_version: '2018-04-05',
      evidence: { givenAt: '2025-05-06T07:08:09.000Z', importId: 'i-1' },
    });
    const wording = await new Wordings().text(world.db, String(entry?.wording_version));
    expect(wording).toMatchObject({
      text: 'Ja tack till nyhetsbrev.',
      language: 'sv',
      kind: 'signup',
    });
  });

  it('gives the same words the same version, and other words another (L-16)', async () => {
    const wordings = new Wordings();
    const version = (text: string) => wordings.version(world.db, 'signup', 'sv', text);
    expect(await version('Ja tack till nyhetsbrev.')).toBe(wordingVersion);
    expect(await version('Ja tack till nyhetsbrev!')).not.toBe(wordingVersion);
    expect(await wordings.text(world.db, 'nope')).toBeNull();
  });

  it.each<[string, GroundEvidence]>([
    ['consent_without_wording', { ground: 'CONSENT', method: 'import_attested' }],
    [
      'unknown_wording',
      { ground: 'CONSENT', wordingVersion: 'made-up', method: 'import_attested' },
    ],
  ])('takes no consent that cannot be reconstructed: %s (L-16)', async (code, evidence) => {
    expect(await grant(await request(evidence))).toEqual([{ outcome: 'invalid', code }]);
  });

  it('takes no consent without its method (L-16)', async () => {
    const asked = await request({ ground: 'CONSENT', wordingVersion });
    expect(await grant(asked)).toEqual([{ outcome: 'invalid', code: 'consent_without_method' }]);
    expect(await world.gate(`grund${person - 1}@example.com`)).toBeUndefined();
  });

  it.each(['double_opt_in_post', 'mina_sidor_authenticated', 'officer_with_evidence'])(
    'lets no import claim %s, which would lift a no',
    async (method) => {
      const asked = await request({ ground: 'CONSENT', wordingVersion, method });
      expect(await grant(asked)).toEqual([{ outcome: 'invalid', code: 'method_not_of_this_door' }]);
      await expect(
        world.record({
          kind: 'grant',
          scope: 'topic',
          channel: 'email',
          topicId: news,
          ground: 'CONSENT',
          method,
          door: 'import',
          address: asked.address,
          contactId: null,
          actor: { type: 'system', id: null },
        }),
      ).rejects.toThrow('cannot come through the door import');
    },
  );

  it('takes a soft opt-in with a sale, a time, a notice and a similar product (L-02)', async () => {
    const asked = await request(sale(), { topicId: similar });
    expect(await grant(asked)).toMatchObject([{ outcome: 'recorded' }]);
    const [entry] = await world.entries('contact_id = $1', [asked.contactId]);
    expect(entry).toMatchObject({
      ground: 'SOFT_OPT_IN',
      method: 'sale',
      evidence: {
        saleRef: 'order-1001',
        collectedAt: '2026-01-02T03:04:05.000Z',
        noticeVersion: '2018-04-05',
      },
    });
  });

  it.each([
    ['no_sale_ref', { saleRef: undefined }],
    ['no_collected_at', { collectedAt: undefined }],
    ['no_collected_at', { collectedAt: new Date('nonsense') }],
    ['no_notice_version', { noticeVersion: '' }],
  ])(
    'takes no soft opt-in without one of its conditions: %s (L-02, L-03)',
    async (code, without) => {
      const asked = await request({ ...sale(), ...without }, { topicId: similar });
      expect(await grant(asked)).toEqual([{ outcome: 'invalid', code }]);
    },
  );

  it('takes no soft opt-in for a topic that is not about similar products (L-02)', async () => {
    expect(await grant(await request(sale()))).toEqual([
      { outcome: 'invalid', code: 'topic_not_similar' },
    ]);
  });

  it('takes no soft opt-in against an objection (L-02)', async () => {
    const asked = await request(sale(), { topicId: similar });
    await world.record(optOut(asked.address, asked.contactId));
    expect(await grant(asked)).toMatchObject([{ outcome: 'refused' }]);
  });

  it('takes LEGAL_PERSON for a role mailbox only, or by the officer’s decision (L-04)', async () => {
    const role = (canonical: string) => request({ ground: 'LEGAL_PERSON', canonical });
    const results = await grant(
      await role('info@foretag.example'),
      await role('hr@foretag.example'),
      await role('anna.andersson@foretag.example'),
      await role('information.anna@foretag.example'),
      await request({ ground: 'LEGAL_PERSON' }),
      await request({ ground: 'LEGAL_PERSON', decisionRef: 'beslut-7' }),
      await request(
        { ground: 'LEGAL_PERSON', decisionRef: 'beslut-7' },
        { door: 'privacy_officer' },
      ),
    );
    expect(results.map((result) => ('code' in result ? result.code : result.outcome))).toEqual([
      'recorded',
      'recorded',
      'not_a_legal_person',
      'not_a_legal_person',
      'not_a_legal_person',
      'method_not_of_this_door',
      'recorded',
    ]);
    const [dump] = await world.db.query<{ all: string }>(
      `SELECT string_agg(evidence::text, ' ') AS all FROM ledger_entry`,
    );
    expect(dump?.all).not.toContain('foretag');
  });

  it('knows no ground "legitimate interest" at all (L-01)', async () => {
    await expect(
      world.db
        .query(`INSERT INTO ledger_entry (id, kind, contact_id, scope, topic_id, ground, door, actor_type, policy_version)
        VALUES (gen_random_uuid(), 'grant', gen_random_uuid(), 'topic', gen_random_uuid(), 'LEGITIMATE_INTEREST', 'import', 'system', 'x')`),
    ).rejects.toThrow('ledger_entry_ground');
  });

  it('judges each request by itself and answers in order', async () => {
    const [first, second, third] = [
      await request(consent()),
      await request(consent(), { topicId: '01890000-0000-7000-8000-00000000dead' }),
      await request(consent()),
    ];
    const results = await grant(first, second, third);
    expect(results).toMatchObject([
      { outcome: 'recorded' },
      { outcome: 'invalid', code: 'unknown_topic' },
      { outcome: 'recorded' },
    ]);
    const entries = await world.entries('id = ANY($1)', [
      results.flatMap((result) => ('entryId' in result ? (result.entryId ?? []) : [])),
    ]);
    expect(entries.map((entry) => entry.contact_id)).toEqual([first.contactId, third.contactId]);
  });
});
