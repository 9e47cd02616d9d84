import { CampaignReports } from '../../src/features/campaigns/campaign-report';
import { Campaigns } from '../../src/features/campaigns/campaigns.service';
import { TwilioSent } from '../../src/features/channels/sms/twilio/twilio-sent';
import { CheckCampaign } from '../../src/features/campaigns/check-campaign';
import { SettleSilence } from '../../src/features/delivery/settle-silence';
import { ReadSmsCosts } from '../../src/features/feedback/sms/read-sms-costs';
import { ReconcileSms } from '../../src/features/feedback/sms/reconcile-sms';
import { SmsCosts } from '../../src/features/feedback/sms/sms-costs';
import { SmsLinks } from '../../src/features/feedback/sms/sms-links';
import { Clock } from '../../src/platform/clock';
import { OPERATOR } from '../../src/platform/http/actor';
import { statusCall, TWILIO, TwilioStub, type TakenSms } from '../provider-stub/twilio-stub';
import { utskick } from '../setup/cli';
import { Service, TEST_SETTINGS, until } from '../setup/service';

const DAY = 24 * 3600_000;
const PEOPLE = Array.from({ length: 12 }, (_, n) => ({
  email: `kund${n}@exempel.example`,
  phone: `+467017406${String(10 + n)}`,
}));

const sek = (amount: number): number => Number(amount.toFixed(2));

