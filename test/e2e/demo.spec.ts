import { offersFor } from '../../src/domain/offers/offers-to-sql';
import { CheckCampaign } from '../../src/features/campaigns/check-campaign';
import { CampaignReports } from '../../src/features/campaigns/campaign-report';
import { Campaigns } from '../../src/features/campaigns/campaigns.service';
import { AuditDelivery } from '../../src/features/delivery/audit-delivery';
import { Courses } from '../../src/features/contacts/learning/courses/courses.service';
import { AnswerSegment } from '../../src/features/segments/answer-segment';
import { Segments } from '../../src/features/segments/segments.service';
import { SYSTEM } from '../../src/platform/http/actor';
import { MALMO_RUN } from '../../src/processes/demo/demo-segments';
import { VerifyRegistry } from '../../src/features/registry/ledger/verify-registry';
import { Demo } from '../../src/processes/demo/demo';
import { readSettings } from '../../src/processes/demo/demo-files';
import { DemoPeople } from '../../src/processes/demo/demo-people';
import { DemoProgress } from '../../src/processes/demo/demo-progress';
import { DemoSetUp } from '../../src/processes/demo/demo-set-up';
import { readGroups } from '../../src/processes/demo/people-groups';
import { Service } from '../setup/service';

const PEOPLE = 1986;
const settings = readSettings();

const figures = async (service: Service) =>
  (
    await service.db.query<Record<string, number>>(
      `SELECT (SELECT count(*) FROM contact) AS contacts, (SELECT count(*) FROM organisation) AS organisations,
         (SELECT count(*) FROM staff) AS staff, (SELECT count(*) FROM topic) AS topics,
         (SELECT count(*) FROM signup_form) AS forms, (SELECT count(*) FROM campaign) AS campaigns,
         (SELECT count(*) FROM message_status) AS messages, (SELECT count(*) FROM ledger_entry) AS entries,
         (SELECT count(*) FROM mailbox_message) AS mails, (SELECT max(copies) FROM mailbox_message) AS copies`,
    )
  )[0]!;

const campaignsOf = async (service: Service) => {
  const campaigns = await service.get(Campaigns).list(undefined, 10);
  return Promise.all(campaigns.map(({ id }) => service.get(CampaignReports).report(id)));
};

