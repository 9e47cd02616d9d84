import type { Child } from './processes';

/** Short against everything that waits for the process (a permit is six answers of the database), long against what a signal costs. */
const PERIOD_MS = 12;

/**
 * Lets a process run for a share of the time only, by SIGSTOP and SIGCONT; needs no rights and no cgroup. `turn` (0…1) is
 * when in each period: processes held back side by side should not all want the same cores at the same moment.
 */
export class Throttle {
  private timer: NodeJS.Timeout | null = null;
  private resumed: NodeJS.Timeout | null = null;
  private readonly first: NodeJS.Timeout | null = null;

  constructor(
    private readonly child: Child,
    share: number,
    turn = 0,
  ) {
    if (share >= 1) return;
    const pause = (): void => {
      child.signal('SIGSTOP');
      this.resumed = setTimeout(() => child.signal('SIGCONT'), PERIOD_MS * (1 - share));
    };
    this.first = setTimeout(() => {
      this.timer = setInterval(pause, PERIOD_MS);
    }, PERIOD_MS * turn);
  }

  end(): void {
    if (this.first) clearTimeout(this.first);
    if (this.timer) clearInterval(this.timer);
    if (this.resumed) clearTimeout(this.resumed);
    this.child.signal('SIGCONT');
  }
}