describe('text messages, asked for afterwards', () => {
  let stub: TwilioStub;
  let service: Service;
  let topicId: string;
  let ids: string[];
  let settings: Record<string, string>;
  const noon = new Date(`${new Date().toISOString().slice(0, 10)}T11:00:00Z`);
  let now = noon;

  beforeAll(async () => {
    stub = await TwilioStub.start();
    settings = {
      SMS_CHANNEL: 'twilio',
      TWILIO_ACCOUNT_SID: TWILIO.accountSid,
      TWILIO_AUTH_TOKEN: TWILIO.authToken,
      TWILIO_API_URL: stub.url,
      SMS_FROM: TWILIO.from,
      SHORT_URL: 'https://u.example',
      SMS_PRICE_PER_PART: '0.52',
    };
    service = await Service.open(settings);
    // What the timers would do at a time of their own, the tests do at theirs.
    await service.db.query(
      `INSERT INTO timer_turn (name, next_run_at) SELECT name, now() + interval '1 day'
       FROM unnest('{feedback.reconcile-sms,feedback.sms-costs}'::text[]) AS name
       ON CONFLICT (name) DO UPDATE SET next_run_at = EXCLUDED.next_run_at`,
    );
    jest.spyOn(service.get(Clock), 'now').mockImplementation(() => now);
    topicId = await service.topic('kurstips');
    ids = await service.people(topicId, PEOPLE);
  });
  afterAll(async () => {
    await service.close();
    await stub.stop();
  });
  beforeEach(() => {
    now = noon;
    stub.mode = { kind: 'accept' };
    stub.listStatus = null;
    stub.largestPage = 1_000;
    stub.asked.length = 0;
  });

  /** A run, and what Twilio took of it. */
  async function send(body = 'Hej! Hösten är här.'): Promise<{ id: string; taken: TakenSms[] }> {
    const before = stub.taken.length;
    const id = await service.launch(topicId, { channel: 'sms', templateKey: undefined, body });
    await service.settled(id);
    return { id, taken: stub.taken.slice(before) };
  }

  /** One whose answers were lost. */
  async function sendUnanswered() {
    stub.mode = { kind: 'accept_then_drop' };
    const sent = await send();
    expect((await service.counts(sent.id)).buckets.unknown).toBe(sent.taken.length);
    stub.mode = { kind: 'accept' };
    return sent;
  }

  /** As if they had left so many minutes earlier. */
  async function leftEarlier(minutes: number): Promise<void> {
    for (const table of ['message', 'batch'])
      await service.db.query(
        `UPDATE ${table} SET permit_at = permit_at - make_interval(mins => $1)`,
        [minutes],
      );
  }

  const stateOf = async (messageId: string) =>
    (
      await service.db.query<{ state: string }>('SELECT state FROM message_status WHERE id = $1', [
        messageId,
      ])
    )[0]!.state;
  const isNow = (messageId: string, state: string) =>
    until(async () => (await stateOf(messageId)) === state, 20, `${messageId} ${state}`);

  const post = async (sms: TakenSms, status: string, more: Record<string, string> = {}) => {
    const { url, body, signature } = statusCall(sms, status, undefined, more);
    const answer = await fetch(service.local(url), {
      method: 'POST',
      headers: {
        'Content-Type': 'application/x-www-form-urlencoded',
        'X-Twilio-Signature': signature,
      },
      body,
    });
    expect(answer.status).toBe(204);
  };

  describe('whose answer was lost', () => {
    it('are found by their own link, and their status taken as a callback’s (F-34)', async () => {
      const { taken } = await sendUnanswered();
      const [arrived, failed, stopped, gone, blank] = taken as [
        TakenSms,
        TakenSms,
        TakenSms,
        TakenSms,
        TakenSms,
      ];
      stub.listed.set(arrived.sid, { status: 'delivered' });
      stub.listed.set(failed.sid, { status: 'undelivered', error_code: 30005 });
      stub.listed.set(stopped.sid, { status: 'failed', error_code: 21610 });
      stub.taken.splice(stub.taken.indexOf(gone), 1);
      stub.listed.set(blank.sid, { status: 'delivered', body: '' });
      // Too young: the callback comes first.
      expect(await service.get(ReconcileSms).run()).toBe(0);
      expect(stub.asked).toEqual([]);
      await leftEarlier(10);
      expect(await service.get(ReconcileSms).run()).toBe(PEOPLE.length - 2);
      await isNow(arrived.messageId, 'DELIVERED');
      await isNow(failed.messageId, 'BOUNCED');
      await isNow(stopped.messageId, 'DROPPED');
      await isNow(taken[6]!.messageId, 'ACCEPTED');
      expect(await stateOf(gone.messageId)).toBe('UNKNOWN');
      expect(await stateOf(blank.messageId)).toBe('UNKNOWN');
      const person = ids[PEOPLE.findIndex(({ phone }) => phone === stopped.to)]!;
      const doors = await service.db.query(
        `SELECT door FROM ledger_entry WHERE contact_id = $1 AND kind = 'opt_out'`,
        [person],
      );
      expect(doors).toEqual([{ door: 'provider_block' }]);
      expect(stub.asked).toHaveLength(PEOPLE.length);
      expect(stub.asked[0]).toMatchObject({
        To: expect.stringMatching(/^\+467017406\d\d$/),
        'DateSent>': expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/),
        'DateSent<': expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/),
      });
      // Nothing was sent again, and only what is still unknown is asked for again.
      expect(new Set(stub.takenByMessage().values())).toEqual(new Set([1]));
      stub.asked.length = 0;
      expect(await service.get(ReconcileSms).run()).toBe(0);
      expect(stub.asked).toHaveLength(2);
      // A day later silence is the answer, as it always was: what still comes in comes at the database’s own hour.
      now = new Date();
      await post(arrived, 'delivered');
      await leftEarlier(24 * 60);
      await service.db.query(
        `UPDATE provider_event SET received_at = now() - interval '23 hours' WHERE provider_event_id LIKE $1`,
        [`${arrived.sid}%`],
      );
      expect(await service.get(ReconcileSms).run()).toBe(0);
      await post(failed, 'sent');
      await service.get(SettleSilence).run();
      await isNow(gone.messageId, 'NO_EVIDENCE');
    });

    it('are found though one of them cannot be asked for', async () => {
      const { taken } = await sendUnanswered();
      await leftEarlier(10);
      const [first] = [...taken].sort((a, b) => (a.messageId < b.messageId ? -1 : 1));
      stub.refusedNumbers.add(first!.to);
      expect(await service.get(ReconcileSms).run()).toBe(taken.length - 1);
      stub.refusedNumbers.clear();
      expect(await service.get(ReconcileSms).run()).toBe(1);
    });

    it('are asked for again when Twilio does not answer', async () => {
      const { taken } = await sendUnanswered();
      await leftEarlier(10);
      stub.listStatus = 429;
      expect(await service.get(ReconcileSms).run()).toBe(0);
      expect(stub.asked).toHaveLength(1);
      stub.listStatus = null;
      expect(await service.get(ReconcileSms).run()).toBe(taken.length);
    });
  });

  describe('have a price', () => {
    const draft = (body: string) =>
      service.get(Campaigns).create({ name: 'Kostar', topicId, channel: 'sms', body }, OPERATOR);

    it('that is told before, at most', async () => {
      const people = (await service.get(CheckCampaign).audience((await draft('Hej')).id)).gets;
      const plain = await draft(`Hej! ${'Vi ses. '.repeat(12)}`);
      const { sms } = await service.get(CheckCampaign).audience(plain.id);
      expect(sms).toEqual({
        partsEach: { usual: 2, most: 2 },
        parts: { usual: people * 2, most: people * 2 },
        cost: { usual: sek(people * 1.04), most: sek(people * 1.04) },
        currency: 'SEK',
      });
      const named = await draft('Hej {{ contact.first_name | default: "du" }}! Hösten är här.');
      const { audience } = await service.get(CheckCampaign).ready(named.id);
      expect(audience.sms!.partsEach).toEqual({ usual: 1, most: 2 });
      const mail = await service
        .get(Campaigns)
        .create({ name: 'Mejl', topicId, templateKey: 'nyhetsbrev' }, OPERATOR);
      expect((await service.get(CheckCampaign).audience(mail.id)).sms).toBeNull();
    });

    it('that is counted once, however often it is told', async () => {
      const { id, taken } = await send();
      const [first, second, third] = taken;
      const costs = { NumSegments: '2', Price: '-0.10400', PriceUnit: 'SEK' };
      await post(first!, 'sent', { NumSegments: '2' });
      await post(first!, 'delivered', costs);
      await post(first!, 'delivered', costs);
      await post(first!, 'sent');
      await post(second!, 'delivered', { NumSegments: '0', Price: '', PriceUnit: 'SEK' });
      await post(third!, 'delivered', { NumSegments: '1', Price: '-0.052', PriceUnit: 'sek' });
      const { sms } = await service.get(CampaignReports).report(id);
      expect(sms).toEqual({
        messages: 2,
        parts: 3,
        told: [{ currency: 'SEK', amount: 0.16, messages: 2 }],
        reckoned: { currency: 'SEK', amount: 1.56 },
      });
    });

    describe('that two schedulers read', () => {
      const numberOf = (days: number) =>
        Number(
          new Date(noon.getTime() + days * DAY).toISOString().slice(0, 10).replaceAll('-', ''),
        );
      const lastRead = async (position?: number) => {
        const rows = await service.db.query<{ position: number }>(
          `UPDATE feedback_mark SET position = COALESCE($1, position) WHERE name = 'sms_costs' RETURNING position`,
          [position ?? null],
        );
        return rows[0]!.position;
      };
      beforeEach(async () => {
        await send();
        now = new Date(noon.getTime() + 2 * DAY);
        await service.get(ReadSmsCosts).run();
        await lastRead(numberOf(-1));
        stub.asked.length = 0;
      });

      it('each day of from its beginning, whoever ended the day before', async () => {
        stub.largestPage = 1;
        const [one, other] = [0, 1].map(
          () =>
            new ReadSmsCosts(
              service.db,
              service.get(TwilioSent),
              service.get(SmsLinks),
              service.get(SmsCosts),
              service.get(Clock),
            ),
        );
        await one!.run();
        expect(await lastRead()).toBe(numberOf(-1));
        while ((await lastRead()) < numberOf(0)) await other!.run();
        now = new Date(noon.getTime() + 3 * DAY);
        stub.asked.length = 0;
        await one!.run();
        expect(stub.asked[0]).toEqual({
          DateSent: new Date(noon.getTime() + DAY).toISOString().slice(0, 10),
          PageSize: '500',
        });
      });

      it('never back to a day that is read', async () => {
        jest.spyOn(service.get(SmsCosts), 'keep').mockImplementationOnce(async () => {
          await lastRead(numberOf(1));
        });
        await service.get(ReadSmsCosts).run();
        expect(await lastRead()).toBe(numberOf(1));
      });
    });

    it('that Twilio’s own list tells when the day is over', async () => {
      const { id, taken } = await send();
      for (const { sid } of taken)
        stub.listed.set(sid, {
          status: 'delivered',
          num_segments: '2',
          price: '-1.04000',
          price_unit: 'SEK',
        });
      stub.largestPage = 5;
      await service.get(ReadSmsCosts).run();
      expect((await service.get(CampaignReports).report(id)).sms!.parts).toBe(0);
      now = new Date(noon.getTime() + 2 * DAY);
      await service.db.query(`UPDATE feedback_mark SET position = $1 WHERE name = 'sms_costs'`, [
        Number(new Date(noon.getTime() - DAY).toISOString().slice(0, 10).replaceAll('-', '')),
      ]);
      stub.asked.length = 0;
      stub.listStatus = 500;
      await service.get(ReadSmsCosts).run();
      stub.listStatus = null;
      await service.get(ReadSmsCosts).run();
      await service.get(ReadSmsCosts).run();
      const { sms } = await service.get(CampaignReports).report(id);
      expect(sms).toMatchObject({
        messages: taken.length,
        parts: taken.length * 2,
        told: [{ currency: 'SEK', amount: sek(taken.length * 1.04) }],
      });
      expect(Number(stub.asked.at(-1)!.Page)).toBeGreaterThan(1);
      const asked = stub.asked.length;
      await service.get(ReadSmsCosts).run();
      await service.get(ReadSmsCosts).run();
      expect(stub.asked).toHaveLength(asked);

      const { code, out } = await utskick(
        { ...TEST_SETTINGS, ...settings, DATABASE_URL: service.env.DATABASE_URL! },
        ['campaign', 'report', id],
      );
      expect(code).toBe(0);
      expect(out).toContain(`${taken.length * 2} parts of text messages in ${taken.length}`);
      expect(out).toContain(`has taken SEK ${(taken.length * 1.04).toFixed(2)} for`);
    });
  });
});
