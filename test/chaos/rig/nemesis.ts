import { randomFrom } from '../../integration/delivery/interleaving';
import type { Crowd } from './people';
import { PROCESS_FAULTS } from './process-faults';
import { PRODUCT_FAULTS } from './product-faults';
import { pause } from './product-process';
import { PROVIDER_FAULTS } from './provider-faults';
import type { Rig } from './rig';

/** A whole number below `sides`. */
export type Dice = (sides: number) => number;

export interface Scene {
  rig: Rig;
  crowd: Crowd;
  dice: Dice;
  /** How many say no at once in a storm, and how many storms there may be. */
  storm: { size: number; left: number };
}

export interface Act {
  target: string;
  /** What it has to itself while it lasts. */
  locks: string[];
  /** Does it, and undoes it. */
  run: () => Promise<unknown>;
}

export interface Kind {
  kind: string;
  weight: number;
  /** null = not now. */
  make: (scene: Scene) => Act | null;
}

export const FAULTS: readonly Kind[] = [...PROCESS_FAULTS, ...PROVIDER_FAULTS, ...PRODUCT_FAULTS];

const TRIES = 8;

export const diceFrom = (seed: number): Dice => {
  const random = randomFrom(seed);
  return (sides) => Math.floor(random() * sides);
};

/** Does something bad every so often, drawn from the seed, and puts it right again. */
export class Nemesis {
  private readonly held = new Set<string>();
  private readonly under = new Set<Promise<void>>();
  private stopped = false;
  /** Faults that could not be done or undone: the rig's own, and a reason not to believe the run. */
  readonly broken: string[] = [];

  constructor(
    private readonly scene: Scene,
    private readonly kinds: readonly Kind[] = FAULTS,
  ) {}

  /** Until it is stopped, or has done `most`. */
  async run(everyMs: number, most = Infinity): Promise<void> {
    const { faults } = this.scene.rig;
    while (!this.stopped && faults.length < most) {
      this.once();
      await pause(everyMs * (0.5 + this.scene.dice(100) / 100));
    }
  }

  /** Resolves when everything under way is undone. */
  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.under);
  }

  private once(): void {
    const { rig } = this.scene;
    // Dice of its own: what a fault draws later must not change which faults come next.
    const dice = diceFrom(this.scene.dice(2 ** 31));
    for (let tries = 0; tries < TRIES; tries += 1) {
      const { kind, make } = this.draw(dice);
      const act = make({ ...this.scene, dice });
      if (!act || act.locks.some((lock) => this.held.has(lock))) continue;
      const { target, locks, run } = act;
      locks.forEach((lock) => this.held.add(lock));
      const fault = { kind, target, from: Date.now(), to: Infinity };
      rig.faults.push(fault);
      const done = run()
        .then(
          () => undefined,
          (error: Error) => void this.broken.push(`${kind} ${target}: ${error.message}`),
        )
        .finally(() => {
          fault.to = Date.now();
          locks.forEach((lock) => this.held.delete(lock));
          this.under.delete(done);
        });
      this.under.add(done);
      return;
    }
  }

  private draw(dice: Dice): Kind {
    let left = dice(this.kinds.reduce((sum, { weight }) => sum + weight, 0));
    return this.kinds.find(({ weight }) => (left -= weight) < 0)!;
  }
}
