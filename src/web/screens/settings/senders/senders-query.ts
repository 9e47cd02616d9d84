export const SENDERS = ['senders'] as const;
