import { IconSettings, type Icon } from '@tabler/icons-react';
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
  {
    to: '/installningar',
    name: 'settings',
    icon: IconSettings,
    anyOf: ['campaigns:write', 'forms:write', 'topics:write', 'staff:manage', 'operations:read'],
  },
];
