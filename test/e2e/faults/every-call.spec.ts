import { Logger } from '@nestjs/common';
import { LaunchCampaign } from '../../../src/features/campaigns/launch-campaign';
import { AuditDelivery } from '../../../src/features/delivery/audit-delivery';
import { ContentRenderer } from '../../../src/features/content/content-renderer';
import { ChannelState } from '../../../src/features/delivery/channel-state';
import { Dispatches, type Dispatch } from '../../../src/features/delivery/dispatches';
import { HandOverBatch } from '../../../src/features/delivery/hand-over-batch';
import { Reports } from '../../../src/features/delivery/reports';
import { SweepDelivery } from '../../../src/features/delivery/sweep-delivery';
import { OptOuts } from '../../../src/features/registry/opt-outs';
import { WHOLE_TOPIC } from '../../../src/domain/audience';
import { RECIPIENT } from '../../../src/platform/http/actor';
import { newId } from '../../../src/platform/ids';
import { timePasses } from '../../setup/passing-time';
import { Service } from '../../setup/service';
import { Outside, STRIKES, type StrikeAt, type Struck } from './strike';

/** Databases worked on at the same time, each by a service of its own. */
const LANES = 3;
/** What the provider says to each of six people, by the first letter of their address. */
const ANSWERS: Outside['verdicts'] = {
  b: { kind: 'rate_limited', retryAfterSeconds: 1 },
  c: { kind: 'refused', code: 'http_400', detail: '', permanent: true },
  d: { kind: 'unknown', code: 'deadline', taken: true },
  e: { kind: 'unknown', code: 'deadline', taken: false },
};
const PEOPLE = ['a', 'b', 'c', 'd', 'e', 'f'];

interface Lane {
  service: Service;
  outside: Outside;
  template: Dispatch;
}

interface Played extends Struck {
  faults: string[];
}

