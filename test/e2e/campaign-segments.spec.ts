import { WHOLE_TOPIC } from '../../src/domain/audience';
import type { CampaignDetail } from '../../src/features/campaigns/campaign-views.dto';
import { Campaigns } from '../../src/features/campaigns/campaigns.service';
import { LaunchCampaign } from '../../src/features/campaigns/launch-campaign';
import { SweepCampaigns } from '../../src/features/campaigns/sweep-campaigns';
import { HandOverBatch } from '../../src/features/delivery/hand-over-batch';
import { OptOuts } from '../../src/features/registry/opt-outs';
import { OPERATOR } from '../../src/platform/http/actor';
import { newId } from '../../src/platform/ids';
import { type Caller, logIn } from '../setup/callers';
import { Service } from '../setup/service';
import { Outside } from './faults/strike';

type Answer = Record<string, unknown> & { id: string; code?: string };
interface Fault {
  path: string;
  code: string;
}

const livingIn = (city: string) => ({
  match: 'all',
  rules: [{ field: 'city', op: 'is', value: city }],
});
const naming = (id: string) => ({
  match: 'all',
  rules: [{ field: 'segment', op: 'one_of', value: [id] }],
});
const LEARNT = { match: 'all', rules: [{ field: 'learning', op: 'did', events: ['completed'] }] };

/** Anna and Bo live in Malmö, Cia and Dan in Lund, Eva nowhere; Anna and Cia have completed a course. */
const PEOPLE = { anna: 'Malmö', bo: 'Malmö', cia: 'Lund', dan: 'Lund', eva: null };

