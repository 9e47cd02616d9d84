import { Logger } from '@nestjs/common';
import { WHOLE_TOPIC } from '../../../src/domain/audience';
import { Campaigns } from '../../../src/features/campaigns/campaigns.service';
import { LaunchCampaign } from '../../../src/features/campaigns/launch-campaign';
import { Dispatches, type Dispatch } from '../../../src/features/delivery/dispatches';
import { Reports } from '../../../src/features/delivery/reports';
import { Segments } from '../../../src/features/segments/segments.service';
import { OPERATOR } from '../../../src/platform/http/actor';
import { newId } from '../../../src/platform/ids';
import { Service } from '../../setup/service';
import { Outside } from './strike';

/** One more than a slice holds, so that there is a first, a last, and something between; 100 000 takes minutes. */
const PEOPLE = Number(process.env.FAULT_PEOPLE ?? 20_001);
const AGREED = PEOPLE - 100;
const KILLS = 10;
const EVERYONE = { ...WHOLE_TOPIC, members: 'everyone' as const };

describe('an audience that is being written down when its process is killed', () => {
  let service: Service;
  let outside: Outside;
  let template: Dispatch;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    // Nothing happens by itself: no timers, no workers.
    service = await Service.open({ BATCH_SIZE: '500' }, 'web');
    outside = new Outside(service);
    const topicId = await service.topic('nyhetsbrev');
    await writePeople(topicId);
    const { id } = await service
      .get(Campaigns)
      .create({ name: 'Stor', topicId, templateKey: 'enkel', audience: EVERYONE }, OPERATOR);
    await service.get(LaunchCampaign).start(id, OPERATOR);
    await service.get(LaunchCampaign).run(id);
    template = (await service.get(Dispatches).findByCampaign(id))!;
  }, 120_000);
  afterAll(async () => {
    await outside.rest();
    await service.close();
  });

  it(`fault 30: has everybody once, whichever of ${KILLS} points it was killed at`, async () => {
    const golden = await expand(0);
    expect(golden.calls.length).toBeGreaterThanOrEqual(KILLS);
    for (let kill = 1; kill <= KILLS; kill += 1) {
      const at = Math.ceil((kill * golden.calls.length) / KILLS);
      const { struck } = await expand(at);
      expect([at, struck]).toEqual([at, golden.calls[at - 1]]);
    }
    process.stdout.write(`${golden.calls.length} calls for ${PEOPLE} people\n`);
  }, 180_000);

  it('fault 30: asks its segments what they asked at the launch, when they are changed between two slices', async () => {
    await service.db.query(
      `UPDATE contact SET city = CASE WHEN right(id::text, 1) < '8' THEN 'Malmö' ELSE 'Lund' END`,
    );
    const livingIn = (city: string) => ({
      match: 'all',
      rules: [{ field: 'city', op: 'is', value: city }],
    });
    const segments = service.get(Segments);
    const malmo = await segments.create({ name: 'Prov', tree: livingIn('Malmö') }, OPERATOR);
    const { id } = await service.get(Campaigns).create(
      {
        name: 'Till en målgrupp',
        topicId: template.topicId,
        templateKey: 'enkel',
        audience: { ...EVERYONE, segments: { include: [malmo.id], exclude: [] } },
      },
      OPERATOR,
    );
    const launching = service.get(LaunchCampaign);
    await launching.start(id, OPERATOR);
    // The first death that comes after a slice has been written.
    let [at, dispatch] = [1, undefined as Dispatch | undefined];
    while (!dispatch?.cursor) {
      const run = { at, strike: 'is the last' as const };
      await outside.during(run, () => launching.run(id));
      await outside.rest();
      const known = dispatch;
      dispatch = await service.get(Dispatches).findByCampaign(id);
      at = dispatch && !known ? 1 : at + 1;
    }
    expect(dispatch.materialisedAt).toBeNull();
    expect(dispatch.audience).toBeGreaterThan(0);
    await segments.update(malmo.id, { version: 1, tree: livingIn('Lund') }, OPERATOR);
    await launching.run(id);
    const cities = await service.db.query(
      `SELECT c.city, count(*) = (SELECT count(*) FROM contact WHERE city = c.city) AS all
       FROM message m JOIN dispatch d ON d.id = m.dispatch_id JOIN contact c ON c.id = m.contact_id
       WHERE d.campaign_id = $1 GROUP BY 1`,
      [id],
    );
    expect(cities).toEqual([{ city: 'Malmö', all: true }]);
  }, 180_000);

  /** Writes the audience down, killed at that call, then again by a process that knows nothing of it. */
  async function expand(at: number) {
    const run = { ...template, campaignId: newId() };
    const id = await service.db.tx((tx) => service.get(Dispatches).create(tx, run));
    const write = () => service.get(Dispatches).materialise(id, EVERYONE);
    const struck = await outside.during({ at, strike: 'is the last' }, write);
    if (at > 0) {
      const { buckets, gap } = await service.get(Reports).counts(id);
      expect([gap, buckets.accepted]).toEqual([0, 0]);
    }
    await write();
    const counts = await service.get(Reports).counts(id);
    expect(counts).toMatchObject({
      audience: PEOPLE,
      gap: 0,
      buckets: { pending: AGREED, withheld: PEOPLE - AGREED },
    });
    const [rows] = await service.db.query(
      `SELECT count(*) AS rows, count(DISTINCT contact_id) AS people, count(DISTINCT address_key) AS addresses,
         (SELECT count(*) FROM batch b WHERE b.dispatch_id = $1
            AND NOT EXISTS (SELECT 1 FROM message m WHERE m.batch_id = b.id)) AS empty
       FROM message WHERE dispatch_id = $1`,
      [id],
    );
    expect(rows).toEqual({ rows: PEOPLE, people: PEOPLE, addresses: PEOPLE, empty: 0 });
    await service.db.query(`DELETE FROM message WHERE dispatch_id = $1`, [id]);
    return struck;
  }

  /** As an import leaves them: all know us, and all but the last hundred have agreed. */
  async function writePeople(topicId: string): Promise<void> {
    await service.db.query(
      `WITH person AS (
         SELECT n, new_id() AS id, sha256(('p' || n)::bytea) AS key FROM generate_series(1, $1::int) AS n
       ), contact AS (
         INSERT INTO contact (id, kinds, first_name, notice_at, created_at, updated_at)
         SELECT id, '{company_contact}', 'Kim', now(), now(), now() FROM person
       ), address AS (
         INSERT INTO address (id, contact_id, channel, value, canonical, address_key, key_version, source, collected_at)
         SELECT new_id(), id, 'email', 'p' || n || '@exempel.example', 'p' || n || '@exempel.example', key, 1,
           'company_contact', now()
         FROM person
       )
       INSERT INTO gate (address_key, channel, contact_id, epoch, allowed, pending, withdrawn, no_topics, updated_at)
       SELECT key, 'email', id, 1, CASE WHEN n <= $2 THEN ARRAY[$3::uuid] ELSE '{}' END, '{}', '{}', '{}', now()
       FROM person`,
      [PEOPLE, AGREED, topicId],
    );
    await service.db.query('ANALYZE');
  }
});
