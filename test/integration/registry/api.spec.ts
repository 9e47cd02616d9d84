import type { Server } from 'node:http';
import type { NestExpressApplication } from '@nestjs/platform-express';
import request from 'supertest';
import { SealLedger } from '../../../src/features/registry/ledger/seal-ledger';
import { newId } from '../../../src/platform/ids';
import { asActor } from '../../setup/app';
import { doubleOptIn, grant, World } from './world';

const SERVICE = asActor('opt-outs:record', 'registry:read');

describe('the registry for staff and other systems', () => {
  let world: World;
  let app: NestExpressApplication;
  let http: Server;
  let news: string;

  beforeAll(async () => {
    world = await World.open();
    news = await world.topic('news');
    await world.topic('tips');
    app = await world.app();
    http = app.getHttpServer() as Server;
  });
  afterAll(async () => {
    await app.close();
    await world.close();
  });

  const record = (body: object, actor = SERVICE) =>
    request(http).post('/api/v1/opt-outs').set(actor).send(body);

  describe('POST /api/v1/opt-outs', () => {
    it('takes a no for an address nobody has, without asking for proof (L-12, D-03)', async () => {
      const response = await record({ address: 'Någon.Okänd@Räksmörgås.example' }).expect(200);
      expect(response.body).toMatchObject({
        recorded: true,
        scope: 'all',
        address: 'N•••@x•••.example',
        handedOver: { last72h: 0, inFlight: 0 },
        entryId: expect.any(String),
      });
      const [entry] = await world.entries(`id = $1`, [response.body.entryId]);
      expect(entry).toMatchObject({ door: 'service_desk', actor_type: 'staff', contact_id: null });
    });

    it('takes an address with a plus sign, and a number (F-17, F-53)', async () => {
      await record({ address: 'a+b@example.com' }).expect(200);
      await record({ address: '+46 (0)70 174 06 10' }).expect(200);
      expect(await world.gate('a+b@example.com')).toMatchObject({ no_all: true });
      expect(await world.gate('+46701740610')).toMatchObject({ no_all: true });
    });

    it('takes a contact by our id or theirs, for all addresses', async () => {
      const contactId = await world.contact('ext@example.com', '+46701740611');
      await world.db.query(`UPDATE contact SET external_id = 'crm-1' WHERE id = $1`, [contactId]);
      await record({ externalId: 'crm-1' }).expect(200);
      expect(await world.gate('+46701740611')).toMatchObject({ no_all: true, no_by: 'person' });
      const repeat = await record({ contactId }).expect(200);
      expect(repeat.body.recorded).toBe(false);
    });

    it('limits the no to one topic when asked', async () => {
      const contactId = await world.contact('topic@example.com');
      await world.record(grant(world.ref('topic@example.com'), contactId, news));
      await record({ contactId, topic: 'news' }).expect(200);
      expect(await world.gate('topic@example.com')).toMatchObject({
        no_topics: [news],
        no_all: false,
      });
    });

    it('records one reference once, also after the person came back', async () => {
      const contactId = await world.contact('ref@example.com');
      const body = { address: 'ref@example.com', reference: 'case-77', door: 'api' };
      const first = await record(body).expect(200);
      await world.record(doubleOptIn(world.ref('ref@example.com'), contactId, news));
      const retries = await Promise.all([record(body), record(body), record(body)]);
      for (const { body: again } of retries) {
        expect(again).toMatchObject({ recorded: false, entryId: first.body.entryId });
      }
      expect(await world.gate('ref@example.com')).toMatchObject({ allowed: [news] });
    });

    it('records fifty calls at once as one entry (P-11)', async () => {
      const answers = await Promise.all(
        Array.from({ length: 50 }, () => record({ address: 'alla@example.com' })),
      );
      expect(answers.filter(({ body }) => body.recorded)).toHaveLength(1);
      expect(
        await world.entries(`address_key = $1`, [world.ref('alla@example.com').key]),
      ).toHaveLength(1);
    });

    it('tells every fault with its path and changes nothing', async () => {
      const cases: [object, number, string][] = [
        [{}, 422, 'one_target'],
        [{ address: 'a@example.com', contactId: newId() }, 422, 'one_target'],
        [{ address: 'not an address' }, 422, 'invalid_address'],
        [{ address: 'a@example.com', topic: 'nope' }, 422, 'invalid_fields'],
        [{ address: 'a@example.com', door: 'double_opt_in' }, 422, 'invalid_fields'],
        [{ address: 'a@example.com', reference: 'a b' }, 422, 'invalid_fields'],
        [{ address: 'a@example.com', optOut: false }, 422, 'invalid_fields'],
        [{ address: { not: null } }, 422, 'invalid_fields'],
        [{ contactId: newId() }, 404, 'unknown_contact'],
        [{ externalId: 'nobody' }, 404, 'unknown_contact'],
      ];
      const before = (await world.entries()).length;
      for (const [body, status, code] of cases) {
        const response = await record(body);
        expect([response.status, response.body.code]).toEqual([status, code]);
      }
      expect((await world.entries()).length).toBe(before);
    });

    it('needs the permission, and is in the audit trail without the address', async () => {
      await record({ address: 'x@example.com' }, asActor('registry:read')).expect(403);
      await request(http).post('/api/v1/opt-outs').send({ address: 'x@example.com' }).expect(401);
      const { body } = await record({ address: 'granskad@example.com' }).expect(200);
      const [audit] = await world.db.query<Record<string, unknown>>(
        `SELECT * FROM audit_entry WHERE subject_id = $1`,
        [body.entryId],
      );
      expect(audit).toMatchObject({ action: 'opt_out.recorded', actor_type: 'staff' });
      expect(JSON.stringify(audit)).not.toContain('granskad');
    });
  });

  it('feeds changes by sealed position: gapless to read, with theirs and our ids (F-29)', async () => {
    const contactId = await world.contact('feed@example.com');
    await world.db.query(`UPDATE contact SET external_id = 'crm-9' WHERE id = $1`, [contactId]);
    await record({ contactId, topic: 'tips' }).expect(200);
    await new SealLedger(world.db).run();
    const seen: Record<string, unknown>[] = [];
    for (let after = 0; ;) {
      const { body } = await request(http)
        .get(`/api/v1/opt-outs/changes?after=${after}&limit=3`)
        .set(SERVICE)
        .expect(200);
      seen.push(...(body.items as Record<string, unknown>[]));
      if (body.items.length === 0) {
        expect(body.next).toBe(after);
        break;
      }
      after = body.next as number;
    }
    expect(seen).toHaveLength((await world.entries()).length);
    expect(new Set(seen.map(({ position }) => position)).size).toBe(seen.length);
    expect(seen.at(-1)).toMatchObject({
      externalId: 'crm-9',
      contactId,
      topic: 'tips',
      kind: 'opt_out',
      scope: 'topic',
    });
    expect(
      seen.find(
        ({ addressKey }) => addressKey === world.ref('a+b@example.com').key.toString('hex'),
      ),
    ).toMatchObject({
      kind: 'opt_out',
      scope: 'all',
      keyVersion: 1,
      contactId: null,
    });
    expect(JSON.stringify(seen)).not.toContain('@');
    await request(http).get('/api/v1/opt-outs/changes?limit=5000').set(SERVICE).expect(422);
    await request(http).get('/api/v1/opt-outs/changes').set(asActor('contacts:read')).expect(403);
  });

  describe('explaining', () => {
    const lookUp = (address: string, lang = 'sv') =>
      request(http)
        .post(`/api/v1/registry/lookup?lang=${lang}`)
        .set(SERVICE)
        .send({ channel: address.includes('@') ? 'email' : 'sms', address });

    it('says in one sentence what a person gets, and why not (L-01)', async () => {
      const contactId = await world.contact('forklara@example.com');
      await world.db.query(`UPDATE contact SET notice_at = now() WHERE id = $1`, [contactId]);
      const get = () =>
        request(http).get(`/api/v1/registry/contacts/${contactId}`).set(SERVICE).expect(200);
      let { body } = await get();
      expect(body.addresses[0]).toMatchObject({
        sentence: expect.stringContaining('inget samtycke'),
        topics: [{ topicKey: 'news', allowed: false, reason: 'no_ground' }, { topicKey: 'tips' }],
      });
      await world.record(grant(world.ref('forklara@example.com'), contactId, news));
      ({ body } = await get());
      expect(body.addresses[0]).toMatchObject({
        sentence: 'Får: news (sv).',
        address: 'f•••@e•••.com',
      });
      await record({ contactId, door: 'privacy_officer' }).expect(200);
      ({ body } = await get());
      expect(body.addresses[0].topics[0]).toMatchObject({
        reason: 'suppressed_person',
        door: 'privacy_officer',
        entryId: body.entries[0].id,
        sentence: expect.stringMatching(/personen sa nej .* via integritetsansvarig/),
      });
      expect(body.entries.map(({ kind }: { kind: string }) => kind)).toEqual(['opt_out', 'grant']);
      expect(JSON.stringify(body)).not.toMatch(/forklara@|Kim/);
    });

    it('knows a no from an address that nobody has, in any spelling and language', async () => {
      await record({ address: 'ensam@example.com' }).expect(200);
      const { body } = await lookUp('ENSAM@example.com', 'en').expect(200);
      expect(body).toMatchObject({ known: true, addresses: [{ contactId: null, address: null }] });
      expect(body.addresses[0].topics[0].sentence).toMatch(/a no from this address/);
      expect((await lookUp('aldrig@example.com').expect(200)).body).toEqual({
        known: false,
        mayWrite: false,
        sentence: expect.stringMatching(/^Får ingenting/),
        addresses: [],
        entries: [],
      });
      await lookUp('nonsense').expect(422);
    });

    it('writes every reading of a person in the audit trail', async () => {
      const contactId = await world.contact('last@example.com');
      await lookUp('last@example.com').expect(200);
      await request(http).get(`/api/v1/registry/contacts/${contactId}`).set(SERVICE).expect(200);
      const audits = await world.db.query<{ action: string }>(
        `SELECT action FROM audit_entry WHERE subject_id = $1 ORDER BY id`,
        [contactId],
      );
      expect(audits.map(({ action }) => action)).toEqual(['registry.looked_up', 'registry.read']);
      await request(http).get(`/api/v1/registry/contacts/${newId()}`).set(SERVICE).expect(404);
      await request(http).get(`/api/v1/registry/contacts/x`).set(SERVICE).expect(404);
    });
  });

  describe('topics', () => {
    const OFFICER = asActor('topics:write');
    const create = (body: object, actor = OFFICER) =>
      request(http).post('/api/v1/topics').set(actor).send(body);
    const topic = { key: 'offers', nameSv: 'Erbjudanden', nameEn: 'Offers', purpose: 'R-06' };

    it('are made, changed, archived and listed, with an audit entry each', async () => {
      const { body } = await create(topic).expect(201);
      expect(body).toMatchObject({ ...topic, softOptIn: false, assessed: false, archivedAt: null });
      await create(topic).expect(409);
      const change = (fields: object) =>
        request(http).patch(`/api/v1/topics/${body.id}`).set(OFFICER).send(fields).expect(200);
      const assessed = await change({ assessedAt: new Date().toISOString(), softOptIn: true });
      expect(assessed.body).toMatchObject({
        assessed: true,
        softOptIn: true,
        nameSv: 'Erbjudanden',
      });
      await change({ archived: true });
      const keys = async (query: string) =>
        (
          await request(http).get(`/api/v1/topics${query}`).set(asActor()).expect(200)
        ).body.items.map(({ key }: { key: string }) => key);
      expect(await keys('')).not.toContain('offers');
      expect(await keys('?archived=true')).toContain('offers');
      expect((await change({ archived: false })).body.archivedAt).toBeNull();
      const audits = await world.db.query(`SELECT FROM audit_entry WHERE subject_id = $1`, [
        body.id,
      ]);
      expect(audits).toHaveLength(4);
    });

    it('refuse a purpose that the policy does not have, unknown fields, and who may not', async () => {
      await create({ ...topic, key: 'x', purpose: 'R-01' }).expect(422);
      await create({ ...topic, key: 'Å' }).expect(422);
      await create({ ...topic, key: 'y', id: newId() }).expect(422);
      await create({ ...topic, key: 'z' }, asActor('campaigns:write')).expect(403);
      await request(http).patch(`/api/v1/topics/${newId()}`).set(OFFICER).send({}).expect(404);
    });
  });
});
