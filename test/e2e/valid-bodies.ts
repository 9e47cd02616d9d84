import { Readable } from 'node:stream';
import { Campaigns } from '../../src/features/campaigns/campaigns.service';
import { Senders } from '../../src/features/campaigns/senders/senders.service';
import { Attributes } from '../../src/features/contacts/learning/attributes/attributes.service';
import { Imports } from '../../src/features/imports/imports.service';
import { ImportFiles } from '../../src/features/imports/import-files';
import { SignupForms } from '../../src/features/signups/forms/signup-forms.service';
import { Cases } from '../../src/features/service-desk/cases/cases.service';
import { Segments } from '../../src/features/segments/segments.service';
import { StaffAccounts } from '../../src/features/accounts/staff.service';
import { WebhookEndpoints } from '../../src/features/webhooks/webhook-endpoints';
import { OPERATOR } from '../../src/platform/http/actor';
import { newId } from '../../src/platform/ids';
import type { Service } from '../setup/service';

export interface Valid {
  /** What stands in the path. */
  id?: string;
  body: Record<string, unknown>;
}

/** A body that is taken, for each route that has one, so that what is changed in it comes as far as it can. */
export async function validBodies(service: Service): Promise<Record<string, Valid>> {
  const topicId = await service.topic('nyhetsbrev');
  const [contactId] = await service.people(topicId, [{ email: 'kim@exempel.example' }]);
  const campaign = { name: 'Prov', topicId, templateKey: 'enkel' };
  const campaignId = (await service.get(Campaigns).create(campaign, OPERATOR)).id;
  const form = { key: 'prov', nameSv: 'Prov', nameEn: 'Trial', topicIds: [topicId] };
  const formId = (await service.get(SignupForms).create(form, OPERATOR)).id;
  const attribute = { key: 'storlek', nameSv: 'Storlek', nameEn: 'Size', purpose: 'R-08' as const };
  const declared = { ...attribute, type: 'number' as const };
  const attributeId = (await service.get(Attributes).create(declared, OPERATOR)).id;
  const event = { eventId: 'e-1', contactExternalId: 'p-1', kind: 'active' };
  const happened = { ...event, occurredAt: '2026-03-01T09:30:00Z' };
  const agreed = { organisation: 'org-1', startsOn: '2026-01-01' };
  const staff = { email: 'ny@larkraft.example', name: 'Ny', roles: ['reader' as const] };
  const staffId = (await service.get(StaffAccounts).create(staff, OPERATOR)).id;
  const sender = { name: 'Prov', email: 'prov@larkraft.example' };
  const senderId = (await service.get(Senders).create(sender, OPERATOR)).id;
  const person = { kind: 'company_contact', email: 'ny@exempel.example' };
  const words = { subject: 'Hej', body: '<mj-section></mj-section>' };
  const importId = await uploaded(service);
  const told = { cameBy: 'phone' as const };
  const question = { kind: 'question' as const, ...told };
  const caseId = (await service.get(Cases).open(question, OPERATOR)).id;
  const segment = {
    name: 'Prov',
    tree: { match: 'all', rules: [{ field: 'has_email', op: 'yes' }] },
  };
  const segmentId = (await service.get(Segments).create(segment, OPERATOR)).id;
  const hook = { url: 'https://exempel.example/', events: ['opt_out.recorded' as const] };
  const hookId = (await service.get(WebhookEndpoints).create({ ...hook }, OPERATOR)).id;
  const replyId = newId();
  await service.db.query(
    `INSERT INTO reply (id, at, channel, provider, provider_id, sender, body, meaning, state)
     VALUES ($1, now(), 'email', 'test', 'prov', 'kim@exempel.example', 'Hej', 'unclear', 'open')`,
    [replyId],
  );
  const incidentId = newId();
  await service.db.query(
    `INSERT INTO incident (id, kind, opened_at, details) VALUES ($1, 'equation_gap', now(), '{}')`,
    [incidentId],
  );
  return {
    'POST /api/v1/session': { body: { email: 'a@b.example', password: 'x' } },
    'PUT /api/v1/session/password': { body: { currentPassword: 'x', newPassword: 'y' } },
    'PUT /api/v1/session/language': { body: { language: 'sv' } },
    'POST /api/v1/search': { body: { text: 'kim' } },
    'POST /api/v1/senders': { body: { ...sender, name: 'Kurser' } },
    // Not one of ours, so that nobody asks DNS for it.
    'POST /api/v1/senders/check-domain': { body: { domain: 'example.com' } },
    'PATCH /api/v1/senders/:id': { id: senderId, body: {} },
    'PATCH /api/v1/brand': { body: {} },
    'POST /api/v1/staff': { body: staff },
    'PATCH /api/v1/staff/:id': { id: staffId, body: {} },
    'POST /api/v1/webhook-endpoints': { body: hook },
    'PATCH /api/v1/webhook-endpoints/:id': { id: hookId, body: {} },
    'POST /api/v1/api-keys': { body: { name: 'crm', permissions: ['audit:read'] } },
    'PUT /api/v1/organisations/:externalId': { id: 'org-1', body: { name: 'Exempel AB' } },
    'PUT /api/v1/courses/:externalId': { id: 'k-1', body: { name: 'Excel grund' } },
    'POST /api/v1/courses/batch': { body: { items: [{ externalId: 'k-1', name: 'Excel' }] } },
    'POST /api/v1/learner-events': { body: happened },
    'POST /api/v1/learner-events/batch': { body: { items: [happened] } },
    'PUT /api/v1/agreements/:externalId': { id: 'a-1', body: agreed },
    'POST /api/v1/agreements/batch': { body: { items: [{ externalId: 'a-1', ...agreed }] } },
    'POST /api/v1/attributes': { body: { ...declared, key: 'antal' } },
    'PATCH /api/v1/attributes/:id': { id: attributeId, body: {} },
    'POST /api/v1/templates/preview': { body: words },
    'PUT /api/v1/templates/:key': { id: 'egen', body: { nameSv: 'E', nameEn: 'O', ...words } },
    'POST /api/v1/templates': { body: { name: 'Egen' } },
    'POST /api/v1/snippets': { body: { name: 'Slut', blocks: [{ id: 'a', type: 'divider' }] } },
    'PUT /api/v1/me/preferences': { body: {} },
    'POST /api/v1/opt-outs': { body: { address: 'nej@exempel.example' } },
    'POST /api/v1/registry/lookup': { body: { channel: 'email', address: 'a@b.example' } },
    'POST /api/v1/service-desk/search': { body: { query: 'kim' } },
    'POST /api/v1/service-desk/opt-outs': { body: { address: 'nej@exempel.example', ...told } },
    'POST /api/v1/service-desk/cases': { body: question },
    'POST /api/v1/service-desk/cases/:id/close': { id: caseId, body: { as: 'answered' } },
    'POST /api/v1/service-desk/replies/:id/opt-out': { id: replyId, body: {} },
    'POST /api/v1/service-desk/replies/:id/dismiss': { id: replyId, body: { as: 'answered' } },
    'POST /api/v1/topics': { body: { key: 'ny', nameSv: 'Ny', nameEn: 'New', purpose: 'R-05' } },
    'PATCH /api/v1/topics/:id': { id: topicId, body: {} },
    'POST /api/v1/signup-forms': { body: { ...form, key: 'andra' } },
    'PATCH /api/v1/signup-forms/:id': { id: formId, body: {} },
    'PUT /api/v1/imports/:id/mapping': { id: importId, body: {} },
    'POST /api/v1/contacts/batch': { body: { items: [{ externalId: 'p-1', ...person }] } },
    'PUT /api/v1/contacts/:externalId': { id: 'p-2', body: person },
    'POST /api/v1/contacts/search': { body: { q: 'kim' } },
    'PATCH /api/v1/contacts/:id': { id: contactId, body: { firstName: 'Kim' } },
    'POST /api/v1/contacts/:id/merge': { id: contactId, body: { from: contactId } },
    'POST /api/v1/segments': { body: segment },
    'POST /api/v1/segments/answer': { body: { tree: segment.tree } },
    'PATCH /api/v1/segments/:id': { id: segmentId, body: { version: 1 } },
    'POST /api/v1/segments/:id/freeze': { id: segmentId, body: { name: 'Prov' } },
    'POST /api/v1/campaigns': { body: campaign },
    'PATCH /api/v1/campaigns/:id': { id: campaignId, body: { version: 1 } },
    'POST /api/v1/campaigns/:id/launch': { id: campaignId, body: { expected: 17 } },
    'POST /api/v1/campaigns/:id/approve': { id: campaignId, body: { expected: 17 } },
    'POST /api/v1/campaigns/:id/schedule': { id: campaignId, body: { expected: 17 } },
    'POST /api/v1/campaigns/:id/versions/:version/restore': { id: campaignId, body: { over: 1 } },
    'POST /api/v1/campaigns/:id/preview': { id: campaignId, body: {} },
    'POST /api/v1/incidents/:id/close': { id: incidentId, body: { note: 'Prov' } },
    'POST /api/v1/campaigns/:id/test': { id: campaignId, body: { to: ['a@b.example'] } },
  };
}

async function uploaded(service: Service): Promise<string> {
  const bytes = Readable.from([Buffer.from('e-post;förnamn\r\nlena@exempel.example;Lena\r\n')]);
  const file = await service.get(ImportFiles).store(bytes);
  const made = await service
    .get(Imports)
    .create({ ...file, name: 'lista.csv' }, { kind: 'company_contact' }, OPERATOR);
  return made.id;
}
