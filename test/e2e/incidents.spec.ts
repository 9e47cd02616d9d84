import { AuditDelivery } from '../../src/features/delivery/audit-delivery';
import { ChannelState } from '../../src/features/delivery/channel-state';
import type { Incident, IncidentKind } from '../../src/features/delivery/incidents.dto';
import { OptOuts, type OptOutScope } from '../../src/features/registry/opt-outs';
import { Registry } from '../../src/features/registry/registry.service';
import { OPERATOR, RECIPIENT } from '../../src/platform/http/actor';
import { newId } from '../../src/platform/ids';
import { logIn, type Caller } from '../setup/callers';
import { utskick } from '../setup/cli';
import { Service, TEST_SETTINGS, until } from '../setup/service';

/** A topic of the test's own, with people who want it and a run that has reached them. */
interface Run {
  topicId: string;
  campaignId: string;
  emails: string[];
}

describe('P-20 F-20 a promise seen broken stops all sending', () => {
  let service: Service;
  let operator: Caller;
  let count = 0;

  beforeAll(async () => {
    service = await Service.open();
    operator = await logIn(service, 'admin');
  });
  afterAll(() => service.close());
  afterEach(async () => {
    for (const { id, closedAt } of await incidents())
      if (!closedAt) await close(id, { note: 'städat', accept: true });
    expect(await held()).toEqual([]);
  });

  it('finds nothing in what runs as it should, at any moment of a run', async () => {
    const running = sent(300);
    const looks = [];
    for (let n = 0; n < 20; n += 1) looks.push(await look());
    await running;
    looks.push(await look());
    expect(new Set(looks.map((found) => JSON.stringify(found)))).toEqual(
      new Set(['{"equationGap":0,"permitsAfterOptOut":0}']),
    );
    expect(await incidents()).toEqual([]);
  });

  describe('a recipient who is gone from the count', () => {
    it('opens one incident, holds every channel, and nothing more is sent', async () => {
      const run = await sent(3);
      const lost = await loseOne(run);
      expect(await look()).toEqual({ equationGap: 1, permitsAfterOptOut: 0 });
      await look();
      const open = await incidents();
      expect(open).toMatchObject([{ kind: 'equation_gap', closedAt: null }]);
      expect(open[0]!.details.runs).toMatchObject([{ campaignId: run.campaignId, gap: 1 }]);
      expect(await held()).toEqual(['email', 'sms']);
      expect(await metric('utskick_incidents_open{kind="equation_gap"}')).toBe(1);
      expect(await metric('utskick_equation_gap')).toBe(1);
      expect((await fetch(`${service.url}/readyz`)).status).toBe(200);

      const mails = (await service.mailbox()).length;
      const next = await launched(3);
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      expect((await service.mailbox()).length).toBe(mails);

      await putBack(lost);
      expect(await close(open[0]!.id, { note: 'raden är tillbaka' })).toMatchObject({
        reopened: null,
      });
      await service.db.query('UPDATE batch SET retry_at = NULL');
      await service.settled(next.campaignId);
      expect((await service.mailbox()).length).toBe(mails + 3);
      expect(await actions(open[0]!.id)).toEqual(['incident.opened', 'incident.closed']);
    });

    it('opens it again when it is closed while the fault stands, and nothing leaves in between', async () => {
      await loseOne(await sent(2));
      await look();
      const [first] = await incidents();
      const next = await launched(2);
      const { reopened } = await close(first!.id, { note: 'såg bra ut' });
      expect(reopened).toMatchObject({ kind: 'equation_gap', details: { reopens: first!.id } });
      expect(await held()).toEqual(['email', 'sms']);
      expect((await service.counts(next.campaignId)).buckets.accepted).toBe(0);
    });

    it('is left alone when somebody has accepted that it cannot be mended, until it grows', async () => {
      const run = await sent(3);
      await loseOne(run);
      await look();
      const [open] = await incidents();
      await close(open!.id, { note: 'raderad för hand', accept: true });
      expect(await look()).toEqual({ equationGap: 0, permitsAfterOptOut: 0 });
      await loseOne(run);
      expect(await look()).toEqual({ equationGap: 2, permitsAfterOptOut: 0 });
    });

    it('is also one whose batch is gone, and with it the state', async () => {
      const run = await sent(4);
      await service.db.query(
        `DELETE FROM batch USING dispatch d WHERE d.id = batch.dispatch_id AND d.campaign_id = $1`,
        [run.campaignId],
      );
      expect((await look()).equationGap).toBe(4);
    });

    it('is not one whose month was dropped long after', async () => {
      const run = await sent(2);
      await service.db.query(
        `UPDATE dispatch SET created_at = created_at - interval '2 years', finished_at = finished_at - interval '2 years'
         WHERE campaign_id = $1`,
        [run.campaignId],
      );
      await loseOne(run);
      expect((await look()).equationGap).toBe(0);
    });

    it('keeps a channel held that somebody lets go past the incident', async () => {
      await loseOne(await sent(2));
      await look();
      const release = `${service.url}/api/v1/channels/email/release`;
      const refused = await fetch(release, { method: 'POST', headers: operator.headers });
      expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([
        409,
        'incident_open',
      ]);
      expect(await held()).toEqual(['email', 'sms']);
      await service.db.tx((tx) => service.get(ChannelState).release(tx, 'email'));
      await service.get(AuditDelivery).check();
      expect(await held()).toEqual(['email', 'sms']);
    });
  });

  describe('a permit after a no', () => {
    it.each<[string, (run: Run) => Promise<void>]>([
      ['of the address', ({ emails }) => sayNo(emails[0]!)],
      ['of the person, by another address', (run) => sayNoElsewhere(run)],
      [
        'to this topic only',
        ({ emails, topicId }) => sayNo(emails[0]!, { scope: 'topic', topicId }),
      ],
    ])('%s opens an incident that names the message', async (_, no) => {
      const run = await sent(2);
      await no(run);
      expect((await look()).permitsAfterOptOut).toBe(0);
      const messageId = await forgePermit(run, run.emails[0]!);
      expect((await look()).permitsAfterOptOut).toBe(1);
      const [open] = await incidents();
      expect(open).toMatchObject({ kind: 'permit_after_opt_out', details: { permits: 1 } });
      expect(open!.details.messageIds).toEqual([messageId]);
      expect(JSON.stringify(open)).not.toContain('exempel.example');
      expect(await held()).toEqual(['email', 'sms']);
      expect(await metric('utskick_permits_after_opt_out')).toBe(1);
    });

    it('is none after a proven later yes, nor for another topic or channel', async () => {
      const run = await sent(2);
      const other = await service.topic(`annat-${(count += 1)}`);
      await sayNo(run.emails[0]!, { scope: 'topic', topicId: other });
      await sayNo(run.emails[0]!, { scope: 'channel', channel: 'sms' });
      await sayNo(run.emails[1]!);
      await sayYes(run.emails[1]!, run.topicId);
      for (const email of run.emails) await forgePermit(run, email);
      expect(await look()).toEqual({ equationGap: 0, permitsAfterOptOut: 0 });
    });

    it('cannot be undone: it opens again unless accepted, and then rests', async () => {
      const run = await sent(2);
      await sayNo(run.emails[0]!);
      await forgePermit(run, run.emails[0]!);
      await look();
      const [first] = await incidents();
      const { reopened } = await close(first!.id, { note: 'nu är det nog bra' });
      expect(reopened).toMatchObject({ details: { permits: 1, reopens: first!.id } });
      await close(reopened!.id, { note: 'personen är kontaktad', accept: true });
      expect(await look()).toEqual({ equationGap: 0, permitsAfterOptOut: 0 });
    });

    it('is found by the timer, which looks at each permit once', async () => {
      const run = await sent(2);
      await sayNo(run.emails[0]!);
      await forgePermit(run, run.emails[0]!);
      const audit = service.get(AuditDelivery);
      // The newest permits are left for the next look: their transaction may not have ended.
      expect((await audit.check()).permitsAfterOptOut).toBe(0);
      await service.db.query(
        `UPDATE message SET permit_at = permit_at - interval '20 seconds' WHERE permit_at IS NOT NULL`,
      );
      await service.db.query(`UPDATE audit_mark SET until = now() - interval '5 minutes'`);
      await backdateNo(run.emails[0]!);
      expect((await audit.check()).permitsAfterOptOut).toBe(1);
      const [open] = await incidents();
      await close(open!.id, { note: 'utrett', accept: true });
      expect((await audit.check()).permitsAfterOptOut).toBe(0);
    });
  });

  it("can be seen and closed by the operator's tool", async () => {
    const run = await sent(2);
    const lost = await loseOne(run);
    const settings = { ...TEST_SETTINGS, DATABASE_URL: service.database.url };
    const checked = await utskick(settings, ['incident', 'check']);
    expect([checked.code, checked.err]).toEqual([1, expect.stringContaining('promise_broken')]);
    const [open] = await incidents();
    const listed = await utskick(settings, ['incident', 'list']);
    expect(listed.out).toContain(`${open!.id}`);
    expect(listed.out).toContain(`campaign ${run.campaignId}: 1 unaccounted for`);
    const stands = await utskick(settings, ['incident', 'close', open!.id, '--note', 'klart']);
    expect([stands.code, stands.err]).toEqual([1, expect.stringContaining('fault_stands')]);
    await putBack(lost);
    const [again] = await incidents();
    const closed = await utskick(settings, ['incident', 'close', again!.id, '--note', 'klart']);
    expect(closed).toMatchObject({ code: 0, out: expect.stringContaining('Closed.') as string });
    expect((await utskick(settings, ['incident', 'check'])).code).toBe(0);
  }, 60_000);

  const look = () => service.get(AuditDelivery).check({ everything: true });

  async function launched(size: number): Promise<Run> {
    const n = (count += 1);
    const topicId = await service.topic(`amne-${n}`);
    const emails = Array.from({ length: size }, (_, i) => `i${n}.${i}@exempel.example`);
    await service.people(
      topicId,
      emails.map((email) => ({ email })),
    );
    const campaignId = await service.launch(topicId, { templateKey: 'enkel' });
    await until(
      async () => (await service.counts(campaignId).catch(() => null))?.audience === size,
    );
    return { topicId, campaignId, emails };
  }

  async function sent(size: number): Promise<Run> {
    const run = await launched(size);
    await service.settled(run.campaignId);
    return run;
  }

  async function loseOne({ campaignId }: Run): Promise<Record<string, unknown>> {
    const [row] = await service.db.query<{ row: Record<string, unknown> }>(
      `DELETE FROM message WHERE id = (SELECT m.id FROM message m JOIN dispatch d ON d.id = m.dispatch_id
         WHERE d.campaign_id = $1 LIMIT 1) RETURNING to_jsonb(message) AS row`,
      [campaignId],
    );
    return row!.row;
  }

  async function putBack(row: Record<string, unknown>): Promise<void> {
    await service.db.query(
      'INSERT INTO message SELECT * FROM jsonb_populate_record(NULL::message, $1)',
      [JSON.stringify(row)],
    );
  }

  /** As if the message had been released only now. */
  async function forgePermit({ campaignId }: Run, email: string): Promise<string> {
    const [row] = await service.db.query<{ id: string }>(
      `UPDATE message m SET state = 'ACCEPTED', permit_at = clock_timestamp() FROM dispatch d
       WHERE d.id = m.dispatch_id AND d.campaign_id = $1 AND m.address_key = $2 RETURNING m.id`,
      [campaignId, service.key(email)],
    );
    return row!.id;
  }

  async function sayNo(email: string, what: OptOutScope = { scope: 'all' }): Promise<void> {
    await service
      .get(OptOuts)
      .byAddress('email', email, { door: 'manual_form', actor: RECIPIENT, what });
    await pause();
  }

  /** The same person's other address says no. */
  async function sayNoElsewhere({ emails: [email] }: Run): Promise<void> {
    const other = `annan.${email}`;
    await service.db.query(
      `INSERT INTO address (id, contact_id, channel, value, canonical, address_key, key_version, source, collected_at)
       SELECT $1, contact_id, channel, $2, $2, $3, key_version, source, now() FROM address WHERE address_key = $4`,
      [newId(), other, service.key(other), service.key(email!)],
    );
    await sayNo(other);
  }

  async function sayYes(email: string, topicId: string): Promise<void> {
    await service.db.tx((tx) =>
      service.get(Registry).record(tx, [
        {
          kind: 'grant',
          scope: 'topic',
          channel: 'email',
          address: { channel: 'email', key: service.key(email), version: 1 },
          contactId: null,
          topicId,
          ground: 'CONSENT',
          method: 'double_opt_in_post',
          door: 'double_opt_in',
          actor: OPERATOR,
        },
      ]),
    );
    await pause();
  }

  async function backdateNo(email: string): Promise<void> {
    await service.db.query('ALTER TABLE ledger_entry DISABLE TRIGGER USER');
    await service.db.query(
      `UPDATE ledger_entry SET at = at - interval '1 minute' WHERE address_key = $1 AND kind = 'opt_out'`,
      [service.key(email)],
    );
    await service.db.query('ALTER TABLE ledger_entry ENABLE TRIGGER USER');
  }

  // Times are kept in milliseconds, and a tie is no fault.
  const pause = () => new Promise((resolve) => setTimeout(resolve, 5));

  async function held(): Promise<string[]> {
    const channels = await service.get(ChannelState).list();
    return channels.filter(({ heldBecause }) => heldBecause === 'incident').map((c) => c.channel);
  }

  async function incidents(): Promise<Incident[]> {
    const answer = await fetch(`${service.url}/api/v1/incidents`, { headers: operator.headers });
    expect(answer.status).toBe(200);
    const { items } = (await answer.json()) as { items: Incident[] };
    return items.filter(({ closedAt }) => !closedAt);
  }

  async function close(
    id: string,
    body: { note: string; accept?: boolean },
  ): Promise<{ reopened: (Incident & { kind: IncidentKind }) | null }> {
    const answer = await fetch(`${service.url}/api/v1/incidents/${id}/close`, {
      method: 'POST',
      headers: { ...operator.headers, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(answer.status).toBe(200);
    return (await answer.json()) as { reopened: Incident | null };
  }

  async function actions(incidentId: string): Promise<string[]> {
    const entries = await service.db.query<{ action: string }>(
      `SELECT action FROM audit_entry WHERE subject_type = 'incident' AND subject_id = $1 ORDER BY id`,
      [incidentId],
    );
    return entries.map(({ action }) => action);
  }

  async function metric(name: string): Promise<number> {
    const text = await (await fetch(`${service.url}/metrics`)).text();
    const line = text.split('\n').find((one) => one.startsWith(`${name} `));
    return Number(line?.slice(name.length) ?? Number.NaN);
  }
});
