import type { CampaignPage, CampaignView } from '../../src/features/campaigns/campaign-views.dto';
import { Campaigns } from '../../src/features/campaigns/campaigns.service';
import { LaunchCampaign } from '../../src/features/campaigns/launch-campaign';
import { SweepCampaigns } from '../../src/features/campaigns/sweep-campaigns';
import { toLocal } from '../../src/domain/schedule';
import { OPERATOR } from '../../src/platform/http/actor';
import { logIn, type Caller } from '../setup/callers';
import { Service } from '../setup/service';

interface Problem {
  code: string;
  errors?: { path: string; code: string }[];
  params?: Record<string, string | number>;
}

describe('planning a campaign', () => {
  let service: Service;
  let topicId: string;
  let marketer: Caller;
  let approver: Caller;
  let reader: Caller;

  beforeAll(async () => {
    service = await Service.open({
      APPROVAL_ABOVE: '4',
      CONFIRM_ABOVE: '3',
      LAUNCH_REGRET_SECONDS: '60',
    });
    topicId = await service.topic('nyhetsbrev');
    const names = ['Åsa', 'Örjan', 'Ärla', 'Kim'];
    await service.people(
      topicId,
      names.map((firstName, n) => ({ email: `p${n}@exempel.example`, firstName })),
    );
    await service.people(topicId, [{ email: 'nej@exempel.example', agreed: false }]);
    marketer = await logIn(service, 'marketer');
    approver = await logIn(service, 'approver');
    reader = await logIn(service, 'reader');
  });
  afterAll(() => service.close());

  async function call<T = CampaignView>(who: Caller, verb: string, path: string, body?: object) {
    const response = await fetch(`${service.url}/api/v1/campaigns${path}`, {
      method: verb,
      headers: { ...who.headers, 'content-type': 'application/json' },
      body: body && JSON.stringify(body),
    });
    const answer: unknown = await response.json();
    return { status: response.status, body: answer as T, problem: answer as Problem };
  }

  const draft = async (edits: object = {}, who = marketer): Promise<CampaignView> => {
    const fields = { name: 'Höstens kurser', topicId, templateKey: 'enkel', ...edits };
    return (await call(who, 'POST', '', fields)).body;
  };
  const stateOf = async (id: string) => (await service.get(Campaigns).get(id)).state;
  const timeComes = (id: string) =>
    service.db.query(
      `UPDATE campaign SET leaves_at = clock_timestamp() - interval '1 ms' WHERE id = $1`,
      [id],
    );

  describe('time to regret', () => {
    it('lets nothing leave before it is over, however often the bell rings, and can be taken back until then', async () => {
      const { id } = await draft();
      const launched = await call(marketer, 'POST', `/${id}/launch`, { expected: 4 });
      expect(launched.status).toBe(202);
      expect(launched.body.state).toBe('launching');
      const wait = new Date(launched.body.leavesAt!).getTime() - Date.now();
      expect(wait).toBeGreaterThan(50_000);
      await service.get(LaunchCampaign).run(id);
      await service.get(SweepCampaigns).run();
      expect(await service.db.query('SELECT 1 FROM dispatch WHERE campaign_id = $1', [id])).toEqual(
        [],
      );
      const back = await call(marketer, 'POST', `/${id}/withdraw`);
      expect(back.body).toMatchObject({ state: 'draft', leavesAt: null });
      await service.get(LaunchCampaign).run(id);
      expect(await stateOf(id)).toBe('draft');
    });

    it('is over for good once it has left', async () => {
      const { id } = await draft();
      await call(marketer, 'POST', `/${id}/launch`, { expected: 4 });
      await timeComes(id);
      await service.get(SweepCampaigns).run();
      expect((await service.settled(id)).buckets.accepted).toBe(4);
      const late = await call(marketer, 'POST', `/${id}/withdraw`);
      expect([late.status, late.problem.code]).toEqual([409, 'campaign_not_withdrawable']);
    });

    it('ends the campaign without anything sent when it is cancelled', async () => {
      const { id } = await draft();
      await call(marketer, 'POST', `/${id}/launch`, { expected: 4 });
      expect((await call(marketer, 'POST', `/${id}/cancel`)).body).toMatchObject({
        state: 'cancelled',
        counts: null,
      });
      await timeComes(id);
      await service.get(SweepCampaigns).run();
      await service.get(LaunchCampaign).run(id);
      expect(await stateOf(id)).toBe('cancelled');
    });

    it('is given after the approval of a send time that has already come', async () => {
      const sendAtLocal = toLocal(new Date(Date.now() - 60_000), 'Europe/Stockholm');
      const { id } = await draft({ sendAtLocal });
      expect((await call(marketer, 'POST', `/${id}/schedule`, { expected: 4 })).status).toBe(200);
      await service.get(SweepCampaigns).run();
      expect(await stateOf(id)).toBe('approved');
      await timeComes(id);
      await service.get(SweepCampaigns).run();
      expect((await service.settled(id)).buckets.accepted).toBe(4);
    });

    it('is not for whoever is at the terminal', async () => {
      const { id } = await draft();
      await service.get(LaunchCampaign).start(id, OPERATOR, { expected: 4, atOnce: true });
      expect((await service.settled(id)).buckets.accepted).toBe(4);
    });
  });

  describe('the number that is typed', () => {
    it('must be given above the limit, and be the number there is now', async () => {
      const { id } = await draft();
      const missing = await call(marketer, 'POST', `/${id}/launch`, {});
      expect([missing.status, missing.problem.code]).toEqual([422, 'expected_missing']);
      expect(missing.problem.errors![0]!.path).toBe('expected');
      const wrong = await call(marketer, 'POST', `/${id}/launch`, { expected: 5 });
      expect(wrong.problem).toMatchObject({
        code: 'audience_changed',
        params: { expected: 5, now: 4 },
      });
      expect(await stateOf(id)).toBe('draft');
    });

    it('is asked of whoever approves a send time', async () => {
      const { id } = await draft({ sendAtLocal: '2030-01-07T09:00' });
      await call(marketer, 'POST', `/${id}/submit`);
      expect((await call(approver, 'POST', `/${id}/approve`)).problem.code).toBe(
        'expected_missing',
      );
      const approved = await call(approver, 'POST', `/${id}/approve`, { expected: 4 });
      expect(approved.body).toMatchObject({
        state: 'approved',
        leavesAt: '2030-01-07T08:00:00.000Z',
      });
    });
  });

  it('schedules nothing large without a second person, and nothing without a time', async () => {
    const timeless = await draft();
    expect((await call(marketer, 'POST', `/${timeless.id}/schedule`)).problem.code).toBe(
      'send_time_missing',
    );
    const more = await service.topic('kurstips');
    const people = Array.from({ length: 5 }, (_, n) => ({ email: `k${n}@exempel.example` }));
    await service.people(more, people);
    const large = await draft({ topicId: more, sendAtLocal: '2030-01-07T09:00' });
    const refused = await call(marketer, 'POST', `/${large.id}/schedule`, { expected: 5 });
    expect(refused.problem).toMatchObject({ code: 'second_person_needed', params: { limit: 4 } });
  });

  describe('history', () => {
    const versions = async (id: string) =>
      (
        await call<{ items: { version: number; savedBy: string; changed: string[] }[] }>(
          reader,
          'GET',
          `/${id}/versions`,
        )
      ).body.items;

    it('keeps what it said: one row for a sitting, one for everybody who saves', async () => {
      const { id } = await draft({ subject: 'Ett' });
      await call(marketer, 'PATCH', `/${id}`, { version: 1, subject: 'Två' });
      await call(marketer, 'PATCH', `/${id}`, { version: 2, subject: 'Tre' });
      await call(approver, 'PATCH', `/${id}`, { version: 3, preheader: 'Fyra', subject: 'Fyra' });
      expect((await versions(id)).map(({ version, changed }) => [version, changed])).toEqual([
        [4, ['preheader', 'subject']],
        [3, []],
      ]);
      await service.db.query(
        `UPDATE campaign_version SET began_at = began_at - interval '11 minutes' WHERE campaign_id = $1`,
        [id],
      );
      await call(approver, 'PATCH', `/${id}`, { version: 4, subject: 'Fem' });
      expect((await versions(id)).map(({ version }) => version)).toEqual([5, 4, 3]);
    });

    it('leaves alone what was submitted', async () => {
      const { id } = await draft({ subject: 'Ett' });
      await call(marketer, 'POST', `/${id}/submit`);
      await call(marketer, 'PATCH', `/${id}`, { version: 1, subject: 'Två' });
      expect((await versions(id)).map(({ version }) => version)).toEqual([2, 1]);
    });

    it('can be gone back to, by a new save that loses nothing', async () => {
      const { id } = await draft({ subject: 'Ett', senderName: null });
      await call(approver, 'PATCH', `/${id}`, { version: 1, subject: 'Två', senderName: 'Åsa' });
      const stale = await call(marketer, 'POST', `/${id}/versions/1/restore`, { over: 1 });
      expect(stale.problem.code).toBe('campaign_changed');
      const restored = await call(marketer, 'POST', `/${id}/versions/1/restore`, { over: 2 });
      expect(restored.body).toMatchObject({ version: 3, subject: 'Ett', senderName: null });
      const two = await call<{ fields: object }>(reader, 'GET', `/${id}/versions/2`);
      expect(two.body.fields).toMatchObject({ subject: 'Två', senderName: 'Åsa' });
      expect((await call(reader, 'GET', `/${id}/versions/9`)).status).toBe(404);
    });

    it('tells whoever saves over somebody who that was, and when', async () => {
      const { id } = await draft();
      await call(approver, 'PATCH', `/${id}`, { version: 1, subject: 'Min' });
      const late = await call(marketer, 'PATCH', `/${id}`, { version: 1, subject: 'Din' });
      expect(late.status).toBe(409);
      expect(late.problem).toMatchObject({
        code: 'campaign_changed',
        params: { version: 2, savedBy: 'Förnamn Efternamn' },
      });
      expect(Date.parse(String(late.problem.params!.savedAt))).not.toBeNaN();
    });
  });

  describe('the list', () => {
    it('finds by part of a name or subject, counts every group, and pages', async () => {
      const mine = await draft({ name: '100 % rabatt', subject: 'Rea' });
      const sms = { channel: 'sms', templateKey: null, body: 'Hej', name: 'Rea sms' };
      const other = await draft(sms);
      await draft({ name: '100 kronor' });
      const found = async (query: string) =>
        (await call<CampaignPage>(reader, 'GET', `?${query}`)).body;
      expect((await found('q=100%20%25')).items.map(({ id }) => id)).toEqual([mine.id]);
      const rea = await found('q=rea&group=draft&limit=1');
      expect(rea.items.map(({ id }) => id)).toEqual([other.id]);
      expect(rea.counts).toMatchObject({ draft: 2, sent: 0 });
      const next = await found(`q=rea&group=draft&after=${rea.next}`);
      expect(next.items.map(({ id }) => id)).toEqual([mine.id]);
      expect(next.next).toBeNull();
      expect((await found('q=rea&channel=sms')).counts.draft).toBe(1);
      expect(next.items[0]).toMatchObject({
        topic: { nameSv: 'Nyhetsbrev' },
        createdByName: 'Förnamn Efternamn',
        progress: null,
      });
    });

    it('shows how far each has come', async () => {
      const { id } = await draft({ name: 'Skickat' });
      await service.get(LaunchCampaign).start(id, OPERATOR, { atOnce: true });
      await service.settled(id);
      const { body } = await call<CampaignPage>(reader, 'GET', '?q=skickat');
      expect(body.items[0]).toMatchObject({
        group: 'sent',
        state: 'finished',
        progress: { audience: 4, left: 4, pending: 0, withheld: 0 },
      });
    });
  });

  describe('samples', () => {
    interface Samples {
      items: { contact: { name: string } | null; html: string; subject: string }[];
    }
    const personal = { subject: 'Hej {{ contact.first_name | default: "du" }}' };

    it('are three who would get it, and reading them is written down', async () => {
      const { id } = await draft(personal);
      const { body } = await call<Samples>(marketer, 'GET', `/${id}/samples`);
      const names = body.items.map(({ contact }) => contact!.name);
      expect(['Åsa', 'Örjan', 'Ärla', 'Kim']).toEqual(expect.arrayContaining(names));
      expect(new Set(names).size).toBe(3);
      expect(body.items.map(({ subject }) => subject)).toEqual(names.map((name) => `Hej ${name}`));
      const [told] = await service.db.query<{ n: number }>(
        `SELECT count(*) AS n FROM audit_entry WHERE action = 'contact.previewed' AND actor_id IS NOT NULL`,
      );
      expect(told!.n).toBe(3);
    });

    it('are of nobody for whoever may not read about people', async () => {
      const { id } = await draft(personal);
      const { body } = await call<Samples>(reader, 'GET', `/${id}/samples`);
      expect(body.items.map(({ contact, subject }) => [contact, subject])).toEqual([
        [null, 'Hej Kim'],
      ]);
    });
  });
});
