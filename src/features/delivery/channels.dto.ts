export class ChannelReport {
  channel: 'email' | 'sms';
  /** `open`: the provider does not answer, and is tried again by itself. */
  breaker: 'closed' | 'open';
  /** Failures in a row. */
  failures: number;
  openedBecause: string | null;
  openedAt: Date | null;
  /** Why sending stands still until somebody releases it. */
  heldBecause: string | null;
  heldAt: Date | null;
}

export class ChannelList {
  items: ChannelReport[];
}
