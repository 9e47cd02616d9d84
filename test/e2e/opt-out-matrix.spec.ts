import { LaunchCampaign } from '../../src/features/campaigns/launch-campaign';
import { Contacts } from '../../src/features/contacts/contacts.service';
import { HandOverBatch } from '../../src/features/delivery/hand-over-batch';
import { AuditDelivery } from '../../src/features/delivery/audit-delivery';
import { ApplyEvents } from '../../src/features/feedback/apply-events';
import { Registry } from '../../src/features/registry/registry.service';
import { SYSTEM } from '../../src/platform/http/actor';
import { SendGridStub } from '../provider-stub/sendgrid-stub';
import { apiKey, logIn } from '../setup/callers';
import { Service, until } from '../setup/service';
import { INBOUND_SECRET } from '../provider-stub/inbound-parse';
import { DOORS, type Front, type Leaver, type OptOutDoor } from './opt-out-doors';

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
}

const CONTROL = 'alltid.med@exempel.example';

function canBe(person: Person, { needs }: OptOutDoor): boolean {
  if (person === 'gone') return needs !== 'contact';
  return person !== 'stranger' || needs === 'address';
}

const CASES = MOMENTS.flatMap((moment) =>
  PERSONS.flatMap((person) =>
    DOORS.filter((door) => canBe(person, door)).map((door) => ({ moment, person, door })),
  ),
).map((one, n) => ({ ...one, name: one.door.name, email: `fall${n}@exempel.example`, n }));

interface SentRow {
  id: string;
  campaignId: string;
  email: string;
  state: string;
  reason: string | null;
  door: string | null;
  detail: string | null;
  noAt: Date | null;
  permitAt: Date | null;
}

