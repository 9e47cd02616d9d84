import type { AttentionKind, GrowthWeek, Overview } from '../../src/features/overview/overview.dto';
import { GROWTH } from '../../src/features/overview/overview.queries';
import { Campaigns } from '../../src/features/campaigns/campaigns.service';
import { ChannelState } from '../../src/features/delivery/channel-state';
import { SteerCampaign } from '../../src/features/campaigns/steer-campaign';
import { OptOuts } from '../../src/features/registry/opt-outs';
import { OPERATOR } from '../../src/platform/http/actor';
import { newId } from '../../src/platform/ids';
import { logIn, type Caller } from '../setup/callers';
import { SendGridStub } from '../provider-stub/sendgrid-stub';
import { Service, until } from '../setup/service';

describe('the overview', () => {
  let stub: SendGridStub;
  let service: Service;
  let reader: Caller;

  beforeAll(async () => {
    stub = await SendGridStub.start();
    service = await Service.open({
      EMAIL_CHANNEL: 'sendgrid',
      SENDGRID_API_KEY: 'SG.test',
      SENDGRID_API_URL: stub.url,
      BATCH_SIZE: '10',
      SEND_CONCURRENCY: '1',
    });
    reader = await logIn(service, 'reader');
  });
  afterAll(async () => {
    await service.close();
    await stub.stop();
  });

  async function look(): Promise<Overview> {
    const answer = await fetch(`${service.url}/api/v1/overview`, reader);
    expect(answer.status).toBe(200);
    return (await answer.json()) as Overview;
  }

  const done = ({ steps }: Overview) => steps.filter((step) => step.done).map(({ key }) => key);
  const kinds = ({ attention }: Overview): AttentionKind[] => attention.map(({ kind }) => kind);

  it('leads a new installation to its first campaign', async () => {
    const first = await look();
    expect(first).toMatchObject({ sending: [], planned: [], attention: [], recent: [] });
    expect(first.growth).toHaveLength(12);
    expect(first.steps.map(({ key }) => key)).toEqual([
      'sender',
      'domain',
      'topics',
      'people',
      'campaign',
    ]);
    // No domain is asked for in a test; the sender is the example that comes with the product.
    expect(done(first)).toEqual(['domain']);
    const topicId = await service.topic('nyhetsbrev');
    expect(done(await look())).toEqual(['domain', 'topics']);
    const people = Array.from({ length: 60 }, (_, n) => ({ email: `kund${n}@exempel.example` }));
    await service.people(topicId, people);
    expect(done(await look())).toEqual(['domain', 'topics', 'people']);
  });

  it('shows what goes on now, what is to come, and what has been', async () => {
    const [{ id: topicId }] = (await service.db.query<{ id: string }>('SELECT id FROM topic')) as [
      { id: string },
    ];
    stub.mode = { kind: 'accept', delayMs: 300 };
    const running = await service.launch(topicId, { name: 'Nu' });
    await until(async () => (await look()).sending[0]?.left === 20);
    expect((await look()).sending).toMatchObject([
      { campaignId: running, name: 'Nu', state: 'sending', audience: 60 },
    ]);
    await service.get(SteerCampaign).pause(running, OPERATOR);
    expect((await look()).sending[0]).toMatchObject({ state: 'paused', perMinute: 0 });
    stub.mode = { kind: 'accept' };
    await service.get(SteerCampaign).resume(running, OPERATOR);
    await service.settled(running);

    const later = await service
      .get(Campaigns)
      .create(
        { name: 'Sedan', topicId, templateKey: 'enkel', sendAtLocal: '2040-01-09T09:00' },
        OPERATOR,
      );
    await service.db.query(
      `UPDATE campaign SET state = 'approved', send_at = '2040-01-09T08:00Z' WHERE id = $1`,
      [later.id],
    );
    await service
      .get(OptOuts)
      .byAddress('email', 'kund1@exempel.example', { door: 'service_desk', actor: OPERATOR });
    const overview = await look();
    expect(overview.sending).toEqual([]);
    expect(overview.planned).toMatchObject([
      { campaignId: later.id, name: 'Sedan', approved: true },
    ]);
    expect(overview.recent).toMatchObject([
      { campaignId: running, accepted: 60, delivered: null, bounced: 0, optOuts: 0, clicks: 0 },
    ]);
    expect(done(overview)).toContain('campaign');
  });

  it('says what needs somebody, and says it no more when it is mended', async () => {
    expect(kinds(await look())).toEqual([]);
    const channels = service.get(ChannelState);
    await channels.hold('email', 'complaint_rate');
    await service.db.query(
      `INSERT INTO incident (id, kind, opened_at, details) VALUES ($1, 'equation_gap', now(), '{}')`,
      [newId()],
    );
    await service.db.query(
      `UPDATE message SET state = 'BOUNCED', outcome_at = now() WHERE id IN (SELECT id FROM message LIMIT 3)`,
    );
    await until(async () => kinds(await look()).includes('bounces'));
    const { attention } = await look();
    expect(attention).toMatchObject([
      { kind: 'incident', detail: 'equation_gap' },
      { kind: 'channel_held', channel: 'email', detail: 'complaint_rate' },
      { kind: 'bounces', name: 'Nu', count: 3, share: 0.05 },
    ]);
    await service.db.query(`UPDATE incident SET closed_at = now(), closed_by = 'cli', note = '-'`);
    await service.db.tx((tx) => channels.release(tx, 'email'));
    expect(kinds(await look())).toEqual(['bounces']);
  });

  it('counts by week who said yes and who said no', async () => {
    const weeks = await service.db.query<GrowthWeek & Record<string, unknown>>(GROWTH);
    expect(weeks).toHaveLength(12);
    expect(weeks.map(({ week }) => new Date(week).getUTCDay())).toEqual(Array(12).fill(1));
    const sum = (what: 'consents' | 'optOuts') => weeks.reduce((all, one) => all + one[what], 0);
    expect([sum('consents'), sum('optOuts')]).toEqual([60, 1]);
  });

  it('says what waits for a person, never what is not for their eyes or what another has to decide', async () => {
    const topicId = await service.topic('godkannande');
    const mine = await logIn(service, 'approver');
    const [me] = await service.db.query<{ id: string }>(
      `SELECT id::text FROM staff WHERE email LIKE 'approver%'`,
    );
    for (const createdBy of [null, me!.id]) {
      const fields = { name: 'Väntar', topicId, templateKey: 'enkel' };
      const { id } = await service.get(Campaigns).create(fields, OPERATOR);
      await service.db.query(
        `UPDATE campaign SET state = 'awaiting_approval', created_by = $2 WHERE id = $1`,
        [id, createdBy],
      );
    }
    await service.db.query(
      `INSERT INTO reply (id, at, channel, provider, provider_id, sender, body, meaning, state)
       VALUES ($1, now(), 'email', 'test', 'väntar', 'kim@exempel.example', 'Hej', 'unclear', 'open')`,
      [newId()],
    );
    const waitsFor = async (who: Caller) =>
      (await (await fetch(`${service.url}/api/v1/overview/waiting`, who)).json()) as unknown;
    expect(await waitsFor(mine)).toEqual({ approvals: 1, replies: null, cases: null });
    expect(await waitsFor(reader)).toEqual({ approvals: null, replies: null, cases: null });
    const desk = await logIn(service, 'service');
    expect(await waitsFor(desk)).toEqual({ approvals: null, replies: 1, cases: 0 });
  });
});
