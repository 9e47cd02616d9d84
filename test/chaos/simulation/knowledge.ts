import type { Cast } from './cast';

/** Who has said no, and when it was acknowledged: kept by the simulation, from the answers alone. */
export class Knowledge {
  private time = 0;
  /** Persons made one lead to the one that was kept. */
  private readonly keptAs: number[];
  private readonly erased = new Set<number>();
  /** Addresses that must get nothing more, since then. */
  private readonly silent = new Map<string, number>();
  private stoppedAt: number | null = null;
  private cancelled = false;
  readonly faults: string[] = [];

  constructor(private readonly cast: Cast) {
    this.keptAs = cast.people.map((_, n) => n);
  }

  /** The order of everything that happens: no clock. */
  readonly tick = (): number => (this.time += 1);

  survivor(person: number): number {
    const kept = this.keptAs[person]!;
    return kept === person ? person : this.survivor(kept);
  }

  isErased(person: number): boolean {
    return this.erased.has(this.survivor(person));
  }

  /** All addresses of whoever this is now. */
  addressesOf(person: number): string[] {
    const self = this.survivor(person);
    return this.cast.people.flatMap(({ addresses }, n) =>
      this.survivor(n) === self ? addresses : [],
    );
  }

  acknowledged(addresses: readonly string[]): void {
    const at = this.tick();
    for (const address of addresses) {
      if (!this.silent.has(address)) this.silent.set(address, at);
    }
  }

  /** From the moment a proven yes is asked for until it is refused, nothing is expected of the address. */
  lift(address: string): () => void {
    const since = this.silent.get(address);
    this.silent.delete(address);
    return () => {
      if (since !== undefined) this.silent.set(address, since);
    };
  }

  erase(person: number): void {
    this.erased.add(this.survivor(person));
    this.acknowledged(this.addressesOf(person));
  }

  /** Afterwards every no of either holds for the other too; a yes proven after a no of one's own stands. */
  merge(keep: number, drop: number): void {
    const [kept, dropped] = [this.addressesOf(keep), this.addressesOf(drop)];
    const isSilent = (address: string): boolean => this.silent.has(address);
    const reached = [
      ...(kept.some(isSilent) ? dropped : []),
      ...(dropped.some(isSilent) ? kept : []),
    ];
    this.keptAs[this.survivor(drop)] = this.survivor(keep);
    this.acknowledged(reached);
  }

  stopped(forGood: boolean): void {
    this.stoppedAt ??= this.tick();
    this.cancelled ||= forGood;
  }

  /** As `lift`, for a pause. */
  resuming(): () => void {
    const since = this.stoppedAt;
    if (!this.cancelled) this.stoppedAt = null;
    return () => {
      this.stoppedAt ??= since;
    };
  }

  resumed(): void {
    if (!this.cancelled) this.stoppedAt = null;
  }

  /** Everything that a hand-over must not do, asked when it is about to. */
  judge(messageIds: readonly string[], commitSentAt: number): void {
    for (const id of messageIds) {
      const person = this.cast.people.find(({ messageId }) => messageId === id)!;
      const since = this.silent.get(person.addresses.at(-1)!);
      if (since !== undefined && since < commitSentAt) {
        this.faults.push(`after_opt_out: message ${id} goes to ${person.addresses.at(-1)}`);
      }
    }
    if (this.stoppedAt !== null && this.stoppedAt < commitSentAt) {
      this.faults.push('after_stop: a permit was committed while the run stood still');
    }
  }
}
