import type { Answer } from '../../../api/client';

export const PEOPLE = ['staff'] as const;

export type Role = Answer<'Staff'>['roles'][number];

/** In the order of how much they may. */
export const ROLES: readonly Role[] = [
  'reader',
  'service',
  'marketer',
  'approver',
  'privacy_officer',
  'admin',
];
