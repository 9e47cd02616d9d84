import { WHOLE_TOPIC, type Audience } from '../../src/domain/audience';
import { Dispatches } from '../../src/features/delivery/dispatches';
import { OptOuts } from '../../src/features/registry/opt-outs';
import { OPERATOR } from '../../src/platform/http/actor';
import { Service } from '../setup/service';

const PEOPLE = 200;
const emailOf = (n: number): string => `egen${n}@exempel.example`;
const AUDIENCES: Audience[] = [
  { ...WHOLE_TOPIC, members: 'everyone' },
  { ...WHOLE_TOPIC, members: 'topic' },
  { ...WHOLE_TOPIC, members: 'everyone', kinds: ['learner'] },
];

describe('what is said before a launch', () => {
  let service: Service;
  let topicId: string;

  beforeAll(async () => {
    service = await Service.open();
    topicId = await service.topic('nyhetsbrev');
    await service.people(
      topicId,
      Array.from({ length: PEOPLE }, (_, n) => ({ email: emailOf(n) })),
    );
    await shareAddresses();
    const noes = service.get(OptOuts);
    for (const n of [3, 7, 20, 41]) {
      await noes.byAddress('email', emailOf(n), { door: 'service_desk', actor: OPERATOR });
    }
  });
  afterAll(() => service?.close());

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
