import { CampaignReports } from '../../src/features/campaigns/campaign-report';
import type { CampaignReport } from '../../src/features/campaigns/campaign-report.dto';
import { SteerCampaign } from '../../src/features/campaigns/steer-campaign';
import { ApplyEvents } from '../../src/features/feedback/apply-events';
import { OptOuts } from '../../src/features/registry/opt-outs';
import { OPERATOR, RECIPIENT } from '../../src/platform/http/actor';
import { logIn, type Caller } from '../setup/callers';
import { SendGridStub } from '../provider-stub/sendgrid-stub';
import { Service, until } from '../setup/service';

const NO_EARLIER = 'evigt.nej@exempel.example';

describe('the report of a campaign', () => {
  let stub: SendGridStub;
  let service: Service;
  let topicId: string;
  let marketer: Caller;
  let campaignId: string;
  const people = Array.from({ length: 20 }, (_, n) => ({ email: `kund${n}@exempel.example` }));

  beforeAll(async () => {
    stub = await SendGridStub.start();
    service = await Service.open({
      EMAIL_CHANNEL: 'sendgrid',
      SENDGRID_API_KEY: 'SG.test',
      SENDGRID_API_URL: stub.url,
      SENDGRID_WEBHOOK_PUBLIC_KEY: stub.events.publicKey,
      BATCH_SIZE: '5',
      SEND_CONCURRENCY: '1',
    });
    marketer = await logIn(service, 'marketer');
    topicId = await service.topic('nyhetsbrev');
    await service.people(topicId, [...people, { email: NO_EARLIER }]);
    await service
      .get(OptOuts)
      .byAddress('email', NO_EARLIER, { door: 'service_desk', actor: OPERATOR });
    campaignId = await service.launch(topicId, { name: '=Höstens; "kurser"' });
    await service.settled(campaignId);
    await tell(18, 'delivered', 0);
    await tell(1, 'bounce', 18);
    await follow(12);
    for (const mail of stub.delivered.slice(0, 2)) await leave(mail);
  }, 60_000);
  afterAll(async () => {
    await service.close();
    await stub.stop();
  });

  const report = (id = campaignId) => ask<CampaignReport>(`/${id}/report`);

  async function ask<Answer>(path: string): Promise<Answer> {
    const answer = await fetch(`${service.url}/api/v1/campaigns${path}`, marketer);
    expect(answer.status).toBe(200);
    return (await answer.json()) as Answer;
  }

  async function tell(count: number, kind: string, from: number): Promise<void> {
    const messages = stub.delivered.slice(from, from + count);
    await stub.events.post(
      `${service.url}/webhooks/sendgrid/events`,
      messages.map((message) => stub.events.event(kind, message)),
    );
    await service.get(ApplyEvents).run();
    // A timer may have taken some of them first.
    await until(async () => (await service.db.query('SELECT 1 FROM event_slice')).length === 0);
  }

  /** By the link of their mail. */
  async function leave(mail: object): Promise<void> {
    const [, token] = /\/u\/([\w-]+)/.exec(JSON.stringify(mail))!;
    const body = 'List-Unsubscribe=One-Click';
    expect((await fetch(`${service.url}/u/${token}`, { method: 'POST', body })).status).toBe(200);
  }

  async function follow(times: number): Promise<void> {
    const [link] = await service.db.query<{ code: string }>(
      `SELECT code FROM campaign_link WHERE campaign_id = $1 AND number = 1`,
      [campaignId],
    );
    for (let n = 0; n < times; n++)
      await fetch(`${service.url}/c/${link!.code}`, { redirect: 'manual' });
    await until(async () => (await service.db.query('SELECT 1 FROM link_clicks')).length > 0);
    await new Promise((resolve) => setTimeout(resolve, 700));
  }

  it('accounts for everybody and says each number with its share', async () => {
    const { counts, measures } = await report();
    expect(counts).toMatchObject({
      audience: 21,
      gap: 0,
      buckets: { accepted: 20, withheld: 1 },
      withheld: [{ reason: 'suppressed_address', count: 1 }],
    });
    expect(measures).toEqual({
      accepted: { count: 20, share: 20 / 21, median: null },
      delivered: { count: 18, share: 0.9, median: null },
      bounced: { count: 1, share: 0.05, median: null },
      complaints: { count: 0, share: 0, median: null },
      optOuts: { count: 2, share: 0.1, median: null },
      clicks: { count: 12, share: 0.6, median: null },
    });
  });

  it('says by which doors people left, what failed and why, and which links were followed', async () => {
    const { optOuts, faults, links, unknown } = await report();
    expect(optOuts).toEqual([{ door: 'link', count: 2 }]);
    expect(faults).toMatchObject([{ state: 'BOUNCED', count: 1 }]);
    expect(links!.map(({ number, clicks }) => [number, clicks])).toEqual([
      [1, 12],
      [2, 0],
      [3, 0],
    ]);
    expect(links![0]!.url).toBe('https://www.example.com/artiklar/tjugo-minuter');
    expect(unknown).toEqual({ open: 0, closed: 0, closedBy: null });
  });

  it('tells the hours in which something happened', async () => {
    const { hours } = await report();
    const total = (what: 'sent' | 'delivered' | 'clicks') =>
      hours.reduce((sum, hour) => sum + hour[what], 0);
    expect([total('sent'), total('delivered'), total('clicks')]).toEqual([20, 18, 12]);
  });

  it('explains what nobody knows, and until when an answer may come', async () => {
    stub.answerNext({ kind: 'accept_then_drop' });
    const lost = await service.launch(topicId);
    await service.settled(lost);
    const { unknown, faults, counts } = await report(lost);
    expect(unknown.open).toBe(5);
    expect(counts!.buckets.unknown).toBe(5);
    expect(faults).toContainEqual(expect.objectContaining({ state: 'UNKNOWN', count: 5 }));
    const [{ last }] = (await service.db.query<{ last: Date }>(
      `SELECT max(m.permit_at) AS last FROM message_status m JOIN dispatch d ON d.id = m.dispatch_id
       WHERE d.campaign_id = $1 AND m.state = 'UNKNOWN'`,
      [lost],
    )) as [{ last: Date }];
    expect(new Date(unknown.closedBy!).getTime()).toBe(last.getTime() + 24 * 3_600_000);
  });

  it('compares with the middle of the campaigns before, from three on', async () => {
    for (let n = 0; n < 2; n++) await service.settled(await service.launch(topicId));
    const last = await service.launch(topicId);
    await service.settled(last);
    const { measures } = await report(last);
    // Of 20 sent, 2 said no because of the first, and nobody of the others.
    expect(measures!.optOuts).toMatchObject({ count: 0, median: 0 });
    expect(measures!.accepted.median).toBeGreaterThan(0.5);
    // Of the others the provider has told nothing.
    expect(measures!.delivered).toBeNull();
    expect((await report()).measures!.delivered!.median).toBeNull();
  });

  it('tells how it goes while it sends, and what has already gone when it is stopped', async () => {
    stub.mode = { kind: 'accept', delayMs: 400 };
    const running = await service.launch(topicId);
    await until(
      async () => (await service.counts(running).catch(() => null))?.buckets.accepted === 5,
    );
    const live = await ask<Record<string, unknown>>(`/${running}/progress`);
    expect(live).toMatchObject({ state: 'sending', heldBecause: null, providerAway: false });
    expect(live.perMinute).toBeGreaterThan(0);
    expect(live.secondsLeft).toBeGreaterThan(0);
    const stopped = await service.get(SteerCampaign).cancel(running, OPERATOR);
    expect(stopped.counts!.gap).toBe(0);
    const paused = await ask<Record<string, unknown>>(`/${running}/progress`);
    expect(paused).toMatchObject({ state: 'cancelled', perMinute: 0, secondsLeft: null });
    stub.mode = { kind: 'accept' };
  });

  it('gives its numbers as a table that a spreadsheet takes and does not run', async () => {
    const answer = await fetch(
      `${service.url}/api/v1/campaigns/${campaignId}/report.csv`,
      marketer,
    );
    const bytes = Buffer.from(await answer.arrayBuffer());
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(answer.headers.get('content-disposition')).toContain(`rapport-${campaignId}.csv`);
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    const lines = bytes.toString('utf8').slice(1).split('\r\n');
    expect(lines[0]).toContain(`"Utskick";"'=Höstens; ""kurser"""`);
    expect(lines).toContain('"Resultat";"kom inte fram";"1";"5";""');
    expect(lines).toContain('"Undantagna";"har sagt nej från den här adressen";"1";"";""');
    expect(lines).toContain('"Avregistreringar";"via länken i ett mejl";"2";"";""');
    const english = await fetch(
      `${service.url}/api/v1/campaigns/${campaignId}/report.csv?lang=en`,
      marketer,
    );
    expect(await english.text()).toContain('"Result";"unsubscribed";"2";"10"');
  });

  it('shows what was sent with nobody in it, and people only to who may read contacts', async () => {
    const content = await ask<{ subject: string; html: string }>(`/${campaignId}/content`);
    expect(content.html).toContain('/c/');
    expect(content.html).not.toContain('exempel.example');
    const people = await ask<{ items: unknown[]; next: string | null }>(
      `/${campaignId}/messages?state=BOUNCED`,
    );
    expect(people).toMatchObject({
      items: [{ name: 'Kim', address: stub.delivered[18]!.to, state: 'BOUNCED' }],
      next: null,
    });
    const reader = await logIn(service, 'reader');
    const refused = await fetch(`${service.url}/api/v1/campaigns/${campaignId}/messages`, reader);
    expect(refused.status).toBe(403);
  });

  it('counts a no for the campaign it names, and a complaint as both', async () => {
    const other = { door: 'api', actor: RECIPIENT } as const;
    await service.get(OptOuts).byAddress('email', stub.delivered[5]!.to, other);
    await tell(1, 'spamreport', 6);
    const { measures, optOuts } = await service.get(CampaignReports).report(campaignId);
    expect(measures!.complaints.count).toBe(1);
    expect(optOuts).toEqual([
      { door: 'link', count: 2 },
      { door: 'spam_complaint', count: 1 },
    ]);
  });
});