describe('P-20 F-20 F-83 L-10 L-12 a no by every door, from everyone, at every moment', () => {
  let stub: SendGridStub;
  let service: Service;
  let front: Front;
  const cases: Case[] = CASES.map((one) => ({
    ...one,
    externalId: `ext-${one.n}`,
    contactId: '',
    holder: '',
    link: '',
    messageId: '',
    status: 0,
    body: '',
    begunAt: 0,
    ackAt: 0,
  }));
  const campaigns = {} as Record<
    'earlier' | 'early' | 'built' | 'retried' | 'sent' | 'next',
    string
  >;
  const rows = new Map<string, SentRow[]>();
  const noTimes = new Map<string, Date>();

  beforeAll(async () => {
    stub = await SendGridStub.start();
    // The web server alone; the test itself does what jobs would, so that it knows each moment.
    service = await Service.open(
      {
        EMAIL_CHANNEL: 'sendgrid',
        SENDGRID_API_KEY: 'SG.test',
        SENDGRID_API_URL: stub.url,
        SENDGRID_WEBHOOK_PUBLIC_KEY: stub.events.publicKey,
        INBOUND_MAIL_SECRET: INBOUND_SECRET,
        BATCH_SIZE: '25',
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
    await stub.stop();
    process.stdout.write(`${cases.length} opt-outs by ${DOORS.length} doors\n`);
  });

  it.each(CASES)(
    '$moment, $person, $name: nothing is handed over after it, and the next campaign says why',
    ({ n }) => expect(faultsOf(cases[n]!)).toEqual([]),
  );

  it('sends every campaign to whoever said nothing, once', () => {
    expect(rows.get(CONTROL)!.map(({ state }) => state)).toEqual(Array(6).fill('ACCEPTED'));
    expect([...stub.takenByMessage().values()].filter((times) => times !== 1)).toEqual([]);
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
    const messages = rows.get(one.email) ?? [];
    const ids = new Set(messages.map(({ id }) => id));
    const late = stub.ledger.entries.filter(
      ({ at, messageIds }) => at > one.ackAt && messageIds.some((id) => ids.has(id)),
    );
    if (late.length > 0) faults.push(`${late.length} requests after the answer`);
    if (messages.some(({ permitAt }) => permitAt && permitAt >= noAt))
      faults.push('a permit after the no');
    faults.push(...faultsOfMoment(one, messages, ids), ...faultsOfNext(one, messages));
    return faults;
  }

  /** That the case was what it claims to be: which campaigns had left before the no. */
  function faultsOfMoment(one: Case, messages: SentRow[], ids: Set<string>): string[] {
    const later = (than: Moment) => MOMENTS.indexOf(one.moment) > MOMENTS.indexOf(than);
    const expected = new Map<string, boolean>([
      [campaigns.early, later('before build')],
      [campaigns.built, later('between build and send')],
      [campaigns.retried, later('to be retried')],
      [campaigns.sent, later('to be retried')],
    ]);
    const taken = stub.takenByMessage();
    const got = messages.filter(({ id }) => ids.has(id) && taken.has(id));
    return [...expected].flatMap(([campaignId, shouldHave]) => {
      const has = got.some((message) => message.campaignId === campaignId);
      if (one.person === 'stranger') return has ? ['a stranger got a mail'] : [];
      return has === shouldHave ? [] : [`${has ? 'got' : 'did not get'} a mail it should not`];
    });
  }

  function faultsOfNext({ door, begunAt, ackAt }: Case, messages: SentRow[]): string[] {
    const next = messages.find(({ campaignId }) => campaignId === campaigns.next);
    if (!next) return ['the next campaign has no row'];
    const told = { state: next.state, reason: next.reason, door: next.door, detail: next.detail };
    const due = { state: 'WITHHELD', reason: door.reason, door: door.door };
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
    stub.mode = { kind: 'status', status: 429, retryAfter: '1' };
    await send(campaigns.retried);
    await leave('to be retried');
    stub.mode = { kind: 'accept' };
    await until(async () => {
      await send(campaigns.retried);
      return (await service.counts(campaigns.retried)).buckets.pending === 0;
    });

    campaigns.sent = await build();
    let answer = () => {};
    stub.mode = { kind: 'accept', until: new Promise<void>((resolve) => (answer = resolve)) };
    const sending = send(campaigns.sent);
    await until(async () => (await service.counts(campaigns.sent)).buckets.pending === 0);
    await leave('in flight');
    expect((await service.counts(campaigns.sent)).buckets.in_flight).toBeGreaterThan(0);
    answer();
    await sending;
    stub.mode = { kind: 'accept' };

    await leave('after');
    campaigns.next = await build();
    await send(campaigns.next);
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
    await service.people(front.topicId, again.map(toPerson));
  }

  /** Everybody but strangers gets a first mail, whose link they may use later. */
  async function meet(): Promise<void> {
    const met = cases.filter(({ person }) => person !== 'stranger');
    const ids = await service.people(front.topicId, [...met.map(toPerson), { email: CONTROL }]);
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
    const mails = new Map(stub.delivered.map((mail) => [mail.to, mail]));
    for (const one of met) {
      const { headers, messageId } = mails.get(one.email)!;
      Object.assign(one, { messageId, link: headers['List-Unsubscribe']!.slice(1, -1) });
    }
  }

  async function build(): Promise<string> {
    const id = await service.launch(front.topicId, {
      templateKey: 'enkel',
      audience: { members: 'everyone' },
    });
    await service.get(LaunchCampaign).run(id);
    return id;
  }

  async function send(campaignId: string): Promise<void> {
    const batches = await service.db.query<{ id: string }>(
      `SELECT b.id FROM batch b JOIN dispatch d ON d.id = b.dispatch_id WHERE d.campaign_id = $1`,
      [campaignId],
    );
    await Promise.all(batches.map(({ id }) => service.get(HandOverBatch).run(id)));
  }

  async function readOutcome(): Promise<void> {
    const keys = new Map(
      [...cases.map(({ email }) => email), CONTROL].map((email) => [
        service.key(email).toString('hex'),
        email,
      ]),
    );
    const messages = await service.db.query<Omit<SentRow, 'email'> & { key: string }>(
      `SELECT m.id, d.campaign_id AS "campaignId", encode(m.address_key, 'hex') AS key, m.state, m.reason,
         l.door, l.detail, l.at AS "noAt", m.permit_at AS "permitAt"
       FROM message_status m JOIN dispatch d ON d.id = m.dispatch_id LEFT JOIN ledger_entry l ON l.seq = m.reason_seq
       ORDER BY d.created_at`,
    );
    for (const { key, ...message } of messages) {
      const email = keys.get(key)!;
      rows.set(email, [...(rows.get(email) ?? []), { ...message, email }]);
    }
    const noes = await service.db.query<{ key: string | null; about: string | null; at: Date }>(
      `SELECT encode(address_key, 'hex') AS key, contact_id AS about, at FROM ledger_entry WHERE kind = 'opt_out'`,
    );
    for (const one of cases) {
      const own = noes.filter(({ key, about }) =>
        key ? keys.get(key) === one.email : about === one.holder,
      );
      if (own.length === 1) noTimes.set(one.email, own[0]!.at);
    }
  }

  async function openFront(): Promise<Front> {
    return {
      service,
      stub,
      topicId: await service.topic('nyhetsbrev'),
      apiKey: await apiKey(service, 'opt-outs:record'),
      customerService: await logIn(service, 'service'),
      privacyOfficer: await logIn(service, 'privacy_officer'),
    };
  }
});

const isEvent = ({ door }: Case): boolean => door.name.includes(' event');

const toPerson = ({ email, externalId }: Case) => ({ email, externalId, firstName: 'Kim' });
