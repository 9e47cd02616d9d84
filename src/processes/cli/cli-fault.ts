/** What a person at the keyboard can put right: one line, and a code that stays the same. */
export class CliFault extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}
