import { seed as seedPeople } from './rig/people';
import { diceFrom } from './rig/nemesis';
import { pause } from './rig/product-process';
import { Rig } from './rig/rig';
import { hurry, settle } from './rig/settle';
import { resultOf, type ChaosResult } from './run-chaos';

export interface KillPlan {
  seed: number;
  recipients: number;
  kills: number;
}

const BATCH = 500;
const MOST_SECONDS = 900;

/** One campaign, three workers, and so many kill -9 spread evenly over its progress; nothing else goes wrong. */
export async function runKills(
  { seed, recipients, kills }: KillPlan,
  keep = false,
): Promise<ChaosResult> {
  const begun = Date.now();
  const dice = diceFrom(seed);
  const rig = await Rig.start({ batchSize: BATCH, concurrency: 4, workers: 3 });
  const calm = hurry(rig);
  try {
    const crowd = await seedPeople(rig.sql, recipients);
    // A provider that takes its time, or the workers are seldom killed with anything in their hands.
    await rig.provider.setMode({ kind: 'accept', delayMs: 150 });
    const id = await rig.doors.create(crowd, 'Ett stort utskick');
    await rig.doors.launch(id);
    rig.campaigns.push(id);
    for (let kill = 1; kill <= kills; kill += 1) {
      await progress(rig, (recipients * kill) / (kills + 1));
      const { process } = rig.workers[dice(rig.workers.length)]!;
      const fault = { kind: 'kill_worker', target: process.name, from: Date.now(), to: Infinity };
      rig.faults.push(fault);
      await process.kill(100);
      fault.to = Date.now();
    }
    await settle(rig, MOST_SECONDS);
    await calm();
    return await resultOf(rig, crowd, begun);
  } finally {
    await calm();
    await rig.stop(keep);
  }
}

/** The provider has taken so many. A killed worker's share may be missing for half a minute, so time is generous. */
async function progress(rig: Rig, many: number): Promise<void> {
  const end = Date.now() + MOST_SECONDS * 1000;
  for (;;) {
    rig.provider.read();
    if (rig.provider.links.size >= many) return;
    if (Date.now() > end) throw new Error(`the provider never took ${Math.round(many)} messages`);
    await pause(50);
  }
}
