/** One event as we keep it: codes, ids and times. The address is turned into its key before anything is stored. */
export interface IncomingEvent {
  providerEventId: string;
  type: string;
  subtype: string | null;
  code: string | null;
  occurredAt: Date | null;
  messageId: string | null;
  email: string | null;
}
