import { LaunchCampaign } from '../../src/features/campaigns/launch-campaign';
import { AddressKeys } from '../../src/features/contacts/address-keys';
import { Contacts } from '../../src/features/contacts/contacts.service';
import { HandOverBatch } from '../../src/features/delivery/hand-over-batch';
import { AuditDelivery } from '../../src/features/delivery/audit-delivery';
import { ApplyEvents } from '../../src/features/feedback/apply-events';
import { Registry } from '../../src/features/registry/registry.service';
import { SYSTEM } from '../../src/platform/http/actor';
import type { Channel } from '../../src/domain/address';
import { SendGridStub } from '../provider-stub/sendgrid-stub';
import { TWILIO, TwilioStub, type TakenSms } from '../provider-stub/twilio-stub';
import { apiKey, logIn } from '../setup/callers';
import { moveToMidday } from '../setup/midday-zone';
import { Service, until } from '../setup/service';
import { INBOUND_SECRET } from '../provider-stub/inbound-parse';
import { DOORS, type Front, type Leaver, type OptOutDoor } from './opt-out-doors';
import { PAGES, WINDOWS } from './opt-out-windows';

/**
 * `known`: in our contacts. `gone`: the contact was removed before the no, and is imported again after it.
 * `merged`: became another contact, which has the address now. `stranger`: nobody had the address before.
 */
const PERSONS = ['known', 'gone', 'merged', 'stranger'] as const;
type Person = (typeof PERSONS)[number];

/** `to be retried`: the provider was too busy, and the message waits for another permit. */
const MOMENTS = [
  'before build',
  'between build and send',
  'to be retried',
  'in flight',
  'after',
] as const;
type Moment = (typeof MOMENTS)[number];

interface Case extends Leaver {
  door: OptOutDoor;
  person: Person;
  moment: Moment;
  /** The one contact they are now. */
  holder: string;
  status: number;
  body: string;
  begunAt: number;
  ackAt: number;
  /** Where the no was not seen in the next request. */
  unseenAt: string[];
}

const CHANNELS = ['email', 'sms'] as const;
/** Batches under way at the same time, as a worker has. */
const LANES = 4;
const CONTROL = { email: 'alltid.med@exempel.example', phone: '+46701740605' };

function canBe(person: Person, { needs }: OptOutDoor): boolean {
  if (person === 'gone') return needs !== 'contact';
  return person !== 'stranger' || needs === 'address';
}

/** Somebody we know, after whose no nothing else happens. */
const isPlain = ({ moment, person }: Pick<Case, 'moment' | 'person'>): boolean =>
  moment === 'after' && person === 'known';

const CASES = MOMENTS.flatMap((moment) =>
  PERSONS.flatMap((person) =>
    DOORS.filter((door) => canBe(person, door)).map((door) => ({ moment, person, door })),
  ),
).map((one, n) => ({
  ...one,
  name: one.door.name,
  email: `fall${n}@exempel.example`,
  // Only the stub is ever called by these.
  phone: `+46701${String(n).padStart(6, '0')}`,
  n,
}));

/** The same campaign on both channels. */
type Pair = Record<Channel, string>;

interface SentRow {
  id: string;
  campaignId: string;
  channel: Channel;
  state: string;
  reason: string | null;
  door: string | null;
  detail: string | null;
  noAt: Date | null;
  permitAt: Date | null;
}

