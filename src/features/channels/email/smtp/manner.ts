import { Logger } from '@nestjs/common';

/**
 * How a server is spoken to: `early`, each message's commands right behind the message before; `grouped`, its commands in
 * one go; `plain`, by nodemailer.
 */
const MANNERS = ['plain', 'grouped', 'early'] as const;

export type MannerName = (typeof MANNERS)[number];

/** Starts with the fastest and steps back, for the life of the process, when the server turns out not to bear it. */
export class Manner {
  private readonly log = new Logger('smtp');
  private current: MannerName = 'early';

  allows(manner: MannerName): boolean {
    return MANNERS.indexOf(manner) <= MANNERS.indexOf(this.current);
  }

  stepBackTo(manner: MannerName, because: string): void {
    if (MANNERS.indexOf(manner) >= MANNERS.indexOf(this.current)) return;
    this.current = manner;
    this.log.warn(`The server announces pipelining but ${because}; from now on: ${manner}`);
  }
}
