import {
  IconHeadset,
  IconLayoutDashboard,
  IconSend,
  IconSettings,
  IconTemplate,
  IconUsers,
  IconUsersGroup,
  type Icon,
} from '@tabler/icons-react';
import type { Permission } from '../api/client';

export interface MenuEntry {
  /** Where it leads, below /app. */
  to: string;
  /** Key of its name in the texts of the frame. */
  name: string;
  icon: Icon;
  /** Whoever has none of these does not see it. */
  anyOf: readonly Permission[];
}

/** What staff can go to, in the order of a working day. */
export const MENU: readonly MenuEntry[] = [
  { to: '/', name: 'overview', icon: IconLayoutDashboard, anyOf: ['campaigns:read'] },
  { to: '/utskick', name: 'campaigns', icon: IconSend, anyOf: ['campaigns:read'] },
  { to: '/malgrupper', name: 'segments', icon: IconUsersGroup, anyOf: ['campaigns:read'] },
  { to: '/kontakter', name: 'people', icon: IconUsers, anyOf: ['contacts:read'] },
  { to: '/kundtjanst', name: 'desk', icon: IconHeadset, anyOf: ['service-cases:read'] },
  { to: '/mallar', name: 'templates', icon: IconTemplate, anyOf: ['templates:read'] },
  {
    to: '/installningar',
    name: 'settings',
    icon: IconSettings,
    anyOf: ['campaigns:write', 'forms:write', 'topics:write', 'staff:manage', 'operations:read'],
  },
];