describe('a fault at every call of a hand-over, a no and a sweep', () => {
  const lanes: Lane[] = [];
  let runs = 0;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    for (let n = 0; n < LANES; n += 1) {
      // Nothing happens by itself: no timers, no workers.
      const service = await Service.open({}, 'web');
      const outside = new Outside(service);
      // Its row is made at the first hand-over of all; what follows is every other one.
      await service.get(ChannelState).turn('email');
      lanes.push({ service, outside, template: await launched(service) });
    }
  }, 90_000);
  beforeEach(() => {
    for (const { outside } of lanes) {
      outside.verdicts = ANSWERS;
      outside.rewrite = (text) => text;
    }
  });
  afterEach(() => jest.restoreAllMocks());
  afterAll(async () => {
    await Promise.all(lanes.map(({ outside }) => outside.rest()));
    await Promise.all(lanes.map(({ service }) => service.close()));
  });

  it('faults 1, 5: loses nothing, doubles nothing, sends nothing after a no and says nothing false', async () => {
    const golden = await play(lanes[0]!, { at: 0, strike: 'fails before' });
    expect(golden.faults).toEqual([]);
    const calls = golden.calls.length;
    expect(calls).toBeGreaterThan(30);

    const played = await playAll(
      STRIKES.flatMap((strike) => Array.from({ length: calls }, (_, n) => ({ at: n + 1, strike }))),
    );
    process.stdout.write(`${calls} calls, ${played.length} runs\n`);
    expect(played.flatMap(({ faults }) => faults)).toEqual([]);
    for (const { service } of lanes) {
      const audit = await service.get(AuditDelivery).check({ everything: true });
      expect(audit).toEqual({ equationGap: 0, permitsAfterOptOut: 0 });
    }
    expect(played).toHaveLength(calls * STRIKES.length);
    expect(new Set(played.map(({ struck }) => struck))).toEqual(new Set(golden.calls));
  }, 400_000);

  // Each must be caught, or the test above shows nothing.
  it.each<[string, string, (lane: Lane) => void]>([
    [
      'plans again what a dead worker had handed over',
      'duplicated',
      ({ outside }) => {
        outside.rewrite = (text) =>
          text.includes('WITH gone AS') ? text.replaceAll("'UNKNOWN'", "'PLANNED'") : text;
      },
    ],
    [
      'takes silence for a proof that nothing was sent',
      'duplicated',
      ({ outside }) => {
        outside.verdicts = { ...ANSWERS, d: { kind: 'not_sent', code: 'timeout', taken: true } };
      },
    ],
    [
      'answers a no before it is written',
      'after the no',
      () => void jest.spyOn(OptOuts.prototype, 'byAddress').mockResolvedValue({} as never),
    ],
  ])('sees that a product fails which %s', async (_, fault, worsen) => {
    lanes.forEach(worsen);
    const deaths = Array.from({ length: 40 }, (_, n) => ({
      at: n,
      strike: 'is the last' as const,
    }));
    const played = await playAll(deaths, ({ faults }) => faults.length > 0);
    const faults = played.flatMap((one) => one.faults);
    expect(faults).toContainEqual(expect.stringContaining(fault));
  });

  /** Plays these strikes, some at a time, until one shows what is looked for. */
  async function playAll(strikes: StrikeAt[], until: (one: Played) => boolean = () => false) {
    const left = strikes.values();
    const played: Played[] = [];
    await Promise.all(
      lanes.map(async (lane) => {
        for (const strike of left) {
          if (played.some(until)) return;
          played.push(await play(lane, strike));
        }
      }),
    );
    return played;
  }

  /** A campaign to six people, in which one call is struck; then everything is mended, and time passes. */
  async function play(lane: Lane, strike: StrikeAt): Promise<Played> {
    const { service, outside } = lane;
    const key = `run${(runs += 1)}`;
    const campaign = await prepare(lane, key);
    const before = outside.asked.length;
    outside.well = false;
    forgetContent(service);
    const leaving = `b-${key}@exempel.example`;
    let acknowledged = Infinity;
    const leave = async () => {
      const source = { door: 'manual_form' as const, actor: RECIPIENT };
      await service.get(OptOuts).byAddress('email', leaving, source);
      acknowledged = Math.min(acknowledged, performance.now());
    };
    const acts = [() => service.get(HandOverBatch).run(campaign.batchId), leave];
    acts.push(() => service.get(SweepDelivery).run());
    const { calls, struck } = await outside.during(strike, async () => {
      for (const act of acts) await act().catch(() => undefined);
    });

    // The provider is well again, and who was not told that their no is recorded says it once more.
    outside.well = true;
    if (acknowledged === Infinity) await leave();
    for (let round = 0; round < 8; round += 1) {
      await timePasses(service.db, 90);
      await service.get(SweepDelivery).run();
      if ((await service.get(Dispatches).get(campaign.dispatchId)).state === 'finished') break;
      await service.get(HandOverBatch).run(campaign.batchId);
    }
    const name = `${strike.strike} at ${strike.at} (${struck ?? 'none'})`;
    const asked = outside.asked.slice(before);
    const faults = await faultsOf(service, campaign.dispatchId, asked, leaving, acknowledged);
    return { calls, struck, faults: faults.map((fault) => `${name}: ${fault}`) };
  }

  /** Another run of the lane's campaign, to six people of its own. */
  async function prepare({ service, template }: Lane, key: string) {
    const topicId = await service.topic(key);
    await service.people(
      topicId,
      PEOPLE.map((letter) => ({ email: `${letter}-${key}@exempel.example` })),
    );
    const campaignId = newId();
    await service.db.query(
      `INSERT INTO campaign SELECT (jsonb_populate_record(c, jsonb_build_object('id', $2::uuid))).*
       FROM campaign c WHERE id = $1`,
      [template.campaignId, campaignId],
    );
    const run = { ...template, campaignId, topicId };
    const dispatchId = await service.db.tx((tx) => service.get(Dispatches).create(tx, run));
    await service.get(Dispatches).materialise(dispatchId, WHOLE_TOPIC);
    const batches = await service.db.query<{ id: string }>(
      `SELECT id FROM batch WHERE dispatch_id = $1`,
      [dispatchId],
    );
    expect(batches).toHaveLength(1);
    return { dispatchId, batchId: batches[0]!.id };
  }

  /** Launched once, so that its content is frozen once. */
  async function launched(service: Service): Promise<Dispatch> {
    const topicId = await service.topic('first');
    await service.people(topicId, [{ email: 'first@exempel.example' }]);
    const campaignId = await service.launch(topicId, { templateKey: 'enkel' });
    await service.get(LaunchCampaign).run(campaignId);
    const dispatch = (await service.get(Dispatches).findByCampaign(campaignId))!;
    await service.get(Dispatches).cancel(dispatch.id);
    return dispatch;
  }

  async function faultsOf(
    service: Service,
    dispatchId: string,
    asked: Outside['asked'],
    leaving: string,
    acknowledged: number,
  ): Promise<string[]> {
    const faults: string[] = [];
    const { buckets, gap } = await service.get(Reports).counts(dispatchId);
    const { state: run } = await service.get(Dispatches).get(dispatchId);
    if (run !== 'finished') faults.push(`the run is ${run}`);
    if (gap !== 0 || buckets.pending > 0 || buckets.in_flight > 0) {
      faults.push(`lost: ${JSON.stringify(buckets)}, gap ${gap}`);
    }
    const rows = await service.db.query<{ id: string; state: string; letter: string }>(
      `SELECT m.id, m.state, left(a.canonical, 1) AS letter
       FROM message_status m JOIN address a ON a.id = m.address_id WHERE m.dispatch_id = $1`,
      [dispatchId],
    );
    for (const { id, state, letter } of rows) {
      const taken = asked.filter(({ messageId, taken }) => messageId === id && taken).length;
      const says = `${letter} is ${state} and was taken ${taken} times`;
      if (taken > 1) faults.push(`duplicated: ${says}`);
      const may = taken ? ['ACCEPTED', 'UNKNOWN'] : ['UNKNOWN', 'REJECTED', 'WITHHELD'];
      if (!may.includes(state)) faults.push(`false: ${says}`);
      if (letter !== 'b') continue;
      const late = asked.some(({ messageId, at }) => messageId === id && at > acknowledged);
      if (late) faults.push(`after the no: ${says}`);
    }
    const [no] = await service.db.query<{ entries: number; gate: boolean }>(
      `SELECT (SELECT count(*) FROM ledger_entry WHERE kind = 'opt_out' AND address_key = $1) AS entries,
         (SELECT no_all FROM gate WHERE address_key = $1) AS gate`,
      [service.key(leaving)],
    );
    if (no!.entries !== 1 || !no!.gate) faults.push(`the no is kept as ${JSON.stringify(no)}`);
    return faults;
  }
});

/** As a process that has just started knows none. */
function forgetContent(service: Service): void {
  (service.get(ContentRenderer) as unknown as { opened: Map<string, unknown> }).opened.clear();
}
