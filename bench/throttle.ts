import type { Child } from './processes';

/** Short against everything that waits for the process (a permit is six answers of the database), long against what a signal costs. */
const PERIOD_MS = 12;

/** Lets a process run for a share of the time only, by SIGSTOP and SIGCONT; needs no rights and no cgroup. */
export class Throttle {
  private timer: NodeJS.Timeout | null = null;
  private resumed: NodeJS.Timeout | null = null;

  constructor(
    private readonly child: Child,
    share: number,
  ) {
    if (share >= 1) return;
    this.timer = setInterval(() => {
      child.signal('SIGSTOP');
      this.resumed = setTimeout(() => child.signal('SIGCONT'), PERIOD_MS * (1 - share));
    }, PERIOD_MS);
  }

  end(): void {
    if (this.timer) clearInterval(this.timer);
    if (this.resumed) clearTimeout(this.resumed);
    this.child.signal('SIGCONT');
  }
}
