export const WEBHOOKS = [
  'sendgrid_events',
  'sendgrid_inbound',
  'twilio_status',
  'twilio_inbound',
] as const;

export type WebhookName = (typeof WEBHOOKS)[number];

/** One address that a provider calls, and how that goes. */
export class Webhook {
  webhook: WebhookName;
  /** What the provider has to be told; a secret in it is left out. */
  url: string;
  /** The channel it belongs to goes by this provider. */
  inUse: boolean;
  /** Its key is set; without one every call is refused. */
  configured: boolean;
  /** The setting that holds the key. */
  setting: string;
  /** Last call that was taken; to within ten seconds. */
  heardAt: Date | null;
  /** Last call that was refused or failed. */
  failedAt: Date | null;
  /** Why; a stable code. */
  failure: string | null;
}

export class WebhookList {
  items: Webhook[];
}
