/** It is outside the hours in which such messages leave. Nothing is lost: what is due waits. */
export class Waiting {
  /** The hours, `HH:mm`. */
  from: string;
  to: string;
  since: Date;
  /** When they begin next, in Stockholm. */
  until: Date;
}
