import { Approval } from '../../src/features/campaigns/approval';
import { Campaigns } from '../../src/features/campaigns/campaigns.service';
import type { UpsertContact } from '../../src/features/contacts/contact-data';
import { Contacts } from '../../src/features/contacts/contacts.service';
import { LaunchCampaign } from '../../src/features/campaigns/launch-campaign';
import { CheckCampaign } from '../../src/features/campaigns/check-campaign';
import type { LedgerAct } from '../../src/features/registry/ledger/ledger-act';
import { Grounds } from '../../src/features/registry/grounds';
import { Registry } from '../../src/features/registry/registry.service';
import { POLICY_VERSION } from '../../src/domain/policy';
import { settingNames } from '../../src/platform/config/env';
import { OPERATOR, SYSTEM } from '../../src/platform/http/actor';
import { SendGridStub } from '../provider-stub/sendgrid-stub';
import { apiKey, everyRole, type Caller } from '../setup/callers';
import { Service } from '../setup/service';

const EVERYONE = { templateKey: 'enkel', audience: { members: 'everyone' } };
const TOLD = { version: POLICY_VERSION, at: new Date() };

/** Everything that the tests below make somebody be withheld for. */
const REASONS = [
  'already_sent',
  'erased',
  'fewer',
  'minor',
  'no_ground',
  'paused',
  'suppressed_address',
  'suppressed_person',
  'undeliverable',
  'wrong_source',
];

