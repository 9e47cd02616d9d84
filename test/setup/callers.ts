import { ApiKeys } from '../../src/features/accounts/api-keys.service';
import { StaffAccounts } from '../../src/features/accounts/staff.service';
import { LearnerSessions } from '../../src/features/my-pages/log-in/learner-sessions';
import { OPERATOR } from '../../src/platform/http/actor';
import {
  ROLE_PERMISSIONS,
  ROLES,
  type Permission,
  type Role,
} from '../../src/platform/http/permissions';
import type { Request, Response } from 'express';
import type { Service } from './service';

export const PASSWORD = 'korrekt häst batteri';

/** Somebody who calls the API: the headers that say who, and what they may do. */
export interface Caller {
  name: string;
  headers: Record<string, string>;
  permissions: ReadonlySet<Permission>;
}

export const ANONYMOUS: Caller = { name: 'anonymous', headers: {}, permissions: new Set() };

/** Staff with this role, logged in as a page of ours would be. */
export async function logIn(service: Service, role: Role, email?: string): Promise<Caller> {
  const address = email ?? `${role.replace('_', '-')}@larkraft.example`;
  const person = { email: address, name: 'Förnamn Efternamn', roles: [role], password: PASSWORD };
  await service.get(StaffAccounts).ensureDemoStaff([person]);
  const answer = await fetch(`${service.url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: address, password: PASSWORD }),
  });
  if (!answer.ok) throw new Error(`${address} could not log in: ${await answer.text()}`);
  const cookie = answer.headers.getSetCookie()[0]!.split(';')[0]!;
  return {
    name: role,
    headers: { cookie, 'sec-fetch-site': 'same-origin' },
    permissions: new Set(ROLE_PERMISSIONS[role]),
  };
}

/** One of every role. */
export async function everyRole(service: Service): Promise<Caller[]> {
  const callers: Caller[] = [];
  for (const role of ROLES) callers.push(await logIn(service, role));
  return callers;
}

/** Another system, with a key that carries these permissions. */
export async function apiKey(service: Service, ...permissions: Permission[]): Promise<Caller> {
  const { key } = await service.get(ApiKeys).create({ name: 'test', permissions }, OPERATOR);
  return {
    name: 'API key',
    headers: { authorization: `Bearer ${key}` },
    permissions: new Set(permissions),
  };
}

/** This person, logged in to Mina sidor by a link to their mailbox. */
export async function learner(service: Service, contactId: string): Promise<Caller> {
  const [box] = await service.db.query<{ key: Buffer }>(
    `SELECT address_key AS key FROM address WHERE contact_id = $1 AND channel = 'email'`,
    [contactId],
  );
  let cookie = '';
  const request = { headers: {} } as Request;
  const response = { cookie: (name: string, value: string) => (cookie = `${name}=${value}`) };
  const sessions = service.get(LearnerSessions);
  const me = { contactId, mailboxKey: box?.key ?? null, via: 'link' } as const;
  await sessions.open(request, response as unknown as Response, me);
  return {
    name: 'learner',
    headers: { cookie, 'sec-fetch-site': 'same-origin' },
    permissions: new Set(),
  };
}
