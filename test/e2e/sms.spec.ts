import { SweepDelivery } from '../../src/features/delivery/sweep-delivery';
import { Clock } from '../../src/platform/clock';
import { newId } from '../../src/platform/ids';
import {
  inboundCall,
  signedCall,
  statusCall,
  TWILIO,
  TwilioStub,
  type SignedCall,
  type TakenSms,
} from '../provider-stub/twilio-stub';
import { Service, until } from '../setup/service';

const PEOPLE = Array.from({ length: 40 }, (_, n) => ({
  email: `kund${n}@exempel.example`,
  phone: `+467017406${String(10 + n)}`,
  firstName: n === 0 ? 'Åsa' : 'Kim',
}));
/** Today, at this hour in Stockholm (in winter), which the product believes it is. */
const at = (hour: number): Date => {
  const day = new Date().toISOString().slice(0, 10);
  return new Date(`${day}T${String(hour - 1).padStart(2, '0')}:00:00Z`);
};

describe('text messages', () => {
  let stub: TwilioStub;
  let service: Service;
  let topicId: string;
  let ids: string[];
  let now = at(12);

  beforeAll(async () => {
    stub = await TwilioStub.start();
    service = await Service.open({
      SMS_CHANNEL: 'twilio',
      TWILIO_ACCOUNT_SID: TWILIO.accountSid,
      TWILIO_AUTH_TOKEN: TWILIO.authToken,
      TWILIO_API_URL: stub.url,
      SMS_FROM: TWILIO.from,
      SHORT_URL: 'https://u.example',
      BATCH_SIZE: '100',
    });
    jest.spyOn(service.get(Clock), 'now').mockImplementation(() => now);
    topicId = await service.topic('kurstips');
    ids = await service.people(topicId, PEOPLE);
  });
  afterAll(async () => {
    await service.close();
    await stub.stop();
  });
  beforeEach(() => {
    now = at(12);
    stub.mode = { kind: 'accept' };
  });

  const launch = (body = 'Hej {{ contact.first_name | default: "du" }}! Hösten är här.') =>
    service.launch(topicId, { channel: 'sms', templateKey: undefined, body });

  async function send(body?: string): Promise<{ id: string; taken: TakenSms[] }> {
    const before = stub.taken.length;
    const id = await launch(body);
    await service.settled(id);
    return { id, taken: stub.taken.slice(before) };
  }

  const tokenOf = ({ body }: TakenSms) => /\/s\/(\w{16})$/.exec(body)![1]!;
  const post = ({ url, body, signature }: SignedCall) =>
    fetch(service.local(url), {
      method: 'POST',
      headers: {
        'Content-Type': 'application/x-www-form-urlencoded',
        'X-Twilio-Signature': signature,
      },
      body,
    });
  const inbound = (from: string, text: string) =>
    post(inboundCall('http://localhost:3000/webhooks/twilio/inbound', from, text));
  const doorsOf = async (contactId: string) =>
    (
      await service.db.query<{ door: string }>(
        `SELECT door FROM ledger_entry WHERE contact_id = $1 AND kind = 'opt_out' ORDER BY seq`,
        [contactId],
      )
    ).map(({ door }) => door);
  const stateOf = async (messageId: string) =>
    (
      await service.db.query<{ state: string }>('SELECT state FROM message_status WHERE id = $1', [
        messageId,
      ])
    )[0]!.state;

  it('P-52 P-57 P-60: each gets one, with their own short link, for ten minutes', async () => {
    const { id, taken } = await send();
    const { buckets, gap } = await service.counts(id);
    expect(buckets).toMatchObject({ accepted: 40, unknown: 0, rejected: 0, withheld: 0 });
    expect(gap).toBe(0);
    expect(new Set(taken.map(tokenOf)).size).toBe(40);
    expect(taken.every(({ validityPeriod }) => validityPeriod === 600)).toBe(true);
    const first = taken.find(({ to }) => to === PEOPLE[0]!.phone)!;
    expect(first.body).toMatch(
      /^Lärkraft AB: Hej Åsa! Hösten är här\.\nAvsluta prenumeration: https:\/\/u\.example\/s\/\w{16}$/,
    );
  });

  it('P-60: ended by the link: looking changes nothing, one tap does, on every channel', async () => {
    const { taken } = await send();
    const token = tokenOf(taken.find(({ to }) => to === PEOPLE[1]!.phone)!);
    const page = await fetch(`${service.url}/s/${token}`);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('+46 ••• 11');
    expect(await doorsOf(ids[1]!)).toEqual([]);
    const done = await fetch(`${service.url}/s/${token}`, { method: 'POST' });
    expect(done.status).toBe(200);
    // What one may keep is confirmed by mail: nothing of that is promised to a number.
    for (const page of [done, await fetch(`${service.url}/preferences/${token}`)]) {
      expect(await page.text()).not.toMatch(/mejl till \+46|Skicka bekräftelsemejl/);
    }
    expect(await doorsOf(ids[1]!)).toEqual(['sms_link']);
    const again = await send();
    expect(again.taken.map(({ to }) => to)).not.toContain(PEOPLE[1]!.phone);
    const mails = await service.launch(topicId);
    await service.settled(mails);
    expect(await service.mailbox(PEOPLE[1]!.email)).toEqual([]);
    expect((await service.mailbox(PEOPLE[2]!.email)).length).toBe(1);
  });

  it('P-60: unknown links are told apart from nothing, and guessed no further', async () => {
    const guesses = Array.from({ length: 70 }, (_, n) => `${n}`.padStart(16, 'A'));
    const statuses = await Promise.all(
      guesses.map(async (token) => (await fetch(`${service.url}/s/${token}`)).status),
    );
    expect(new Set(statuses)).toEqual(new Set([404, 429]));
  });

  it('P-50 P-51: believes signed callbacks only; any order, any number of times', async () => {
    const { taken } = await send();
    const [first, second] = [taken[0]!, taken[1]!];
    const forged = { ...statusCall(first, 'delivered'), signature: 'AAAAAAAAAAAAAAAAAAAAAAAAAAA=' };
    expect((await post(forged)).status).toBe(403);
    const elsewhere = statusCall(first, 'delivered');
    expect((await post({ ...elsewhere, url: `${elsewhere.url}&x=1` })).status).toBe(403);
    const calls = [
      statusCall(first, 'delivered'),
      statusCall(first, 'sent'),
      statusCall(first, 'delivered'),
      statusCall(second, 'undelivered', 30003),
      statusCall(second, 'sent'),
    ];
    for (const call of calls) expect((await post(call)).status).toBe(204);
    await until(async () => (await stateOf(first.messageId)) === 'DELIVERED');
    await until(async () => (await stateOf(second.messageId)) === 'DROPPED');
    expect(await doorsOf(ids[PEOPLE.findIndex(({ phone }) => phone === second.to)]!)).toEqual([]);
  });

  it('P-50: a call with å ä ö, spaces and parameters we do not know is believed', async () => {
    const call = signedCall('http://localhost:3000/webhooks/twilio/inbound', {
      From: '+46701740699',
      Body: 'Hälsningar från Åsa i Örebro  ',
      MessageSid: `SM${'e'.repeat(32)}`,
      ÅretsNya: 'ja & nej',
    });
    expect((await post(call)).status).toBe(200);
  });

  it('P-51: takes a STOP that Twilio knows for a no, told at once or later', async () => {
    stub.mode = { kind: 'refuse', status: 400, code: 21610, numbers: [PEOPLE[5]!.phone] };
    const { taken } = await send();
    await until(async () => (await doorsOf(ids[5]!)).length > 0);
    expect(await doorsOf(ids[5]!)).toEqual(['provider_block']);
    const later = taken.find(({ to }) => to === PEOPLE[6]!.phone)!;
    expect((await post(statusCall(later, 'undelivered', 21610))).status).toBe(204);
    await until(async () => (await doorsOf(ids[6]!)).length > 0);
    expect(await doorsOf(ids[6]!)).toEqual(['provider_block']);
  });

  it('P-53 P-55: STOPP binds everybody with the number, and is confirmed once a day', async () => {
    const shared = '+46701740688';
    const [one, other] = await service.people(topicId, [
      { email: 'ett@exempel.example', phone: shared, externalId: 'ett' },
      { email: 'annat@exempel.example', phone: shared, externalId: 'annat' },
    ]);
    const first = await inbound(shared, 'Stopp!');
    expect(first.status).toBe(200);
    expect(first.headers.get('content-type')).toContain('text/xml');
    expect(await first.text()).toMatch(/<Response><Message>Du får inga fler utskick/);
    expect(await doorsOf(one!)).toEqual(['sms_keyword']);
    expect(await doorsOf(other!)).toEqual(['sms_keyword']);
    expect(await (await inbound(shared, 'STOPP')).text()).toContain('<Response></Response>');
    now = new Date(now.getTime() + 25 * 3_600_000);
    expect(await (await inbound(shared, 'stop')).text()).toContain('<Message>');
    const unknown = await inbound('+46701740655', 'avsluta');
    expect(await unknown.text()).toContain('<Message>');
  });

  it('P-53 P-56: what is unclear, and what would be a yes, waits for a person', async () => {
    const from = PEOPLE[1]!.phone;
    const call = inboundCall('http://localhost:3000/webhooks/twilio/inbound', from, 'START');
    for (const _ of ['once', 'again']) {
      expect(await (await post(call)).text()).toContain('<Response></Response>');
    }
    await inbound(from, 'Vi måste stoppa krisen, räkna med mig!');
    const open = await service.db.query<{ meaning: string; body: string }>(
      `SELECT meaning, body FROM reply WHERE state = 'open' AND sender = $1 ORDER BY id`,
      [from],
    );
    expect(open.map(({ meaning }) => meaning)).toEqual(['start', 'unclear']);
    // They said no by link above, and no START undoes that.
    const { taken } = await send();
    expect(taken.map(({ to }) => to)).not.toContain(from);
  });

  it('P-61: outside their hours wait, and never arrive after them', async () => {
    now = at(21);
    const before = stub.taken.length;
    const id = await launch();
    await until(async () => {
      const [batch] = await service.db.query<{ waits: boolean }>(
        `SELECT b.retry_at > now() + interval '10 hours' AS waits FROM batch b
         JOIN dispatch d ON d.id = b.dispatch_id WHERE d.campaign_id = $1`,
        [id],
      );
      return batch?.waits === true;
    });
    expect(stub.taken.length).toBe(before);
    now = new Date(at(20).getTime() - 90_000);
    await service.db.query('UPDATE batch SET retry_at = NULL');
    await service.get(SweepDelivery).run();
    await service.settled(id);
    const late = stub.taken.slice(before);
    expect(late.length).toBeGreaterThan(30);
    expect(late.every(({ validityPeriod }) => validityPeriod === 90)).toBe(true);
  });

  it('P-61: that nobody could get between its first hour and its last are refused before', async () => {
    now = at(21);
    await expect(
      service.launch(topicId, {
        channel: 'sms',
        templateKey: undefined,
        body: 'Hej',
        windowHours: 2,
      }),
    ).rejects.toMatchObject({
      code: 'campaign_not_ready',
      errors: [expect.objectContaining({ code: 'outside_sms_hours' })],
    });
  });

  it('L-05: email consent never opens SMS', async () => {
    const grant = newId();
    await service.people(topicId, [
      { email: `${grant}@exempel.example`, phone: '+46701740677', agreed: false },
    ]);
    await service.db.query('SELECT 1');
    const { taken } = await send();
    expect(taken.map(({ to }) => to)).not.toContain('+46701740677');
  });
});
