import type { Answer } from '../../../api/client';

export const KEYS = ['api-keys'] as const;

export type Grantable = Answer<'ApiKeyInput'>['permissions'][number];

/** What a key may be given, in the order of what it is about. */
export const PERMISSION_GROUPS: Record<string, readonly Grantable[]> = {
  people: ['contacts:read', 'contacts:write', 'learning:write', 'imports:run'],
  noes: ['opt-outs:record', 'registry:read', 'registry:export', 'topics:write', 'forms:write'],
  mailings: [
    'campaigns:read',
    'campaigns:write',
    'campaigns:approve',
    'campaigns:send',
    'templates:read',
    'templates:write',
  ],
  service: ['service-cases:read', 'service-cases:write'],
  house: ['settings:write', 'audit:read', 'operations:read', 'operations:manage'],
};

/** A colon would lead to other texts. */
export function textKeyOf(permission: string): string {
  return permission.replace(':', '_');
}
