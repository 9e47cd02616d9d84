import fc from 'fast-check';
import { WHOLE_TOPIC, type Audience } from '../../src/domain/audience';
import { Campaigns } from '../../src/features/campaigns/campaigns.service';
import { CheckCampaign } from '../../src/features/campaigns/check-campaign';
import { Dispatches } from '../../src/features/delivery/dispatches';
import { LaunchCampaign } from '../../src/features/campaigns/launch-campaign';
import { OptOuts } from '../../src/features/registry/opt-outs';
import { Segments } from '../../src/features/segments/segments.service';
import { OPERATOR } from '../../src/platform/http/actor';
import { Service } from '../setup/service';

const PEOPLE = 200;
const emailOf = (n: number): string => `egen${n}@exempel.example`;
const AUDIENCES: Audience[] = [
  { ...WHOLE_TOPIC, members: 'everyone' },
  { ...WHOLE_TOPIC, members: 'topic' },
  { ...WHOLE_TOPIC, members: 'everyone', kinds: ['learner'] },
];
const TREES = [
  { match: 'all', rules: [{ field: 'city', op: 'is', value: 'Malmö' }] },
  { match: 'none', rules: [{ field: 'city', op: 'is', value: 'Lund' }] },
  { match: 'all', rules: [{ field: 'kind', op: 'one_of', value: ['learner'] }] },
  { match: 'none', rules: [{ field: 'learning', op: 'did', events: ['completed'] }] },
  {
    match: 'any',
    rules: [{ field: 'topic', op: 'refused', value: ['00000000-0000-4000-8000-000000000000'] }],
  },
];

describe('what is said before a launch', () => {
  let service: Service;
  let topicId: string;
  const segments: string[] = [];

  beforeAll(async () => {
    service = await Service.open();
    topicId = await service.topic('nyhetsbrev');
    await service.people(
      topicId,
      Array.from({ length: PEOPLE }, (_, n) => ({ email: emailOf(n) })),
    );
    await shareAddresses();
    await liveSomewhere();
    const noes = service.get(OptOuts);
    for (const n of [3, 7, 20, 41]) {
      await noes.byAddress('email', emailOf(n), { door: 'service_desk', actor: OPERATOR });
    }
  });
  afterAll(() => service?.close());
  beforeAll(async () => {
    for (const tree of TREES) {
      const { id } = await service.get(Segments).create({ name: 'Prov', tree }, OPERATOR);
      segments.push(id);
    }
    const [first] = segments;
    segments.push((await service.get(Segments).freeze(first!, { name: 'Då' }, OPERATOR)).id);
  });

  it.each(AUDIENCES)(
    'is what the launch then does, also with shared addresses: %j',
    async (audience) => {
      const campaignId = await service.launch(topicId, { audience });
      const said = await service.get(Dispatches).arithmetic(topicId, 'email', audience);
      const done = await service.settled(campaignId);
      expect(said.audience).toBe(done.audience);
      expect(said.gets).toBe(done.buckets.accepted);
      expect(asMap(said.withheld)).toEqual(asMap(done.withheld));
      expect(asMap(said.withheld)).toHaveProperty('already_sent');
    },
  );

  it('is what the launch then does, whichever segments it is written to', async () => {
    const some = fc.array(fc.nat({ max: TREES.length }), { maxLength: 3 });
    const asked = fc.record({
      include: some,
      exclude: some,
      members: fc.constantFrom('topic' as const, 'everyone' as const),
    });
    let reached = 0;
    await fc.assert(
      fc.asyncProperty(asked, async ({ include, exclude, members }) => {
        const named = { include: include.map(idOf), exclude: exclude.map(idOf) };
        const audience = { ...WHOLE_TOPIC, members, segments: named };
        const campaign = { name: 'Prov', topicId, templateKey: 'nyhetsbrev', audience };
        const { id } = await service.get(Campaigns).create(campaign, OPERATOR);
        const said = await service.get(CheckCampaign).audience(id);
        if (said.gets === 0) return;
        await service.get(LaunchCampaign).start(id, OPERATOR);
        const done = await service.settled(id);
        expect([said.audience, said.gets]).toEqual([done.audience, done.buckets.accepted]);
        expect(asMap(said.withheld)).toEqual(asMap(done.withheld));
        if (said.segments && said.audience < said.segments.of) reached += 1;
      }),
      { numRuns: 12, endOnFailure: true },
    );
    expect(reached).toBeGreaterThan(0);
  }, 120_000);

  const idOf = (n: number): string => segments[n]!;

  async function liveSomewhere(): Promise<void> {
    await service.db.query(
      `UPDATE contact SET city = (ARRAY['Malmö', 'Lund', NULL])[1 + n % 3], minor = n % 11 = 0
       FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM contact) person WHERE person.id = contact.id`,
    );
    await service.db.query(
      `INSERT INTO learner_event (event_id, contact_id, kind, occurred_at, received_at)
       SELECT new_id(), id, 'completed', now(), now() FROM contact WHERE 'learner' = ANY (kinds) AND city IS NULL`,
    );
  }

  /** Straight into the tables: no door makes such a muddle, but years of imports and merges do. */
  async function shareAddresses(): Promise<void> {
    await service.db.query(
      `WITH person AS (SELECT id, row_number() OVER (ORDER BY id) AS n FROM contact),
       learners AS (UPDATE contact SET kinds = ARRAY['learner'] WHERE id IN (SELECT id FROM person WHERE n % 3 = 0)),
       donor AS (SELECT a.*, row_number() OVER (ORDER BY a.id) AS n FROM address a)
       INSERT INTO address (id, contact_id, channel, value, canonical, address_key, key_version, source,
                            source_ref, collected_at)
       SELECT new_id(), p.id, 'email', d.value, d.canonical, d.address_key, d.key_version,
         CASE WHEN k = 2 THEN 'mina_sidor' ELSE d.source END, 'test',
         now() + (p.n * 7 + k) % 11 * interval '1 hour'
       FROM person p CROSS JOIN generate_series(1, 2) AS k
       JOIN donor d ON d.n = 1 + (p.n * 13 + k * 29) % 60
       WHERE p.n % (k + 1) = 0 ON CONFLICT DO NOTHING`,
    );
  }
});

function asMap(withheld: readonly { reason: string; count: number }[]): Record<string, number> {
  return Object.fromEntries(withheld.map(({ reason, count }) => [reason, count]));
}
