/** The process cannot start for a reason its operator can do something about: the message says it all. */
export class StartRefused extends Error {}
