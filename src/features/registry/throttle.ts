const MOST_KEYS = 20_000;

/** Counts events per key in a sliding window, in the memory of this process: a brake, not a promise. */
export class Throttle {
  private readonly events = new Map<string, number[]>();

  constructor(
    private readonly limit: number,
    private readonly windowMs: number,
  ) {}

  /** Counts one event at `now` (ms); the seconds to wait when that is one too many, else null. */
  take(key: string, now: number): number | null {
    const recent = (this.events.get(key) ?? []).filter((at) => at > now - this.windowMs);
    const wait =
      recent.length < this.limit ? null : Math.ceil((recent[0]! + this.windowMs - now) / 1000);
    if (wait === null) recent.push(now);
    // Taken out and put back: the map is then in the order of last use, and the oldest can go.
    this.events.delete(key);
    this.events.set(key, recent);
    if (this.events.size > MOST_KEYS) this.events.delete(this.events.keys().next().value!);
    return wait;
  }
}
