import type { Channel } from '../../src/domain/address';
import { check, type Verdict } from './checker/check';
import type { History } from './checker/history';
import { diceFrom, Nemesis } from './rig/nemesis';
import { seed as seedPeople, type Crowd } from './rig/people';
import { readHistory } from './rig/read-history';
import { pause } from './rig/product-process';
import { Rig } from './rig/rig';
import { hurry, settle } from './rig/settle';
import { Workload } from './rig/workload';

export interface ChaosPlan {
  channel: Channel;
  seed: number;
  seconds: number;
  people: number;
  campaigns: number;
  optOuts: number;
  storm: { size: number; left: number };
  batchSize: number;
  concurrency: number;
  /** At most so many faults. */
  faults?: number;
  everyMs?: number;
  settleSeconds: number;
}

export interface ChaosResult {
  history: History;
  verdict: Verdict;
  /** Faults that the rig could not do or undo: a reason not to believe the run. */
  broken: string[];
  /** Processes that ended though nobody asked; most start while their database is away. */
  crashes: number;
  slowest: { milliseconds: number; door: string };
  seconds: number;
  directory: string;
}

/** So many minutes of everything at once. */
export function planFor(seed: number, minutes: number, channel: Channel): ChaosPlan {
  const people = 5_000;
  return {
    channel,
    seed,
    people,
    seconds: Math.round(minutes * 60),
    campaigns: Math.max(1, Math.round((minutes * 5) / 3)),
    optOuts: Math.min(Math.round(minutes * 700), people * 0.6),
    storm: { size: Math.min(1_000, Math.round(minutes * 400)), left: 2 },
    batchSize: 25,
    concurrency: 4,
    settleSeconds: 180,
  };
}

const LONGER = 1.6;

/** The whole product under faults: campaigns and noes, then peace, then the accounts are compared. */
export async function runChaos(plan: ChaosPlan, keep = false): Promise<ChaosResult> {
  const begun = Date.now();
  const rig = await Rig.start({ ...plan, workers: 3 });
  const crowd = await seedPeople(rig.sql, plan.people, plan.channel);
  const scene = { rig, crowd, dice: diceFrom(plan.seed), storm: { ...plan.storm } };
  const nemesis = new Nemesis(scene);
  const workload = new Workload(rig, crowd, diceFrom(plan.seed + 1));
  const calm = hurry(rig);
  try {
    const over = plan.seconds * 1000;
    const faults = nemesis.run(plan.everyMs ?? 300, plan.faults);
    const work = workload.run({ ...plan, over: over * 0.9 });
    // On a machine with other work it all takes longer: there are faults while there is something to disturb, but not
    // for ever, or nothing might come to an end.
    await Promise.all([pause(over), Promise.race([work, pause(over * LONGER)])]);
    await nemesis.stop();
    await faults;
    await rig.startAll();
    await work;
    await workload.answered();
    await settle(rig, plan.settleSeconds);
    await calm();
    return await resultOf(rig, crowd, begun, nemesis.broken);
  } finally {
    await nemesis.stop();
    await calm();
    await rig.stop(keep);
  }
}

/** The accounts of a run that has settled, compared. */
export async function resultOf(
  rig: Rig,
  crowd: Crowd,
  begun: number,
  broken: string[] = [],
): Promise<ChaosResult> {
  const history = await readHistory(rig, crowd);
  return {
    history,
    verdict: check(history),
    broken,
    crashes: rig.processes.reduce((sum, { crashes }) => sum + crashes.length, 0),
    slowest: rig.doors.slowest,
    seconds: Math.round((Date.now() - begun) / 1000),
    directory: rig.directory,
  };
}
