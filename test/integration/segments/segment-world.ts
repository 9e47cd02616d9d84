import fc from 'fast-check';
import type { Client } from 'pg';
import type { SavedSegment } from '../../../src/domain/segment/other-segments';
import { newId } from '../../../src/platform/ids';
import { SEGMENTS } from './any-tree';
import type { World } from './naive-answer';
import {
  ATTRIBUTES,
  CAMPAIGNS,
  COURSES,
  id,
  type Organisation,
  organisations,
  ORGANISATIONS,
  person,
  type Person,
  TOPICS,
} from './population';

const AT = '2026-01-01T00:00:00Z';
const KIND_BITS = ['company_contact', 'learner', 'newsletter_subscriber', 'support_contact'];

const saved = (segment: object): SavedSegment => segment as SavedSegment;

/** Three lists of people, one made by profiling and one by clicks; and three questions, of which the last names the others. */
const KNOWN: SavedSegment[] = [
  saved({
    kind: 'static',
    frozenAt: new Date('2020-01-01'),
    tree: { match: 'all', rules: [{ field: 'city', op: 'is', value: 'Åre' }] },
  }),
  saved({
    kind: 'static',
    frozenAt: new Date('2023-06-01T22:30:00Z'),
    tree: { match: 'all', rules: [{ field: 'learning', op: 'did', events: ['completed'] }] },
  }),
  saved({
    kind: 'dynamic',
    tree: { match: 'any', rules: [{ field: 'city', op: 'contains', value: 'a' }] },
  }),
  saved({
    kind: 'dynamic',
    tree: { match: 'none', rules: [{ field: 'learning', op: 'did', events: ['completed'] }] },
  }),
  saved({
    kind: 'dynamic',
    tree: {
      match: 'all',
      rules: [{ field: 'segment', op: 'none_of', value: [SEGMENTS[0], SEGMENTS[2]] }],
    },
  }),
  saved({
    kind: 'static',
    frozenAt: new Date('2024-01-01'),
    tree: { match: 'all', rules: [{ field: 'clicks', op: 'clicked' }] },
  }),
];

export function makePeople(count: number, seed: number): { people: Person[]; world: World } {
  const [made] = fc.sample(organisations, { numRuns: 1, seed }) as [Organisation[]];
  return {
    people: fc.sample(person, { numRuns: count, seed }),
    world: {
      organisations: made,
      segments: new Map(SEGMENTS.map((own, n) => [own, KNOWN[n]!])),
      lists: new Map([
        [SEGMENTS[0]!, 0],
        [SEGMENTS[1]!, 1],
        [SEGMENTS[5]!, 2],
      ]),
    },
  };
}

export const personId = (n: number): string => id(9, n);

