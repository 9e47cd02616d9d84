const FIRST_GUESS = 50;
const MOST = 1000;
/** How much one run may change the guess: a burst or a stumble says little, three in a row say enough. */
const STEP = 4;

/**
 * How many messages a channel that sends them one by one can begin within a permit's life: what it was seen to
 * manage in a second of late. A permit lasts two, and what is not begun by then has to be permitted again.
 */
export class Pace {
  private perSecond = FIRST_GUESS;

  /** `least`: so many at the same time. */
  constructor(private readonly least: number) {}

  get most(): number {
    return Math.min(Math.max(Math.floor(this.perSecond), this.least), MOST);
  }

  /** So many were begun, out of so many, in so long. */
  learn(begun: number, asked: number, milliseconds: number): void {
    // Short runs say little about what a full one would manage.
    if (asked < this.least) return;
    const seen = (begun * 1000) / Math.max(milliseconds, 1);
    const guess = Math.min(Math.max(seen, this.perSecond / STEP), this.perSecond * STEP);
    this.perSecond = Math.min(Math.max(guess, 1), MOST);
  }
}
