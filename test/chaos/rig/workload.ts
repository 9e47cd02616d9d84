import { linksByPerson } from './doors';
import type { Dice } from './nemesis';
import type { Crowd } from './people';
import { pause } from './product-process';
import type { Rig } from './rig';

/** How many noes are under way at once, so that a slow page slows people down as it does in life. */
const PATIENT = 24;

export interface Plan {
  campaigns: number;
  optOuts: number;
  /** Milliseconds over which both are spread. */
  over: number;
}

/** Campaigns one after another, and people who leave all the while, by links they were sent and by their address. */
export class Workload {
  private readonly leaving = new Set<Promise<void>>();
  private links = new Map<string, string>();
  private linksReadAt = 0;

  constructor(
    private readonly rig: Rig,
    private readonly crowd: Crowd,
    private readonly dice: Dice,
  ) {}

  async run({ campaigns, optOuts, over }: Plan): Promise<void> {
    const begun = Date.now();
    const launches = this.launch(campaigns, over / (campaigns + 1));
    const order = this.shuffled();
    for (let n = 0; n < optOuts; n += 1) {
      await this.readLinks();
      const person = order[n % order.length]!;
      const link = this.dice(10) < 7 ? (this.links.get(person.key) ?? null) : null;
      const left = this.rig.doors.optOut(person, link).finally(() => this.leaving.delete(left));
      this.leaving.add(left);
      while (this.leaving.size >= PATIENT) await pause(20);
      await pause(Math.max(0, begun + (over * (n + 1)) / optOuts - Date.now()));
    }
    await launches;
  }

  /** Everybody who said no has been answered. */
  async answered(): Promise<void> {
    await Promise.all(this.leaving);
  }

  private async launch(campaigns: number, everyMs: number): Promise<void> {
    for (let n = 1; n <= campaigns; n += 1) {
      const id = await this.rig.doors.create(this.crowd, `Utskick ${n}`);
      await this.rig.doors.launch(id);
      this.rig.campaigns.push(id);
      if (n < campaigns) await pause(everyMs);
    }
  }

  private shuffled() {
    const people = [...this.crowd.people];
    for (let last = people.length - 1; last > 0; last -= 1) {
      const other = this.dice(last + 1);
      [people[last], people[other]] = [people[other]!, people[last]!];
    }
    return people;
  }

  /** Who has been sent which link, now and then: the database only says whose message it was. */
  private async readLinks(): Promise<void> {
    if (Date.now() - this.linksReadAt < 3_000) return;
    this.linksReadAt = Date.now();
    this.rig.provider.read();
    const rows = await this.rig.sql.query<{ id: string; key: string }>(
      `SELECT id, encode(address_key, 'hex') AS key FROM message`,
    );
    this.links = linksByPerson(this.rig.provider, rows);
  }
}
