/** What a role or an API key may do. */
export const PERMISSIONS = [
  'contacts:read',
  'contacts:write',
  'learning:write',
  'imports:run',
  'templates:read',
  'templates:write',
  'campaigns:read',
  'campaigns:write',
  'campaigns:approve',
  'campaigns:send',
  'registry:read',
  'registry:export',
  'opt-outs:record',
  'service-cases:read',
  'service-cases:write',
  'topics:write',
  'forms:write',
  'settings:write',
  'staff:manage',
  'api-keys:manage',
  'audit:read',
  'operations:read',
  'operations:manage',
] as const;

export type Permission = (typeof PERMISSIONS)[number];

export type Role = 'marketer' | 'approver' | 'service' | 'privacy_officer' | 'admin' | 'reader';

const READ: Permission[] = ['contacts:read', 'templates:read', 'campaigns:read', 'registry:read'];
const SERVICE_DESK: Permission[] = ['opt-outs:record', 'service-cases:read', 'service-cases:write'];
const MARKETING: Permission[] = [
  ...READ,
  'contacts:write',
  'learning:write',
  'imports:run',
  'templates:write',
  'campaigns:write',
  'campaigns:send',
  'forms:write',
];

/** "May send" is apart from "may edit"; customer service records a no but never lifts one and never sends. */
export const ROLE_PERMISSIONS: Record<Role, readonly Permission[]> = {
  reader: ['templates:read', 'campaigns:read'],
  marketer: MARKETING,
  approver: [...MARKETING, 'campaigns:approve'],
  service: ['contacts:read', 'contacts:write', 'registry:read', ...SERVICE_DESK],
  privacy_officer: [...READ, 'registry:export', ...SERVICE_DESK, 'audit:read', 'topics:write'],
  admin: [
    ...READ,
    'topics:write',
    'forms:write',
    'settings:write',
    'staff:manage',
    'api-keys:manage',
    'audit:read',
    'operations:read',
    'operations:manage',
    ...SERVICE_DESK,
    'registry:export',
  ],
};

export const ROLES = Object.keys(ROLE_PERMISSIONS) as Role[];

export function permissionsOf(roles: readonly string[]): Set<Permission> {
  return new Set(roles.flatMap((role) => ROLE_PERMISSIONS[role as Role] ?? []));
}