describe('the demo', () => {
  let service: Service;
  let lines: string[];

  beforeAll(async () => {
    service = await Service.open();
    lines = await service.get(Demo).load();
  }, 120_000);
  afterAll(() => service.close());

  it('prints a log-in per role with its password, and where to look', () => {
    const text = lines.join('\n');
    for (const { email } of settings.staff) expect(text).toContain(email);
    expect(text).toContain(settings.password);
    expect(text).toContain('http://localhost:3000/dev/mailbox');
    expect(text).toContain('campaign send "Höstens kurser"');
  });

  it('brings in about two thousand people of all kinds, at addresses that cannot exist', async () => {
    expect(await figures(service)).toMatchObject({
      contacts: PEOPLE,
      organisations: 40,
      staff: 6,
      topics: 4,
      forms: 1,
      campaigns: 5,
      copies: 1,
    });
    const [addresses] = await service.db.query<{ strange: number; kinds: string[] }>(
      `SELECT count(*) FILTER (WHERE channel = 'email' AND canonical !~ '(\\.example|@example\\.com)$'
           OR channel = 'sms' AND canonical !~ '^\\+467017406(0[5-9]|[1-9]\\d)$') AS strange
       FROM address`,
    );
    expect(addresses!.strange).toBe(0);
  });

  it('knows what people took in two years, and nothing of those who objected', async () => {
    const [learned] = await service.db.query<Record<string, number | null>>(
      `SELECT (SELECT count(*) FROM course) AS courses, (SELECT count(*) FROM agreement) AS agreements,
         (SELECT count(*) FROM organisation WHERE city IS NULL) AS nowhere,
         (SELECT count(DISTINCT contact_id) FROM learner_event) AS learners,
         (SELECT count(*) FROM learner_event WHERE occurred_at > received_at) AS ahead,
         (SELECT count(DISTINCT contact_id) FROM contact_attribute) AS described,
         (SELECT count(*) FROM learner_event e JOIN address a USING (contact_id) JOIN gate g USING (address_key)
          WHERE g.no_all) AS objected`,
    );
    expect(learned).toMatchObject({
      courses: 10,
      agreements: 24,
      nowhere: 0,
      ahead: 0,
      objected: 0,
    });
    expect(learned!.learners).toBeGreaterThan(1000);
    expect(learned!.described).toBeGreaterThan(200);
  });

  it('asks who at companies in Malmö is ready for the next Excel course, and finds some', async () => {
    const { items } = await service.get(Courses).list({ q: 'excel' });
    const idOf = (one: string) => items.find(({ externalId }) => externalId === one)!.id;
    const [segment] = await service.get(Segments).list();
    expect(segment).toMatchObject({ name: MALMO_RUN, profiling: true });
    const { people } = await service.get(AnswerSegment).answer({ tree: segment!.tree }, SYSTEM);
    const [byHand] = await service.db.query<{ people: number; agreed: number }>(
      `SELECT count(DISTINCT c.id)::int AS people,
         count(DISTINCT c.id) FILTER (WHERE g.allowed <> '{}')::int AS agreed
       FROM contact c JOIN organisation o ON o.id = c.employer_id AND o.city = 'Malmö'
       JOIN address a ON a.contact_id = c.id JOIN gate g USING (address_key)
       WHERE EXISTS (SELECT FROM learner_event e WHERE e.contact_id = c.id AND e.course_id = $1
           AND e.kind = 'completed' AND e.occurred_at > now() - interval '1 year')
         AND NOT EXISTS (SELECT FROM learner_event e WHERE e.contact_id = c.id AND e.course_id = $2
           AND e.kind IN ('started', 'completed'))`,
      [idOf('excel-1'), idOf('excel-2')],
    );
    expect(people).toBe(byHand!.people);
    expect(people).toBeGreaterThan(10);
    expect(people).toBeLessThan(25);
    expect(byHand!.agreed).toBeGreaterThan(5);
  });

  it('has sent two campaigns in which everyone is accounted for, with noes by many doors', async () => {
    const [texts, offers, draft, ...sent] = await campaignsOf(service);
    expect(texts).toMatchObject({ name: 'Sms: sista veckan för rabatten', state: 'draft' });
    expect(draft).toMatchObject({ name: 'Höstens kurser', state: 'draft' });
    expect(offers).toMatchObject({ name: 'Nästa kurs för dig', state: 'draft' });
    expect(sent).toHaveLength(2);
    for (const { state, counts, optOuts } of sent) {
      expect(state).toBe('finished');
      expect(counts!.gap).toBe(0);
      expect(counts!.buckets.accepted).toBeGreaterThan(1000);
      expect(optOuts.map(({ door }) => door)).toEqual(
        expect.arrayContaining(['link', 'spam_complaint']),
      );
    }
    const reasons = new Set(sent.flatMap(({ counts }) => counts!.withheld.map((w) => w.reason)));
    expect([...reasons].sort()).toEqual([
      'already_sent',
      'ground_pending',
      'no_employer_attestation',
      'no_ground',
      'paused',
      'suppressed_address',
      'suppressed_person',
      'undeliverable',
      'wrong_source',
    ]);
    await expect(service.get(AuditDelivery).check({ everything: true })).resolves.toEqual({
      equationGap: 0,
      permitsAfterOptOut: 0,
    });
  });

  it('leaves a draft that can go to a thousand people', async () => {
    const [, , draft] = await campaignsOf(service);
    const { audience } = await service.get(CheckCampaign).ready(draft!.campaignId);
    expect(audience.gets).toBeGreaterThan(900);
  });

  it('leaves one that recommends each learner courses, by each of the rules', async () => {
    const [, offers] = await campaignsOf(service);
    const { audience } = await service.get(CheckCampaign).ready(offers!.campaignId);
    expect(audience.gets).toBeGreaterThan(200);
    expect(audience.noOffer).toBeGreaterThan(100);
    const everybody = 'SELECT contact_id, organisation_id FROM reach WHERE profiled';
    const rules = await service.db.query<{ rule: string }>(
      `SELECT DISTINCT rule FROM (${offersFor(everybody, 3)}) AS o ORDER BY 1`,
    );
    expect(rules.map(({ rule }) => rule)).toEqual(['next_level', 'popular', 'same_subject']);
  });

  it('leaves another, by SMS, that goes to those who have agreed to that, and to nobody else', async () => {
    const [texts] = await campaignsOf(service);
    const { audience } = await service.get(CheckCampaign).ready(texts!.campaignId);
    expect(audience.gets).toBeGreaterThan(10);
    expect(audience.gets).toBeLessThan(60);
  });

  it('has a registry whose gate rows are what its ledger says', async () => {
    await expect(service.get(VerifyRegistry).database()).resolves.toMatchObject({ ok: true });
  });

  it('changes nothing when it is started again, and keeps the password to itself', async () => {
    const before = await figures(service);
    const again = (await service.get(Demo).load()).join('\n');
    expect(await figures(service)).toEqual(before);
    expect(again).toContain(settings.staff[0]!.email);
    expect(again).not.toContain(settings.password);
  });
});

describe('a demo that was interrupted', () => {
  let service: Service;
  beforeAll(async () => (service = await Service.open()));
  afterAll(() => service.close());

  it('leaves nothing of a step that failed half-way, and goes on from there', async () => {
    const progress = service.get(DemoProgress);
    await expect(progress.begin()).resolves.toBe(true);
    const topicIds = await service.get(DemoSetUp).topicIds(settings.topics);
    const [first, second] = readGroups();
    const add = (group: typeof first, fails: boolean) =>
      progress.inTransaction(`people: ${group!.name}`, async (tx) => {
        await service.get(DemoPeople).add(tx, group!, { topicIds, consent: settings.consent });
        if (fails) throw new Error('the power went');
      });
    await add(first, false);
    await expect(add(second, true)).rejects.toThrow('the power went');
    expect((await figures(service)).contacts).toBe(first!.people.length);

    await service.get(Demo).load();
    expect(await figures(service)).toMatchObject({
      contacts: PEOPLE,
      staff: 6,
      topics: 4,
      campaigns: 5,
      copies: 1,
    });
  }, 120_000);
});

describe('a database that somebody has begun to use', () => {
  let service: Service;
  beforeAll(async () => (service = await Service.open()));
  afterAll(() => service.close());

  it('gets no demo', async () => {
    const topicId = await service.topic('nyhetsbrev');
    await service.people(topicId, [{ email: 'anna@exempel.example' }]);
    const lines = await service.get(Demo).load();
    expect(lines.join('\n')).not.toContain('Log-ins');
    expect(await figures(service)).toMatchObject({ contacts: 1, staff: 0, campaigns: 0 });
  });
});