describe('a campaign written to segments', () => {
  let service: Service;
  let topicId: string;
  let approver: Caller;
  let malmo: string;
  let lund: string;
  let learnt: string;
  const ids: Record<string, string> = {};

  beforeAll(async () => {
    // Nothing happens by itself: no timers, no workers.
    service = await Service.open({ APPROVAL_ABOVE: '1' }, 'web');
    topicId = await service.topic('nyhetsbrev');
    approver = await logIn(service, 'approver');
    for (const [name, city] of Object.entries(PEOPLE)) {
      const [id] = await service.people(topicId, [{ email: `${name}@exempel.example` }]);
      await service.db.query('UPDATE contact SET city = $2 WHERE id = $1', [id, city]);
      ids[name] = id!;
    }
    for (const name of ['anna', 'cia']) {
      await service.db.query(
        `INSERT INTO learner_event (event_id, contact_id, kind, occurred_at, received_at)
         VALUES ($1, $2, 'completed', now(), now())`,
        [newId(), ids[name]],
      );
    }
    malmo = await segment(livingIn('Malmö'), 'Malmöbor');
    lund = await segment(livingIn('Lund'), 'Lundabor');
    learnt = await segment(LEARNT, 'Har gått en kurs');
  });
  afterAll(() => service?.close());

  async function call<Body = Answer>(verb: string, path: string, body?: unknown) {
    const response = await fetch(`${service.url}/api/v1/${path}`, {
      method: verb,
      headers: { 'content-type': 'application/json', ...approver.headers },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, body: (text ? JSON.parse(text) : {}) as Body };
  }

  const segment = async (tree: object, name = 'Prov') =>
    (await call('POST', 'segments', { name, tree })).body.id;

  const edit = async (id: string, changes: object) => {
    const { body } = await call('GET', `segments/${id}`);
    expect(
      (await call('PATCH', `segments/${id}`, { version: body.version, ...changes })).status,
    ).toBe(200);
  };

  const draft = async (segments: object, more: object = {}) => {
    const { id } = await service.get(Campaigns).create(
      {
        name: 'Höstens kurser',
        topicId,
        templateKey: 'enkel',
        audience: { ...WHOLE_TOPIC, segments },
        ...more,
      },
      OPERATOR,
    );
    return id;
  };

  const audience = (id: string) => call(`GET`, `campaigns/${id}/audience`);
  const detail = async (id: string) => (await call<CampaignDetail>('GET', `campaigns/${id}`)).body;
  const faults = ({ body }: { body: Answer }) =>
    (body.errors as Fault[]).map(({ path, code }) => [path, code]);

  /** Of whom a run has a row. */
  async function written(campaignId: string): Promise<string[]> {
    const rows = await service.db.query<{ contactId: string }>(
      `SELECT m.contact_id AS "contactId" FROM message m JOIN dispatch d ON d.id = m.dispatch_id
       WHERE d.campaign_id = $1`,
      [campaignId],
    );
    const names = Object.entries(ids);
    return rows.map(({ contactId }) => names.find(([, id]) => id === contactId)![0]).sort();
  }

  it('goes to people in any of the included, in none of the excluded, and to all else it asks for', async () => {
    const count = async (segments: object, more: object = {}) => {
      const { body } = await audience(await draft(segments, more));
      return [body.audience, body.gets];
    };
    expect(await count({ include: [malmo] })).toEqual([2, 2]);
    expect(await count({ include: [malmo, lund] })).toEqual([4, 4]);
    expect(await count({ exclude: [malmo] })).toEqual([3, 3]);
    expect(await count({ include: [malmo, lund], exclude: [learnt] })).toEqual([2, 2]);
    const english = { ...WHOLE_TOPIC, languages: ['en'], segments: { include: [malmo] } };
    expect(await count({}, { audience: english })).toEqual([0, 0]);
  });

  it('keeps what it asks for in its view, its versions and its copies, and in words', async () => {
    const id = await draft({ include: [malmo], exclude: [learnt] });
    const asked = { include: [malmo], exclude: [learnt] };
    const view = await detail(id);
    expect(view.audience.segments).toEqual(asked);
    expect(view.segments).toEqual([
      expect.objectContaining({ name: 'Har gått en kurs', profiling: true, archived: false }),
      expect.objectContaining({
        name: 'Malmöbor',
        sentence: { sv: 'Personer som har orten ”Malmö”', en: 'People who have the city “Malmö”' },
      }),
    ]);
    const copy = await call<CampaignDetail>('POST', `campaigns/${id}/duplicate`);
    expect(copy.body.audience.segments).toEqual(asked);
    const cleared = { version: view.version, audience: { members: 'everyone' } };
    const later = await call<CampaignDetail>('PATCH', `campaigns/${id}`, cleared);
    expect(later.body.audience.segments).toEqual({ include: [], exclude: [] });
    const back = await call<CampaignDetail>('POST', `campaigns/${id}/versions/1/restore`, {
      over: 2,
    });
    expect(back.body.audience.segments).toEqual(asked);
    const { body } = await call<{ items: CampaignDetail[] }>('GET', 'campaigns?group=draft');
    expect(body.items.find((item) => item.id === id)!.segments.map(({ name }) => name)).toEqual([
      'Har gått en kurs',
      'Malmöbor',
    ]);
  });

  it('refuses segments that are not there or are archived, each by its place', async () => {
    const gone = await segment(livingIn('Ystad'));
    await call('DELETE', `segments/${gone}`);
    const include = [malmo, newId()];
    const refused = await call('POST', 'campaigns', {
      name: 'x',
      audience: { segments: { include, exclude: [gone] } },
    });
    expect(refused.status).toBe(422);
    expect(faults(refused)).toEqual([
      ['audience.segments.include.1', 'unknown_segment'],
      ['audience.segments.exclude.0', 'segment_archived'],
    ]);
  });

  it('is not ready while a segment of it is archived, has nobody, or asks too much', async () => {
    const passing = await segment(livingIn('Malmö'));
    const sent = await draft({ include: [passing] });
    await service.db.query(`UPDATE campaign SET state = 'cancelled' WHERE id = $1`, [sent]);
    expect((await call('DELETE', `segments/${passing}`)).status).toBe(204);
    const { body: copy } = await call('POST', `campaigns/${sent}/duplicate`);
    const archived = ['audience.segments.include.0', 'segment_archived'];
    expect(faults(await call('GET', `campaigns/${copy.id}/readiness`))).toEqual([archived]);
    expect(faults(await audience(copy.id))).toEqual([archived]);
    expect((await call('GET', `campaigns/${copy.id}/samples`)).body.items).toMatchObject([
      { contact: null },
    ]);

    const empty = await draft({ include: [await segment(livingIn('Ystad'))] });
    expect(faults(await call('GET', `campaigns/${empty}/readiness`))).toEqual([
      ['audience.segments', 'segments_empty'],
    ]);

    const rules = Array.from({ length: 60 }, () => livingIn('Malmö').rules[0]);
    const [one, other] = [
      await segment({ match: 'any', rules }),
      await segment({ match: 'any', rules }),
    ];
    const wide = await draft({ include: [one, other] });
    expect(faults(await call('GET', `campaigns/${wide}/readiness`))).toEqual([
      ['audience.segments', 'too_wide'],
    ]);
  });

  it('L-10: says how many it leaves out, who may not be profiled', async () => {
    await service.db.query('UPDATE contact SET minor = true WHERE id = $1', [ids.anna]);
    const profiling = (await audience(await draft({ exclude: [learnt] }))).body;
    expect(profiling).toMatchObject({ audience: 3, segments: { of: 5, leftOut: 1 } });
    const plain = (await audience(await draft({ include: [malmo] }))).body;
    expect(plain).toMatchObject({ audience: 2, gets: 1, segments: { of: 5, leftOut: 0 } });
    expect((await audience(await draft({}))).body.segments).toBeNull();
    await service.db.query('UPDATE contact SET minor = false WHERE id = $1', [ids.anna]);
  });

  it('says that a segment takes too long, and does not wait for it', async () => {
    const id = await draft({ include: [malmo] });
    await service.db.tx(
      async (tx) => {
        await tx.query('LOCK TABLE reach IN ACCESS EXCLUSIVE MODE');
        const { status, body } = await audience(id);
        expect([status, body.code]).toEqual([503, 'segment_too_slow']);
      },
      { idleSeconds: 60 },
    );
    expect((await audience(id)).status).toBe(200);
  });

  describe('that is approved', () => {
    const approved = async (segments: object, more: object = {}) => {
      const id = await draft(segments, more);
      expect((await call('POST', `campaigns/${id}/approve`, {})).status).toBe(200);
      return id;
    };
    const toBe = [
      ['it names', (id: string) => ({ include: [id] })],
      ['it leaves out', (id: string) => ({ exclude: [id] })],
    ] as const;

    it.each(toBe)(
      'has to be approved again when a segment that %s is changed',
      async (_, naming) => {
        const city = await segment(livingIn('Malmö'));
        const id = await approved(naming(city));
        await edit(city, { name: 'Ett annat namn' });
        expect((await detail(id)).approvalIsVoid).toBe(false);
        await edit(city, { tree: livingIn('Lund') });
        expect((await detail(id)).approvalIsVoid).toBe(true);
        const launch = await call('POST', `campaigns/${id}/launch`, {});
        expect([launch.status, launch.body.code]).toEqual([409, 'campaign_changed_since_approval']);
        await call('POST', `campaigns/${id}/withdraw`);
        expect((await call('POST', `campaigns/${id}/approve`, {})).status).toBe(200);
        expect((await detail(id)).approvalIsVoid).toBe(false);
        expect((await call('POST', `campaigns/${id}/launch`, {})).status).toBe(202);
      },
    );

    it('has to be approved again when a segment is changed that one of its own rests on', async () => {
      const inner = await segment(livingIn('Malmö'));
      const id = await approved({ include: [await segment(naming(await segment(naming(inner))))] });
      await edit(inner, { tree: livingIn('Lund') });
      expect((await detail(id)).approvalIsVoid).toBe(true);
    });

    it('comes back as a draft that says why, when its time comes after such a change', async () => {
      const city = await segment(livingIn('Malmö'));
      const id = await approved({ include: [city] }, { sendAtLocal: '2030-01-07T09:00' });
      await edit(city, { tree: livingIn('Lund') });
      await service.db.query(
        `UPDATE campaign SET send_at = now() - interval '1 minute', leaves_at = now() - interval '1 minute' WHERE id = $1`,
        [id],
      );
      await service.get(SweepCampaigns).run();
      await service.get(LaunchCampaign).run(id);
      expect(await detail(id)).toMatchObject({
        state: 'draft',
        cameBack: ['segments_changed_since_approval'],
        progress: { counts: null },
      });
      expect(await written(id)).toEqual([]);
      const { version } = await detail(id);
      await call('PATCH', `campaigns/${id}`, { version, subject: 'Ny' });
      expect((await detail(id)).cameBack).toEqual([]);
    });
  });

  it('asks the same after any death of the process that launches it, whatever its segments ask by then', async () => {
    const outside = new Outside(service);
    let [asNow, asThen] = [0, 0];
    for (let at = 1; ; at += 1) {
      const inner = await segment(livingIn('Malmö'), 'Malmöbor då');
      const id = await draft({ include: [await segment(naming(inner), 'Yttre')] });
      expect((await call('POST', `campaigns/${id}/approve`, {})).status).toBe(200);
      await service.get(LaunchCampaign).start(id, OPERATOR);
      const launch = () => service.get(LaunchCampaign).run(id);
      const { struck } = await outside.during({ at, strike: 'is the last' }, launch);
      if (struck === null) break;
      await outside.rest();
      const wasLaunched = (await detail(id)).launchedAt !== null;
      await edit(inner, { tree: livingIn('Lund'), name: 'Lundabor nu' });
      await launch();
      expect(await written(id)).toEqual(wasLaunched ? ['anna', 'bo'] : []);
      const then = await detail(id);
      expect(then.state).toBe(wasLaunched ? 'launched' : 'draft');
      if (wasLaunched) {
        asThen += 1;
        expect(then.segments).toMatchObject([
          { name: 'Yttre', sentence: { sv: 'Personer som är med i ”Malmöbor då”' } },
        ]);
      } else asNow += 1;
    }
    await outside.rest();
    expect(asNow).toBeGreaterThan(0);
    expect(asThen).toBeGreaterThan(0);
  }, 120_000);

  it('writes to nobody who objects between the launch and the sending', async () => {
    const id = await draft({ include: [malmo] });
    await call('POST', `campaigns/${id}/approve`, {});
    await service.get(LaunchCampaign).start(id, OPERATOR);
    await service.get(LaunchCampaign).run(id);
    await service
      .get(OptOuts)
      .byAddress('email', 'bo@exempel.example', { door: 'service_desk', actor: OPERATOR });
    const batches = await service.db.query<{ id: string }>(
      `SELECT b.id FROM batch b JOIN dispatch d ON d.id = b.dispatch_id WHERE d.campaign_id = $1`,
      [id],
    );
    for (const batch of batches) await service.get(HandOverBatch).run(batch.id);
    const fates = await service.db.query(
      `SELECT a.value AS address, m.state, m.reason FROM message_status m
       JOIN dispatch d ON d.id = m.dispatch_id JOIN address a ON a.id = m.address_id
       WHERE d.campaign_id = $1 ORDER BY 1`,
      [id],
    );
    expect(fates).toEqual([
      { address: 'anna@exempel.example', state: 'ACCEPTED', reason: null },
      { address: 'bo@exempel.example', state: 'WITHHELD', reason: 'suppressed_address' },
    ]);
  });

  it('is told of by its segments, which cannot be archived before it has been written down', async () => {
    const inner = await segment(livingIn('Lund'));
    const outer = await segment(naming(inner));
    const id = await draft({ include: [outer] });
    const { body } = await call('GET', `segments/${outer}`);
    expect(body.usedBy).toEqual([{ kind: 'campaign', id, name: 'Höstens kurser', holds: true }]);
    const archiving = async (segmentId: string) =>
      (await call('DELETE', `segments/${segmentId}`)).status;
    expect(await archiving(outer)).toBe(409);
    await call('POST', `campaigns/${id}/approve`, {});
    await service.get(LaunchCampaign).start(id, OPERATOR);
    await service.get(LaunchCampaign).run(id);
    // As if it were in the middle of that.
    await service.db.query(
      `UPDATE dispatch SET materialised_at = NULL, state = 'running' WHERE campaign_id = $1`,
      [id],
    );
    await edit(outer, { tree: livingIn('Ystad') });
    expect([await archiving(outer), await archiving(inner)]).toEqual([409, 409]);
    await service.db.query('UPDATE dispatch SET materialised_at = now() WHERE campaign_id = $1', [
      id,
    ]);
    expect([await archiving(outer), await archiving(inner)]).toEqual([204, 204]);
    expect((await detail(id)).segments).toMatchObject([{ name: 'Prov', archived: false }]);
    expect((await audience(id)).body).toMatchObject({ audience: 2 });
  });
});