/** Writes them down as the rooms would, reach included, so that every question finds what it asks for. */
export async function store(client: Client, people: Person[], world: World): Promise<void> {
  const insert = async (table: string, rows: object[]) => {
    if (rows.length === 0) return;
    const columns = Object.keys(rows[0]!).join(', ');
    await client.query(
      `INSERT INTO ${table} (${columns}) SELECT ${columns} FROM jsonb_populate_recordset(NULL::${table}, $1::jsonb)`,
      [JSON.stringify(rows)],
    );
  };
  const stamped = { created_at: AT, updated_at: AT };
  await insert(
    'topic',
    TOPICS.map((own, n) => ({
      id: own,
      key: own,
      name_sv: own,
      name_en: own,
      purpose: 'R-05',
      description_sv: '',
      description_en: '',
      soft_opt_in: false,
      position: n,
      number: 100 + n,
      created_at: AT,
    })),
  );
  await insert(
    'organisation',
    world.organisations.map(({ id: own, name, city }) => ({
      id: own,
      name,
      name_key: own,
      city,
      ...stamped,
    })),
  );
  await insert(
    'agreement',
    world.organisations.flatMap(({ id: organisation_id, agreements }) =>
      agreements.map(({ startsOn, endsOn }) => {
        const own = newId();
        return {
          id: own,
          external_id: own,
          organisation_id,
          starts_on: startsOn,
          ends_on: endsOn,
          ...stamped,
        };
      }),
    ),
  );
  await insert(
    'course',
    COURSES.map(({ id: own, subject }) => ({
      id: own,
      external_id: own,
      name: own,
      subject,
      description: '',
      ...stamped,
    })),
  );
  await insert(
    'attribute',
    ATTRIBUTES.map((one) => ({
      id: one.id,
      key: one.key,
      type: one.type,
      name_sv: one.nameSv,
      name_en: one.nameEn,
      purpose: one.purpose,
      choices: one.choices,
      created_at: AT,
    })),
  );
  await insert(
    'segment',
    [...world.segments].map(([own, { kind, tree }]) => ({
      id: own,
      name: own,
      kind,
      tree,
      version: 1,
      ...stamped,
    })),
  );
  const dispatches = CAMPAIGNS.map((campaign, n) => ({
    id: id(7, n),
    campaign_id: campaign,
    channel: 'email',
    state: 'finished',
    topic_id: TOPICS[0],
    content_version_id: id(8, 1),
    sender: {},
    policy_version: '2018-04-05',
    batch_size: 100,
    audience: 0,
    created_at: AT,
  }));
  await insert('dispatch', dispatches);
  const each = <T>(make: (one: Person, own: string, n: number) => T[]) =>
    people.flatMap((one, n) => make(one, personId(n), n));
  await insert(
    'contact',
    each((one, own) => [
      {
        id: own,
        kinds: one.kinds,
        first_name: one.firstName,
        last_name: one.lastName,
        title: one.title,
        city: one.city,
        language: one.language,
        time_zone: one.timeZone,
        minor: false,
        sources: {},
        organisation_id: one.organisation === null ? null : ORGANISATIONS[one.organisation],
        created_at: one.createdAt,
        updated_at: AT,
      },
    ]),
  );
  const key = (n: number, a: number) =>
    `\\x${n.toString(16).padStart(8, '0')}${a.toString(16).padStart(56, '0')}`;
  await insert(
    'address',
    each((one, contact_id, n) =>
      one.addresses.map((_, a) => ({
        id: newId(),
        contact_id,
        channel: a === 0 ? 'email' : 'sms',
        value: 'x',
        canonical: 'x',
        address_key: key(n, a),
        key_version: 1,
        source: 'newsletter_form',
        collected_at: AT,
      })),
    ),
  );
  await insert(
    'gate',
    each((one, contact_id, n) =>
      one.addresses.map((address, a) => ({
        address_key: key(n, a),
        channel: a === 0 ? 'email' : 'sms',
        contact_id,
        epoch: 1,
        allowed: address.allowed,
        pending: [],
        withdrawn: address.withdrawn,
        no_all: address.noAll,
        no_topics: address.noTopics,
        fewer: false,
        restricted: address.restricted,
        erased: address.erased,
        updated_at: AT,
      })),
    ),
  );
  await insert(
    'ledger_entry',
    each((one, contact_id, n) =>
      one.addresses.flatMap(({ grants }, a) =>
        grants.map(({ topicId, at }) => ({
          seq: (sequence += 1),
          id: newId(),
          at,
          kind: 'grant',
          ground: 'CONSENT',
          channel: a === 0 ? 'email' : 'sms',
          address_key: key(n, a),
          key_version: 1,
          contact_id,
          scope: 'topic',
          topic_id: topicId,
          door: 'form',
          actor_type: 'person',
          policy_version: '2018-04-05',
          evidence: {},
        })),
      ),
    ),
  );
  await insert(
    'contact_attribute',
    each((one, contact_id) =>
      one.attributes.map(({ n, value, collectedAt }) => ({
        attribute_id: ATTRIBUTES[n]!.id,
        contact_id,
        text: null,
        number: null,
        date: null,
        flag: null,
        source: 'test',
        collected_at: collectedAt,
        [{ text: 'text', choice: 'text', number: 'number', date: 'date', flag: 'flag' }[
          ATTRIBUTES[n]!.type
        ]]: value,
      })),
    ),
  );
  await insert(
    'learner_event',
    each((one, contact_id) =>
      one.events.map(({ kind, course, occurredAt, receivedAt }) => ({
        event_id: newId(),
        contact_id,
        course_id: course === null ? null : COURSES[course]!.id,
        kind,
        occurred_at: occurredAt,
        received_at: receivedAt,
      })),
    ),
  );
  await insert(
    'tracking_consent',
    each((one, contact_id) => (one.clicks ? [{ contact_id, given_at: AT }] : [])),
  );
  await insert(
    'contact_click',
    each((one, contact_id) =>
      (one.clicks ?? []).map(({ campaign, at }) => ({
        message_id: newId(),
        code: 'AAAAAAAA',
        contact_id,
        campaign_id: CAMPAIGNS[campaign],
        at,
      })),
    ),
  );
  const messages = each((one, contact_id, n) =>
    one.messages.map((message, m) => ({
      ...message,
      contact_id,
      id: newId(),
      batch: newId(),
      address_key: key(n, m),
    })),
  );
  await insert(
    'batch',
    messages.map((message, n) => ({
      id: message.batch,
      dispatch_id: dispatches[message.campaign]!.id,
      number: n,
      state: 'DONE',
      message_state: message.state,
      message_reason: message.state === 'WITHHELD' ? 'paused' : null,
      permit_at: message.permitAt,
      attempts: 0,
    })),
  );
  await insert(
    'message',
    messages.map((message) => ({
      id: message.id,
      dispatch_id: dispatches[message.campaign]!.id,
      batch_id: message.batch,
      contact_id: message.contact_id,
      address_key: message.address_key,
      state: message.ofBatch ? null : message.state,
      reason: message.state === 'WITHHELD' && !message.ofBatch ? 'paused' : null,
      permit_at: message.ofBatch ? null : message.permitAt,
      attempts: 0,
      event_rank: 0,
      copy: 0,
    })),
  );
  const lists = [...world.lists.keys()];
  await insert(
    'segment_member',
    each((one, contact_id) =>
      one.memberOf.flatMap((is, list) => (is ? [{ segment_id: lists[list], contact_id }] : [])),
    ),
  );
  await client.query('DELETE FROM reach');
  await insert(
    'reach',
    each((one, contact_id) => [
      {
        contact_id,
        kinds: one.kinds.reduce((bits, kind) => bits + 2 ** KIND_BITS.indexOf(kind), 0),
        language: one.language,
        city_key: one.city,
        title_key: one.title,
        organisation_id: one.organisation === null ? null : ORGANISATIONS[one.organisation],
        created_at: one.createdAt,
        profiled: one.profiled && !isHeld(one),
        held: isHeld(one),
        email_address_id: one.hasEmail ? newId() : null,
        sms_address_id: one.hasPhone ? newId() : null,
        email_standing: '',
        email_agreed: '',
        email_slow: false,
        sms_standing: '',
        sms_agreed: '',
        sms_slow: false,
      },
    ]),
  );
  // As the database folds them.
  await client.query('UPDATE reach SET city_key = lower(city_key), title_key = lower(title_key)');
  await client.query('ANALYZE');
}

const isHeld = ({ addresses }: Person): boolean =>
  addresses.some(({ restricted, erased }) => restricted || erased);

let sequence = 1_000_000;