describe('P-20 F-20 F-83 L-10 L-12 a no by every door, from everyone, at every moment', () => {
  let mails: SendGridStub;
  let texts: TwilioStub;
  let service: Service;
  let front: Front;
  const cases: Case[] = CASES.map((one) => ({
    ...one,
    externalId: `ext-${one.n}`,
    contactId: '',
    holder: '',
    link: '',
    messageId: '',
    shortLink: '',
    sms: null as unknown as TakenSms,
    status: 0,
    body: '',
    begunAt: 0,
    ackAt: 0,
    unseenAt: [],
  }));
  const campaigns = {} as Record<'earlier' | 'early' | 'built' | 'retried' | 'sent' | 'next', Pair>;
  /** By mailbox or number. */
  const rows = new Map<string, SentRow[]>();
  const noTimes = new Map<string, Date>();
  /** How often each message was taken, by both providers' accounts. */
  let taken: Map<string, number>;

  beforeAll(async () => {
    mails = await SendGridStub.start();
    texts = await TwilioStub.start();
    // The web server alone; the test itself does what jobs would, so that it knows each moment.
    service = await Service.open(
      {
        EMAIL_CHANNEL: 'sendgrid',
        SENDGRID_API_KEY: 'SG.test',
        SENDGRID_API_URL: mails.url,
        SENDGRID_WEBHOOK_PUBLIC_KEY: mails.events.publicKey,
        SMS_CHANNEL: 'twilio',
        TWILIO_ACCOUNT_SID: TWILIO.accountSid,
        TWILIO_AUTH_TOKEN: TWILIO.authToken,
        TWILIO_API_URL: texts.url,
        SMS_FROM: TWILIO.from,
        INBOUND_MAIL_SECRET: INBOUND_SECRET,
        BATCH_SIZE: '25',
        TRUST_PROXY: '1',
      },
      'web',
    );
    front = await openFront();
    await meet();
    await runEveryMoment();
    await readOutcome();
  }, 120_000);
  afterAll(async () => {
    await service.close();
    await mails.stop();
    await texts.stop();
    process.stdout.write(`${cases.length} opt-outs by ${DOORS.length} doors\n`);
  });

  it.each(CASES)(
    '$moment, $person, $name: nothing is handed over after it, and the next campaign says why',
    ({ n }) => expect(faultsOf(cases[n]!)).toEqual([]),
  );

  it.each(CASES.filter(isPlain))(
    'D-01 F-29 a no by $name is seen at every other door at once',
    ({ n }) => expect(cases[n]!.unseenAt).toEqual([]),
  );

  it('sends every campaign to whoever said nothing, once', () => {
    for (const address of Object.values(CONTROL)) {
      expect(rows.get(address)!.map(({ state }) => state)).toEqual(Array(6).fill('ACCEPTED'));
    }
    expect([...taken.values()].filter((times) => times !== 1)).toEqual([]);
  });

  it('agrees with the check that runs in production', async () => {
    expect(await service.get(AuditDelivery).check({ everything: true })).toEqual({
      equationGap: 0,
      permitsAfterOptOut: 0,
    });
  });

  it('would see a mail that was handed over after a no', () => {
    const [one] = cases.filter(({ moment }) => moment === 'in flight');
    const early = { ...one!, ackAt: 0 };
    expect(faultsOf(early)).toContainEqual(expect.stringContaining('after the answer'));
    expect(faultsOf({ ...one!, door: { ...one!.door, door: 'another' } })).not.toEqual([]);
  });

  /** The one assertion for all: everything that is wrong with what became of a no. */
  function faultsOf(one: Case): string[] {
    const faults: string[] = [];
    const noAt = noTimes.get(one.email);
    if (one.status < 200 || one.status >= 300)
      faults.push(`answered ${one.status}: ${one.body.slice(0, 200)}`);
    if (!noAt) return [...faults, 'the ledger has no entry'];
    return [...faults, ...boundBy(one).flatMap((channel) => faultsOn(channel, one, noAt))];
  }

  /** Where the no must hold: on every channel of a person we know, else at the address it was said about. */
  function boundBy({ person, door }: Case): readonly Channel[] {
    return door.about && (person === 'gone' || person === 'stranger') ? [door.about] : CHANNELS;
  }

  function faultsOn(channel: Channel, one: Case, noAt: Date): string[] {
    const messages = rows.get(channel === 'email' ? one.email : one.phone) ?? [];
    const ids = new Set(messages.map(({ id }) => id));
    const late = [
      ...mails.ledger.entries.filter(({ messageIds }) => messageIds.some((id) => ids.has(id))),
      ...texts.ledger.entries.filter(({ messageId }) => ids.has(messageId)),
    ].filter(({ at }) => at > one.ackAt);
    return [
      ...(late.length > 0 ? [`${late.length} requests after the answer`] : []),
      ...(messages.some(({ permitAt }) => permitAt && permitAt >= noAt)
        ? ['a permit after the no']
        : []),
      ...faultsOfMoment(one, channel, messages),
      ...faultsOfNext(one, channel, messages),
    ].map((fault) => `${channel}: ${fault}`);
  }

  /** That the case was what it claims to be: which campaigns had left before the no. */
  function faultsOfMoment(one: Case, channel: Channel, messages: SentRow[]): string[] {
    const later = (than: Moment) => MOMENTS.indexOf(one.moment) > MOMENTS.indexOf(than);
    const expected = new Map<Pair, boolean>([
      [campaigns.early, later('before build')],
      [campaigns.built, later('between build and send')],
      [campaigns.retried, later('to be retried')],
      [campaigns.sent, later('to be retried')],
    ]);
    const got = messages.filter(({ id }) => taken.has(id));
    return [...expected].flatMap(([pair, shouldHave]) => {
      const has = got.some(({ campaignId }) => campaignId === pair[channel]);
      if (one.person === 'stranger') return has ? ['a stranger got a message'] : [];
      return has === shouldHave ? [] : [`${has ? 'got' : 'did not get'} one it should not`];
    });
  }

  function faultsOfNext(
    { door, begunAt, ackAt }: Case,
    channel: Channel,
    messages: SentRow[],
  ): string[] {
    const next = messages.find(({ campaignId }) => campaignId === campaigns.next[channel]);
    if (!next) return ['the next campaign has no row'];
    const told = { state: next.state, reason: next.reason, door: next.door, detail: next.detail };
    const due = { state: 'WITHHELD', reason: reasonOn(channel, door), door: door.door };
    const same = Object.entries({ ...due, detail: door.detail ?? next.detail }).every(
      ([key, value]) => told[key as keyof typeof told] === value,
    );
    const at = next.noAt?.getTime() ?? 0;
    const faults = same ? [] : [`the next campaign tells ${JSON.stringify(told)}`];
    if (at < begunAt - 1 || at > ackAt + 1) faults.push('the next campaign tells another time');
    return faults;
  }

  async function runEveryMoment(): Promise<void> {
    await leave('before build');
    campaigns.early = await build();
    await send(campaigns.early);

    campaigns.built = await build();
    await leave('between build and send');
    await send(campaigns.built);

    campaigns.retried = await build();
    mails.mode = { kind: 'status', status: 429, retryAfter: '1' };
    texts.mode = { kind: 'refuse', status: 429, code: 20429, retryAfter: '1' };
    await sendOnce(campaigns.retried.email);
    await sendOnce(campaigns.retried.sms);
    await leave('to be retried');
    mails.mode = texts.mode = { kind: 'accept' };
    await send(campaigns.retried);

    campaigns.sent = await build();
    const answer = await sendUnanswered(campaigns.sent);
    await leave('in flight');
    for (const id of Object.values(campaigns.sent)) {
      expect((await service.counts(id)).buckets.in_flight).toBeGreaterThan(0);
    }
    await answer();

    await leave('after');
    for (const one of cases) if (isPlain(one)) one.unseenAt = await blindWindows(one);
    campaigns.next = await build();
    await send(campaigns.next);
  }

  async function blindWindows(one: Case): Promise<string[]> {
    const windows = one.door.detail === 'topic' ? WINDOWS : [...PAGES, ...WINDOWS];
    const blind: string[] = [];
    for (const { name, showsIt } of windows) if (!(await showsIt(front, one))) blind.push(name);
    return blind;
  }

  async function leave(moment: Moment): Promise<void> {
    const leaving = cases.filter((one) => one.moment === moment);
    await service.db.tx(async (tx) => {
      const gone = leaving.filter(({ person }) => person === 'gone');
      await service.get(Contacts).remove(
        tx,
        gone.map(({ contactId }) => contactId),
      );
      for (const one of leaving.filter(({ person }) => person === 'merged')) {
        await service.get(Contacts).merge(tx, one.holder, one.contactId, new Date());
        await service.get(Registry).refresh(tx, [one.holder]);
      }
    });
    await Promise.all(
      leaving.map(async (one) => {
        one.begunAt = Date.now();
        const response = await one.door.knock(front, one);
        one.body = await response.text();
        one.status = response.status;
        one.ackAt = Date.now();
      }),
    );
    // A provider's no is in force when its job has run, not when its post is answered.
    await service.get(ApplyEvents).run();
    for (const one of leaving) if (isEvent(one)) one.ackAt = Date.now();
    const again = leaving.filter(({ person }) => person === 'gone' || person === 'stranger');
    await settle(again.map(toPerson));
  }

  /** Everybody but strangers gets a first mail, whose link they may use later. */
  async function meet(): Promise<void> {
    const met = cases.filter(({ person }) => person !== 'stranger');
    const ids = await settle([...met.map(toPerson), CONTROL]);
    met.forEach((one, n) => Object.assign(one, { contactId: ids[n], holder: ids[n] }));
    const merging = met.filter(({ person }) => person === 'merged');
    const holders = await service.db.tx((tx) =>
      service.get(Contacts).upsert(
        tx,
        merging.map(({ externalId }) => ({
          kind: 'company_contact' as const,
          externalId: `${externalId}-holder`,
        })),
        {
          source: 'company_contact',
          sourceRef: 'test',
          actor: SYSTEM,
          now: new Date(),
          notice: { version: '2018-04-05', at: new Date() },
        },
      ),
    );
    merging.forEach((one, n) => Object.assign(one, { holder: holders[n]!.contactId }));
    campaigns.earlier = await build();
    await send(campaigns.earlier);
    const mailTo = new Map(mails.delivered.map((mail) => [mail.to, mail]));
    const textTo = new Map(texts.taken.map((sms) => [sms.to, sms]));
    for (const one of met) {
      const { headers, messageId } = mailTo.get(one.email)!;
      one.link = headers['List-Unsubscribe']!.slice(1, -1);
      one.messageId = messageId;
      one.sms = textTo.get(one.phone)!;
      one.shortLink = /http\S+\/s\/\w+/.exec(one.sms.body)![0];
    }
  }

  async function settle(people: { email: string; phone: string }[]): Promise<string[]> {
    const ids = await service.people(front.topicId, people);
    await moveToMidday(service.db, ids);
    return ids;
  }

  async function build(): Promise<Pair> {
    const audience = { members: 'everyone' };
    const email = await service.launch(front.topicId, { templateKey: 'enkel', audience });
    const body = 'Hej {{ contact.first_name }}!';
    const edits = { channel: 'sms', templateKey: undefined, body, audience };
    const sms = await service.launch(front.topicId, edits);
    for (const id of [email, sms]) await service.get(LaunchCampaign).run(id);
    return { email, sms };
  }

  /** Until nothing waits any more: what could not be begun in time is permitted again. */
  async function send(pair: Pair): Promise<void> {
    await until(async () => {
      for (const id of Object.values(pair)) await sendOnce(id);
      return nothingWaits(Object.values(pair));
    });
  }

  async function sendOnce(campaignId: string, batches = batchesOf(campaignId)): Promise<void> {
    const left = await batches;
    const lane = async () => {
      for (let id = left.pop(); id !== undefined; id = left.pop()) {
        await service.get(HandOverBatch).run(id);
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));
  }

  /**
   * All mails and a batch of text messages are with their providers, who say nothing until told to; the other text
   * messages, for which there are no more lines, have been accepted.
   */
  async function sendUnanswered({ email, sms }: Pair): Promise<() => Promise<void>> {
    let answer = () => {};
    const held = { kind: 'accept' as const, until: new Promise<void>((done) => (answer = done)) };
    mails.mode = held;
    const sending = (await batchesOf(email)).map((id) => service.get(HandOverBatch).run(id));
    const [first, ...others] = await batchesOf(sms);
    const before = texts.taken.length;
    texts.mode = held;
    sending.push(service.get(HandOverBatch).run(first!));
    await until(async () => texts.taken.length > before);
    texts.mode = { kind: 'accept' };
    await until(async () => {
      await sendOnce(sms, Promise.resolve([...others]));
      return nothingWaits([email, sms]);
    });
    return async () => {
      answer();
      mails.mode = { kind: 'accept' };
      await Promise.all(sending);
    };
  }

  async function batchesOf(campaignId: string): Promise<string[]> {
    const rows = await service.db.query<{ id: string }>(
      `SELECT b.id FROM batch b JOIN dispatch d ON d.id = b.dispatch_id
       WHERE d.campaign_id = $1 ORDER BY b.number DESC`,
      [campaignId],
    );
    return rows.map(({ id }) => id);
  }

  async function nothingWaits(campaignIds: string[]): Promise<boolean> {
    const counts = await Promise.all(campaignIds.map((id) => service.counts(id)));
    return counts.every(({ buckets }) => buckets.pending === 0);
  }

  async function readOutcome(): Promise<void> {
    taken = new Map([...mails.takenByMessage(), ...texts.takenByMessage()]);
    const keyring = service.get(AddressKeys);
    const keys = new Map(
      [...cases, CONTROL].flatMap(({ email, phone }) => [
        [keyring.keysOf('email', email)[0]!.key.toString('hex'), email] as const,
        [keyring.keysOf('sms', phone)[0]!.key.toString('hex'), phone] as const,
      ]),
    );
    const messages = await service.db.query<SentRow & { key: string }>(
      `SELECT m.id, d.campaign_id AS "campaignId", d.channel, encode(m.address_key, 'hex') AS key, m.state, m.reason,
         l.door, l.detail, l.at AS "noAt", m.permit_at AS "permitAt"
       FROM message_status m JOIN dispatch d ON d.id = m.dispatch_id LEFT JOIN ledger_entry l ON l.seq = m.reason_seq
       ORDER BY d.created_at`,
    );
    for (const { key, ...message } of messages) {
      const address = keys.get(key)!;
      rows.set(address, [...(rows.get(address) ?? []), message]);
    }
    const noes = await service.db.query<{ key: string | null; about: string | null; at: Date }>(
      `SELECT encode(address_key, 'hex') AS key, contact_id AS about, at FROM ledger_entry
       WHERE kind = 'opt_out' ORDER BY seq`,
    );
    for (const one of cases) {
      const own = noes.filter(({ key, about }) =>
        key ? [one.email, one.phone].includes(keys.get(key)!) : about === one.holder,
      );
      // One act, or one for each channel; never more.
      const most = one.door.name.startsWith('Mina sidor, topic') ? CHANNELS.length : 1;
      if (own.length > 0 && own.length <= most) noTimes.set(one.email, own.at(-1)!.at);
    }
  }

  async function openFront(): Promise<Front> {
    return {
      service,
      mails,
      texts,
      topicId: await service.topic('nyhetsbrev'),
      apiKey: await apiKey(service, 'opt-outs:record'),
      customerService: await logIn(service, 'service'),
      privacyOfficer: await logIn(service, 'privacy_officer'),
    };
  }
});

const isEvent = ({ door }: Case): boolean => door.name.includes(' event');

/** The address that said it; on other channels it is the person who did. */
const reasonOn = (channel: Channel, { about }: OptOutDoor): string =>
  about === channel ? 'suppressed_address' : 'suppressed_person';

const toPerson = ({ email, phone, externalId }: Case) => ({
  email,
  phone,
  externalId,
  firstName: 'Kim',
});
