export const ENDPOINTS = ['webhook-endpoints'];

/** In the order in which they are offered; the server's list. */
export const EVENTS = [
  'opt_out.recorded',
  'opt_out.lifted',
  'consent.recorded',
  'campaign.finished',
  'link.clicked',
  'tracking.ended',
] as const;

/** Names of texts have no dots in them. */
export const textOf = (event: string): string => event.replace('.', '_');
