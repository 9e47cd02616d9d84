import type { Permission } from '../../api/client';

export interface Section {
  /** Where it is, below /app/installningar. */
  path: string;
  /** Key of its name in the texts. */
  name: string;
  /** Whoever has none of these does not see it. */
  anyOf: readonly Permission[];
}

/** What can be set, in the order one sets it up. */
export const SECTIONS: readonly Section[] = [
  { path: 'avsandare', name: 'senders', anyOf: ['campaigns:write', 'settings:write'] },
  { path: 'amnen', name: 'topics', anyOf: ['topics:write', 'campaigns:write'] },
  { path: 'formular', name: 'forms', anyOf: ['forms:write'] },
  { path: 'varumarke', name: 'brand', anyOf: ['settings:write'] },
  { path: 'anvandare', name: 'people', anyOf: ['staff:manage'] },
  { path: 'api-nycklar', name: 'keys', anyOf: ['api-keys:manage'] },
  { path: 'mottagare', name: 'endpoints', anyOf: ['api-keys:manage'] },
  { path: 'webhooks', name: 'webhooks', anyOf: ['operations:read'] },
  { path: 'drift', name: 'operations', anyOf: ['operations:read'] },
];
