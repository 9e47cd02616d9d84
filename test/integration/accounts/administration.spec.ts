import { CreateAdmin } from '../../../src/features/accounts/create-admin';
import { StaffAccounts } from '../../../src/features/accounts/staff.service';
import { SweepLogIns } from '../../../src/features/accounts/sweep-log-ins';
import { startAccountsApp, type AccountsApp } from './accounts-app';

const ADMIN = 'admin@larkraft.example';
const BO = { email: 'bo@larkraft.example', name: 'Bo Ek', roles: ['marketer'] };

describe('administration', () => {
  let app: AccountsApp;
  let adminId: string;
  let admin: ReturnType<AccountsApp['as']>;

  beforeAll(async () => {
    app = await startAccountsApp();
  });
  beforeEach(async () => {
    await app.reset();
    adminId = await app.addStaff(ADMIN, ['admin']);
    admin = app.as(await app.cookieOf(ADMIN));
  });
  afterAll(() => app.close());

  describe('staff', () => {
    it('creates someone with a password that is shown once and works', async () => {
      const created = (await admin.post('/api/v1/staff', BO).expect(201)).body;
      expect(created.password).toMatch(/^([a-z2-9]{5}-){3}[a-z2-9]{5}$/);
      await app.logIn(BO.email, { password: created.password }).expect(200);

      const listed = await admin.get('/api/v1/staff').expect(200);
      expect(listed.body.items).toHaveLength(2);
      expect(listed.text).not.toContain(created.password);
      expect(listed.text).not.toContain('argon2');
      expect(await app.auditOf('staff.created')).toContainEqual({
        actorType: 'staff',
        actorId: adminId,
        subjectId: created.id,
        details: { roles: ['marketer'] },
      });
    });

    it('refuses an address that is taken, unknown roles, and fields that are not asked for (threat 4)', async () => {
      await admin.post('/api/v1/staff', { ...BO, email: ADMIN.toUpperCase() }).expect(409);
      for (const [path, value] of Object.entries({
        role: 'admin',
        id: 'x',
        passwordHash: 'x',
        disabledAt: null,
        permissions: ['staff:manage'],
      })) {
        const refused = await admin.post('/api/v1/staff', { ...BO, [path]: value }).expect(422);
        expect(refused.body.errors).toMatchObject([{ path, code: 'unknown_field' }]);
      }
      for (const roles of [[], ['god'], 'admin', null, ['admin', 'admin'], [{ not: 'x' }]]) {
        await admin.post('/api/v1/staff', { ...BO, roles }).expect(422);
      }
      await admin.patch(`/api/v1/staff/${adminId}`, { email: 'x@larkraft.example' }).expect(422);
      await admin.patch(`/api/v1/staff/${adminId}`, { disabled: null }).expect(422);
      expect((await admin.get('/api/v1/staff')).body.items).toHaveLength(1);
    });

    it('shuts a disabled person out by the next request, and lets them in again later (threat 27)', async () => {
      const boId = await app.addStaff(BO.email, ['marketer']);
      const bo = app.as(await app.cookieOf(BO.email));
      await admin.patch(`/api/v1/staff/${boId}`, { disabled: true }).expect(200);

      await bo.get('/api/v1/session').expect(401);
      await app.logIn(BO.email).expect(401);

      await admin.patch(`/api/v1/staff/${boId}`, { disabled: false }).expect(200);
      await bo.get('/api/v1/session').expect(401);
      await app.logIn(BO.email).expect(200);
      expect(await app.auditOf('staff.changed')).toMatchObject([
        { actorId: adminId, subjectId: boId, details: { fields: ['disabled'], disabled: true } },
        { actorId: adminId, subjectId: boId, details: { fields: ['disabled'], disabled: false } },
      ]);
    });

    it('takes a role away from the next request on', async () => {
      const otherId = await app.addStaff(BO.email, ['admin']);
      const other = app.as(await app.cookieOf(BO.email));
      await other.get('/api/v1/staff').expect(200);
      await admin.patch(`/api/v1/staff/${otherId}`, { roles: ['reader'] }).expect(200);
      await other.get('/api/v1/staff').expect(403);
    });

    it('never loses the last admin, also when two remove each other at once', async () => {
      const conflict = await admin
        .patch(`/api/v1/staff/${adminId}`, { disabled: true })
        .expect(409);
      expect(conflict.body.code).toBe('last_admin');
      await admin.patch(`/api/v1/staff/${adminId}`, { roles: ['reader'] }).expect(409);

      const otherId = await app.addStaff(BO.email, ['admin']);
      const other = app.as(await app.cookieOf(BO.email));
      const answers = await Promise.all([
        admin.patch(`/api/v1/staff/${otherId}`, { roles: ['reader'] }),
        other.patch(`/api/v1/staff/${adminId}`, { roles: ['reader'] }),
      ]);
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      const admins = await app.db.query("SELECT 1 FROM staff WHERE 'admin' = ANY(roles)");
      expect(admins).toHaveLength(1);
    });

    it('gives a new password to someone who forgot theirs, and ends their sessions', async () => {
      const boId = await app.addStaff(BO.email, ['marketer']);
      const bo = app.as(await app.cookieOf(BO.email));
      const reset = await admin.post(`/api/v1/staff/${boId}/password`).expect(201);

      await bo.get('/api/v1/session').expect(401);
      await app.logIn(BO.email).expect(401);
      await app.logIn(BO.email, { password: reset.body.password }).expect(200);
      expect(await app.auditOf('staff.password_reset')).toMatchObject([{ subjectId: boId }]);
    });

    it('knows nobody by a made-up id', async () => {
      const nobody = '00000000-0000-7000-8000-000000000000';
      for (const id of [nobody, 'x', '%00', "'"]) {
        await admin.patch(`/api/v1/staff/${id}`, { name: 'X' }).expect(404);
        await admin.post(`/api/v1/staff/${id}/password`).expect(404);
        await admin.delete(`/api/v1/api-keys/${id}`).expect(404);
      }
    });
  });

  describe('API keys', () => {
    const input = { name: 'CRM', permissions: ['contacts:read', 'audit:read'] };
    const create = async () => (await admin.post('/api/v1/api-keys', input).expect(201)).body;
    const withKey = (key: string) => ({
      get: (path: string) => app.http.get(path).set('Authorization', `Bearer ${key}`),
      post: (path: string) => app.http.post(path).set('Authorization', `Bearer ${key}`),
    });

    it('may do what they were given and nothing else, without an origin check', async () => {
      const { id, key } = await create();
      const me = (await withKey(key).get('/api/v1/session').expect(200)).body;
      expect(me).toEqual({ type: 'api_key', id, staff: null, permissions: input.permissions });
      await withKey(key).get('/api/v1/audit').expect(200);
      await withKey(key).get('/api/v1/staff').expect(403);
      await withKey(key).post('/api/v1/staff').expect(403);
      await withKey(key).get('/api/v1/sessions').expect(403);
    });

    it('are stored as a hash and shown once; the list has the prefix', async () => {
      const { id, key, prefix } = await create();
      expect(key).toMatch(/^utk_[\w-]{43}$/);
      expect(key.startsWith(prefix)).toBe(true);
      const listed = await admin.get('/api/v1/api-keys').expect(200);
      expect(listed.body.items).toMatchObject([{ id, prefix, name: 'CRM', createdBy: adminId }]);
      expect(listed.text).not.toContain(key);
      const [row] = await app.db.query<{ whole: string }>(
        'SELECT row_to_json(api_key)::text AS whole FROM api_key',
      );
      expect(row!.whole).not.toContain(key.slice(12));
    });

    it('are dead at once when revoked, and revoking again changes nothing (threat 27)', async () => {
      const { id, key } = await create();
      await admin.delete(`/api/v1/api-keys/${id}`).expect(204);
      await withKey(key).get('/api/v1/session').expect(401);
      await admin.delete(`/api/v1/api-keys/${id}`).expect(204);
      expect(await app.auditOf('api_key.created')).toHaveLength(1);
      expect(await app.auditOf('api_key.revoked')).toHaveLength(1);
    });

    it('can never manage staff or keys, even when the database says so', async () => {
      for (const permission of ['staff:manage', 'api-keys:manage', 'signed-in', 'nonsense']) {
        const permissions = ['contacts:read', permission];
        await admin.post('/api/v1/api-keys', { name: 'X', permissions }).expect(422);
      }
      await admin.post('/api/v1/api-keys', { ...input, createdBy: null }).expect(422);
      const { key } = await create();
      await app.db.query("UPDATE api_key SET permissions = '{staff:manage,contacts:read}'");
      await withKey(key).get('/api/v1/staff').expect(403);
    });

    it('remember when they were last used, written at most once a minute', async () => {
      const { key } = await create();
      const lastUsed = async () => (await admin.get('/api/v1/api-keys')).body.items[0].lastUsedAt;
      expect(await lastUsed()).toBeNull();
      const first = app.clock.now().toISOString();
      await withKey(key).get('/api/v1/session');
      app.clock.pass({ seconds: 59 });
      await withKey(key).get('/api/v1/session');
      expect(await lastUsed()).toBe(first);
      app.clock.pass({ seconds: 2 });
      await withKey(key).get('/api/v1/session');
      expect(await lastUsed()).toBe(app.clock.now().toISOString());
    });

    it('are refused when forged', async () => {
      const { key } = await create();
      for (const forged of [`${key}A`, key.slice(0, -1), key.slice(4), 'x', "' OR 1=1"]) {
        await withKey(forged).get('/api/v1/session').expect(401);
      }
    });
  });

  describe('audit trail', () => {
    it('is read newest first, page by page, with the name of who did it', async () => {
      for (let n = 0; n < 5; n++) {
        await admin.patch(`/api/v1/staff/${adminId}`, { name: `Namn ${n}` }).expect(200);
      }
      const read = async (query: string) => (await admin.get(`/api/v1/audit?${query}`)).body;
      const first = await read('limit=3&action=staff.changed');
      const second = await read(`limit=3&action=staff.changed&cursor=${first.next}`);
      expect(first.items).toHaveLength(3);
      expect(second.items).toHaveLength(2);
      expect(second.next).toBeNull();
      const ids = [...first.items, ...second.items].map(({ id }: { id: number }) => id);
      expect(ids).toEqual([...new Set(ids)].sort((a, b) => b - a));
      expect(first.items[0]).toMatchObject({ actorId: adminId, actorName: 'Namn 4' });
      expect((await read(`subjectType=staff&subjectId=${adminId}`)).items).toHaveLength(7);
      expect((await read('actorId=nobody')).items).toEqual([]);
    });

    it('refuses a forged cursor and unknown filters', async () => {
      for (const query of ['cursor=1%20OR%201', 'limit=0', 'limit=9999', 'limit=x', 'sort=id']) {
        await admin.get(`/api/v1/audit?${query}`).expect(422);
      }
    });

    it('holds no address, name, password or token (threat 29)', async () => {
      const created = (await admin.post('/api/v1/staff', BO)).body;
      const { key } = (
        await admin.post('/api/v1/api-keys', { name: 'CRM', permissions: ['audit:read'] })
      ).body;
      await app.logIn(BO.email, { password: 'a wrong password' });
      const [row] = await app.db.query<{ whole: string }>(
        'SELECT json_agg(audit_entry)::text AS whole FROM audit_entry',
      );
      for (const canary of [BO.email, BO.name, 'CRM', created.password, key, 'a wrong password']) {
        expect(row!.whole).not.toContain(canary);
      }
    });
  });

  describe('at the keyboard of the server', () => {
    it('makes an admin with a password that is printed once', async () => {
      const made = await app.app.get(CreateAdmin).run({ email: 'Ny@Larkraft.example', name: 'Ny' });
      await app.logIn('ny@larkraft.example', { password: made.password }).expect(200);
      expect(await app.auditOf('staff.created')).toContainEqual(
        expect.objectContaining({ actorType: 'cli', subjectId: made.id }),
      );
      const again = app.app.get(CreateAdmin).run({ email: 'ny@larkraft.example', name: 'Ny' });
      await expect(again).rejects.toMatchObject({ code: 'email_taken' });
      const wrong = app.app.get(CreateAdmin).run({ email: 'nowhere', name: '' });
      await expect(wrong).rejects.toMatchObject({
        errors: [{ path: 'email' }, { path: 'name' }],
      });
    });

    it('makes the log-ins of the demo once, and leaves a changed one alone', async () => {
      const staff = app.app.get(StaffAccounts);
      const person = { email: 'demo@larkraft.example', name: 'Demo', roles: ['reader' as const] };
      await staff.ensureDemoStaff([{ ...person, password: 'demo demo demo' }]);
      await staff.ensureDemoStaff([{ ...person, password: 'another one' }]);
      await app.logIn(person.email, { password: 'demo demo demo' }).expect(200);
    });

    it('sweeps what no longer counts', async () => {
      await app.logIn(ADMIN, { password: 'a wrong password' });
      const left = async (table: string) => (await app.db.query(`SELECT 1 FROM ${table}`)).length;
      await app.app.get(SweepLogIns).run();
      expect([await left('login_failure'), await left('session')]).toEqual([3, 1]);
      app.clock.pass({ hours: 9 });
      await app.app.get(SweepLogIns).run();
      expect([await left('login_failure'), await left('session')]).toEqual([0, 0]);
    });
  });
});