describe('who gets a campaign', () => {
  let stub: SendGridStub;
  let service: Service;
  let topicId: string;

  beforeAll(async () => {
    stub = await SendGridStub.start();
    service = await Service.open({
      EMAIL_CHANNEL: 'sendgrid',
      SENDGRID_API_KEY: 'SG.test',
      SENDGRID_API_URL: stub.url,
    });
    topicId = await service.topic('nyhetsbrev');
    await service.db.query('UPDATE topic SET soft_opt_in = true');
    await service.people(topicId, [{ email: 'alltid.med@exempel.example' }]);
  });
  afterAll(async () => {
    await service.close();
    await stub.stop();
  });

  it('L-25 L-01 gives learners nothing by default, also when their employer has told them', async () => {
    const learner = { kind: 'learner' as const, email: 'larling@exempel.example' };
    await add([learner], {
      source: 'employer_import',
      attestation: { at: new Date(), ref: 'i1', company: 'Exempelbolaget AB' },
    });
    const campaignId = await sent(EVERYONE);
    expect(await fateOf(campaignId, learner.email)).toMatchObject({
      state: 'WITHHELD',
      reason: 'no_ground',
    });
    expect(delivered(learner.email)).toEqual([]);
  });

  it('L-25 follows nobody: no setting for it, nothing in the mail that differs but one’s own links', async () => {
    expect(settingNames().filter((name) => /track|pixel|click|open|profil/i.test(name))).toEqual(
      [],
    );
    await service.people(topicId, [
      { email: 'ett@exempel.example', firstName: 'Kim' },
      { email: 'tva@exempel.example', firstName: 'Kim' },
    ]);
    await sent({ templateKey: 'nyhetsbrev' });
    const [one, other] = ['ett', 'tva'].map((name) => {
      const [mail] = delivered(`${name}@exempel.example`);
      const token = /\/u\/([\w-]{22})/.exec(mail!.html)![1]!;
      return mail!.html.replaceAll(token, 'TOKEN').replaceAll(`${name}@`, 'NAME@');
    });
    expect(one).toBe(other);
    const urls = [...one!.matchAll(/(?:href|src)="(https?:[^"]+)"/g)].map(([, url]) => url!);
    const personal = urls.filter((url) => url.includes('TOKEN'));
    expect(new Set(personal.map((url) => new URL(url).pathname.split('/')[1]))).toEqual(
      new Set(['u', 'preferences', 'why', 'view']),
    );
    expect(one).not.toMatch(/<img[^>]+TOKEN/);
    const { tracking_settings: tracking } = stub.requests.at(-1)!.mail;
    expect(Object.values(tracking!).every(({ enable }) => enable === false)).toBe(true);
  });

  it('L-24 writes to nobody who gave their address to get help, though a list says they agreed', async () => {
    const email = 'hjalp@exempel.example';
    const [contactId] = await add([{ kind: 'support_contact', email }], { source: 'support' });
    const address = { channel: 'email' as const, key: service.key(email), version: 1 };
    const grant = { kind: 'grant' as const, scope: 'topic' as const, channel: 'email' as const };
    const proof = {
      ground: 'CONSENT' as const,
      method: 'import_attested',
      door: 'import' as const,
    };
    const about = { address, contactId: contactId!, topicId, actor: SYSTEM };
    await service.db.tx((tx) =>
      service.get(Registry).record(tx, [{ ...grant, ...proof, ...about }]),
    );
    const campaignId = await sent();
    expect(await fateOf(campaignId, email)).toMatchObject({ reason: 'wrong_source' });
    expect(delivered(email)).toEqual([]);
  });

  it('L-42 gives minors nothing, though they have agreed', async () => {
    const [young] = await service.people(topicId, [{ email: 'ung@exempel.example' }]);
    await service.db.query('UPDATE contact SET minor = true WHERE id = $1', [young]);
    const campaignId = await sent();
    expect(await fateOf(campaignId, 'ung@exempel.example')).toMatchObject({ reason: 'minor' });
    expect(delivered('ung@exempel.example')).toEqual([]);
  });

  it('P-30 writes once to two people who share an address, and says so of the second', async () => {
    const shared = 'gemensam@exempel.example';
    await service.people(topicId, [{ email: shared, externalId: 'p-1' }]);
    await service.people(topicId, [{ email: shared, externalId: 'p-2' }]);
    const campaignId = await sent();
    const fates = await fatesOf(campaignId, shared);
    expect(fates.map(({ reason }) => reason).sort()).toEqual(['already_sent', null]);
    expect(delivered(shared)).toHaveLength(1);
  });

  it('D-12 keeps with each message, consent and person the policy that was in force', async () => {
    const [contactId] = await service.people(topicId, [{ email: 'policy@exempel.example' }]);
    const campaignId = await sent();
    const [versions] = await service.db.query<Record<string, string>>(
      `SELECT d.policy_version AS message, l.policy_version AS consent, c.notice_version AS person
       FROM message_status m JOIN dispatch d ON d.id = m.dispatch_id JOIN contact c ON c.id = m.contact_id
       JOIN ledger_entry l ON l.address_key = m.address_key AND l.kind = 'grant'
       WHERE d.campaign_id = $1 AND m.contact_id = $2`,
      [campaignId, contactId],
    );
    const at = POLICY_VERSION;
    expect(versions).toEqual({ message: at, consent: at, person: at });
    // A later version cannot be made to reach back.
    const rewritten = service.db.query(`UPDATE ledger_entry SET policy_version = 'x'`);
    await expect(rewritten).rejects.toThrow('append-only');
  });

  it('F-91 never writes to somebody who says no at registration, also when the campaign was queued before', async () => {
    const email = 'nej.tack@exempel.example';
    const queued = await service
      .get(Campaigns)
      .create(
        { name: 'Köad', topicId, sendAtLocal: '2099-01-07T09:00', ...EVERYONE } as never,
        OPERATOR,
      );
    await service.get(Approval).approve(queued.id, OPERATOR);
    const crm = await apiKey(service, 'contacts:write', 'opt-outs:record');
    const person = { kind: 'company_contact', email, firstName: 'Nej', notice: isoNotice() };
    await call(crm, 'PUT', '/api/v1/contacts/crm-91', person);
    await call(crm, 'POST', '/api/v1/opt-outs', { externalId: 'crm-91', door: 'crm_sync' });
    // A list that says otherwise comes later, as such lists do.
    await service.people(topicId, [{ email }]);

    await service.db.query('UPDATE campaign SET send_at = now(), leaves_at = now() WHERE id = $1', [
      queued.id,
    ]);
    await service.settled(queued.id);
    expect(await fateOf(queued.id, email)).toMatchObject({
      state: 'WITHHELD',
      reason: 'suppressed_person',
      door: 'crm_sync',
    });
    expect(delivered(email)).toEqual([]);
  });

  it.each([
    ['said no and was erased', true],
    ['was erased', false],
  ])('F-94 does not write again to somebody who %s, when they buy again', async (_, saidNo) => {
    const email = `${saidNo ? 'telia' : 'svea'}@exempel.example`;
    const [before] = await service.people(topicId, [{ email }]);
    const address = { channel: 'email' as const, key: service.key(email), version: 1 };
    const act = {
      scope: 'all' as const,
      channel: null,
      address,
      contactId: before!,
      actor: SYSTEM,
    };
    await service.db.tx(async (tx) => {
      const noes = saidNo ? [{ ...act, kind: 'opt_out' as const, door: 'link' as const }] : [];
      const erasure = { ...act, kind: 'erase' as const, door: 'privacy_officer' as const };
      await service.get(Registry).record(tx, [...noes, erasure]);
      await service.get(Contacts).remove(tx, [before!]);
    });
    const buyer = { kind: 'company_contact' as const, email, firstName: 'Kim' };
    const [again] = await add([buyer], { source: 'company_contact' });
    const bought = await service.db.tx((tx) =>
      service.get(Grounds).grant(tx, [
        {
          address,
          contactId: again!,
          topicId,
          door: 'api',
          actor: SYSTEM,
          evidence: {
            ground: 'SOFT_OPT_IN',
            saleRef: 'order-1',
            collectedAt: new Date(),
            noticeVersion: POLICY_VERSION,
          },
        },
      ]),
    );
    expect(bought).toMatchObject([{ outcome: 'refused' }]);
    const campaignId = await sent(EVERYONE);
    expect(await fateOf(campaignId, email)).toMatchObject({
      state: 'WITHHELD',
      reason: saidNo ? 'suppressed_address' : 'erased',
    });
    expect(delivered(email)).toEqual([]);
  });

  it('P-18 F-89 sends a test whose link is alive and changes nothing, also for one of ours', async () => {
    const email = 'kollega@exempel.example';
    await service.people(topicId, [{ email }]);
    const { id } = await service
      .get(Campaigns)
      .create({ name: 'Prov', topicId, templateKey: 'enkel' }, OPERATOR);
    const key = await apiKey(service, 'campaigns:write');
    await call(key, 'POST', `/api/v1/campaigns/${id}/test`, { to: [email] });
    const [mail] = delivered(email);
    expect(mail!.subject).toMatch(/^\[TEST\] /);
    const link = service.local(/<(http[^>]+)>/.exec(mail!.headers['List-Unsubscribe']!)![1]!);
    const entries = await ledgerLength();
    const posted = await fetch(link, { method: 'POST', body: 'List-Unsubscribe=One-Click' });
    expect(posted.status).toBe(200);
    expect(await (await fetch(link)).text()).toContain('Testutskick');
    expect(await ledgerLength()).toBe(entries);
    const campaignId = await sent();
    expect(await fateOf(campaignId, email)).toMatchObject({ state: 'ACCEPTED' });
  });

  it('F-24 sends marketing past a no for nobody, whatever their role, also not as a test', async () => {
    const email = 'chefen@exempel.example';
    const [chief] = await service.people(topicId, [{ email }]);
    const key = await apiKey(service, 'opt-outs:record', 'campaigns:write', 'campaigns:send');
    await call(key, 'POST', '/api/v1/opt-outs', { contactId: chief });
    const { id } = await service
      .get(Campaigns)
      .create({ name: 'Prov', topicId, templateKey: 'enkel' }, OPERATOR);
    const statuses: Record<string, number> = {};
    for (const caller of [...(await everyRole(service)), key]) {
      const url = `${service.url}/api/v1/campaigns/${id}/test`;
      const answer = await fetch(url, {
        method: 'POST',
        headers: { ...caller.headers, 'content-type': 'application/json' },
        body: JSON.stringify({ to: [email.toUpperCase()] }),
      });
      statuses[caller.name] = answer.status;
    }
    expect(statuses).toEqual({
      marketer: 409,
      approver: 409,
      'API key': 409,
      service: 403,
      privacy_officer: 403,
      admin: 403,
      reader: 403,
    });
    expect(delivered(email)).toEqual([]);
  });

  // Last: everybody above is in it, in every state that the tests before have left them in.
  it('F-21 counts before the send exactly whom the sender then writes to, and why not the others', async () => {
    await service.people(topicId, [
      { email: 'flyttat@exempel.example' },
      { email: 'vilar@exempel.example' },
      { email: 'inget.samtycke@exempel.example', agreed: false },
    ]);
    await record('flyttat@exempel.example', { kind: 'undeliverable', door: 'bounce' });
    const until = new Date(Date.now() + 86_400_000).toISOString();
    const pause = { kind: 'pause', door: 'preference_page', evidence: { until } } as const;
    await record('vilar@exempel.example', pause);
    // Has got every campaign until now.
    const fewer = { kind: 'fewer', door: 'preference_page', evidence: { days: 30 } } as const;
    await record('alltid.med@exempel.example', fewer);
    const campaign = await service
      .get(Campaigns)
      .create({ name: 'Alla', topicId, ...EVERYONE } as never, OPERATOR);
    const promised = await service.get(CheckCampaign).audience(campaign.id);
    await service.get(LaunchCampaign).start(campaign.id, OPERATOR, { expected: promised.gets });
    const counts = await service.settled(campaign.id);
    expect(new Set(counts.withheld.map(({ reason }) => reason))).toEqual(new Set(REASONS));
    const byReason = (list: { reason: string; count: number }[]) =>
      Object.fromEntries(list.map(({ reason, count }) => [reason, count]));
    expect(byReason(counts.withheld)).toEqual(byReason(promised.withheld));
    expect(counts.buckets.accepted).toBe(promised.gets);
    expect(counts.audience).toBe(promised.audience);
  });

  async function add(
    people: UpsertContact[],
    more: Pick<Parameters<Contacts['upsert']>[2], 'source' | 'attestation'>,
  ): Promise<string[]> {
    return service.db.tx(async (tx) => {
      const context = { ...more, sourceRef: 'test', actor: SYSTEM, now: new Date(), notice: TOLD };
      const results = await service.get(Contacts).upsert(tx, people, context);
      return results.map(({ contactId, faults }) => {
        if (!contactId) throw new Error(JSON.stringify(faults));
        return contactId;
      });
    });
  }

  async function record(
    email: string,
    act: Pick<LedgerAct, 'kind' | 'door' | 'evidence'>,
  ): Promise<void> {
    const address = { channel: 'email' as const, key: service.key(email), version: 1 };
    const about = { scope: 'all' as const, channel: null, address, contactId: null };
    await service.db.tx((tx) =>
      service.get(Registry).record(tx, [{ ...about, ...act, actor: SYSTEM }]),
    );
  }

  async function sent(edits: Record<string, unknown> = { templateKey: 'enkel' }): Promise<string> {
    const id = await service.launch(topicId, edits);
    expect((await service.settled(id)).gap).toBe(0);
    return id;
  }

  async function fateOf(campaignId: string, email: string) {
    return (await fatesOf(campaignId, email))[0];
  }

  function fatesOf(campaignId: string, email: string) {
    return service.db.query<{ state: string; reason: string | null; door: string | null }>(
      `SELECT m.state, m.reason, l.door FROM message_status m JOIN dispatch d ON d.id = m.dispatch_id
       LEFT JOIN ledger_entry l ON l.seq = m.reason_seq
       WHERE d.campaign_id = $1 AND m.address_key = $2`,
      [campaignId, service.key(email)],
    );
  }

  const ledgerLength = async () => (await service.db.query('SELECT 1 FROM ledger_entry')).length;

  const delivered = (email: string) =>
    stub.delivered.filter(({ to }) => to.toLowerCase() === email.toLowerCase());

  async function call(caller: Caller, method: string, path: string, body: object): Promise<void> {
    const response = await fetch(`${service.url}${path}`, {
      method,
      headers: { ...caller.headers, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  }

  const isoNotice = () => ({ version: TOLD.version, at: TOLD.at.toISOString() });
});
