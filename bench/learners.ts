import { Client } from 'pg';
import { TOPIC } from './seed';

/** Declared by the controller, as ids. */
export const EMPLOYEES = '01900000-0000-7000-8000-000000000011';
export const SIZE = '01900000-0000-7000-8000-000000000012';
export const COMPANIES = 200;
export const SUBJECTS = ['Excel', 'Spanska', 'Ledarskap', 'Arbetsmiljö', 'Projektledning'];
const EVENTS_EACH = 5;

/**
 * People of all kinds with companies, agreements, attributes, five learner events each, and two campaigns behind them.
 * Written set by set past the triggers; reach is then made as the product makes it.
 */
export async function seedLearners(url: string, people: number): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(
      `SET synchronous_commit = off; SET maintenance_work_mem = '256MB'; SET work_mem = '64MB';
       SET session_replication_role = replica`,
    );
    for (const statement of [...FEW, ...MANY]) {
      await client.query(statement.replaceAll(':people', String(people)));
    }
    await client.query('ANALYZE');
    await client.query('SELECT reach_rebuild()');
    await client.query('VACUUM (FREEZE, ANALYZE)');
  } finally {
    await client.end();
  }
}

/** Of person n, whatever it is asked for: the same each time, and independent of other salts. */
const spread = (n: string, salt: number, over: number | string): string =>
  `((hashint8extended(${n}, ${salt}) & 2147483647) % (${over}))::int`;
const idOf = (head: string, n: string): string =>
  `('${head}-0000-7000-8000-' || lpad(to_hex(${n}), 12, '0'))::uuid`;
const contact = (n: string): string => idOf('01900001', n);
const company = (n: string): string => idOf('01900002', n);
export const courseId = (n: number): string =>
  `01900003-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
const key = (n: string): string => `sha256(('person ' || ${n})::bytea)`;
const one = (values: readonly string[], n: string): string =>
  `(ARRAY[${values.map((value) => `'${value}'`).join(', ')}])[1 + ${n} % ${values.length}]`;

const CITIES = ['Malmö', 'Umeå', 'Örebro', 'Norrköping', 'Stockholm', 'Göteborg', 'Lund', 'Kalmar'];
const TITLES = ['HR-chef', 'Utbildningsansvarig', 'Platschef', 'VD', 'Ekonom', 'Lärare', 'Säljare'];

const FEW = [
  `INSERT INTO topic (id, key, name_sv, name_en, purpose, assessed_at, created_at)
   VALUES ('${TOPIC}', 'kurstips', 'Kurstips', 'Course tips', 'R-05', now(), now())`,
  `INSERT INTO attribute (id, key, type, name_sv, name_en, purpose, choices, created_at) VALUES
   ('${EMPLOYEES}', 'employees', 'number', 'Anställda', 'Employees', 'R-08', '{}', now()),
   ('${SIZE}', 'size', 'choice', 'Storlek', 'Size', 'R-08', '{liten,mellan,stor}', now())`,
  `INSERT INTO organisation (id, name, name_key, city, created_at, updated_at)
   SELECT ${company('n')}, 'Exempelföretaget ' || n, 'exempelföretaget ' || n, ${one(CITIES, '(n / 4)')}, now(), now()
   FROM generate_series(0, ${COMPANIES - 1}) n`,
  `INSERT INTO agreement (id, external_id, organisation_id, starts_on, ends_on, created_at, updated_at)
   SELECT gen_random_uuid(), 'a' || n, ${company('n')}, current_date - 400, current_date + n * 4 - 60, now(), now()
   FROM generate_series(0, ${COMPANIES - 1}) n WHERE n % 4 <> 0`,
  `INSERT INTO course (id, external_id, name, subject, level, created_at, updated_at)
   SELECT ${idOf('01900003', 'n')}, 'kurs-' || n, 'Kurs ' || n, ${one(SUBJECTS, 'n')}, 1 + n / 25, now(), now()
   FROM generate_series(0, 49) n`,
];

/** In twenty people: twelve learners, of whom two are contacts at their company too, five such contacts, three subscribers. */
const KINDS = `CASE WHEN n % 20 < 10 THEN '{learner}' WHEN n % 20 < 12 THEN '{learner,company_contact}'
  WHEN n % 20 < 17 THEN '{company_contact}' ELSE '{newsletter_subscriber}' END::text[]`;

const MANY = [
  `INSERT INTO contact (id, kinds, first_name, last_name, title, city, language, organisation_id, notice_version,
     notice_at, sources, created_at, updated_at)
   SELECT ${contact('n')}, ${KINDS}, ${one(['Kim', 'Åsa', 'Mohammed', 'Birgitta', 'Örjan'], 'n')},
     ${one(['Lindqvist', 'Abrahamsson', 'Ek', 'Nordin'], 'n')},
     CASE WHEN n % 20 >= 10 AND n % 20 < 17 THEN ${one(TITLES, spread('n', 1, 7))} END,
     CASE WHEN ${spread('n', 2, 2)} = 0 THEN ${one(CITIES, spread('n', 3, 8))} ELSE 'Ort ' || ${spread('n', 4, 300)} END,
     CASE WHEN ${spread('n', 5, 10)} = 0 THEN 'en' ELSE 'sv' END,
     CASE WHEN n % 20 < 17 THEN ${company(spread('n', 6, COMPANIES))} END, '2018-04-05', now(),
     '{"first_name": {"source": "company_contact"}}',
     now() - make_interval(days => ${spread('n', 7, 1500)}::int), now()
   FROM generate_series(0, :people - 1) n`,
  `INSERT INTO address (id, contact_id, channel, value, canonical, address_key, key_version, source, collected_at)
   SELECT ${idOf('01900004', 'n')}, ${contact('n')}, 'email', 'kim.' || n || '@foretag.example',
     'kim.' || n || '@foretag.example', ${key('n')}, 1, 'company_contact', now()
   FROM generate_series(0, :people - 1) n
   UNION ALL
   SELECT ${idOf('01900005', 'n')}, ${contact('n')}, 'sms', '+46' || n, '+46' || n, ${key(`'+' || n`)}, 1, 'mina_sidor', now()
   FROM generate_series(0, :people - 1) n WHERE ${spread('n', 8, 10)} < 3`,
  `INSERT INTO ledger_entry (id, at, kind, channel, address_key, key_version, contact_id, scope, topic_id, ground,
     door, method, actor_type, policy_version)
   SELECT gen_random_uuid(), now() - interval '30 days', 'grant', 'email', ${key('n')}, 1, ${contact('n')}, 'topic',
     '${TOPIC}', 'CONSENT', 'import', 'import_attested', 'cli', '2018-04-05'
   FROM generate_series(0, :people - 1) n WHERE ${spread('n', 9, 10)} < 8`,
  // Of twenty, sixteen get it, one said no; one in five hundred is held, one in a hundred pauses.
  `INSERT INTO gate (address_key, channel, contact_id, allowed, pending, withdrawn, no_topics, no_all, no_by, no_seq,
     restricted, paused_until, updated_at)
   SELECT ${key('n')}, 'email', ${contact('n')},
     CASE WHEN ${spread('n', 9, 10)} < 8 AND ${spread('n', 10, 20)} <> 7 THEN ARRAY['${TOPIC}']::uuid[] ELSE '{}' END,
     '{}', '{}', '{}', ${spread('n', 10, 20)} = 7, CASE WHEN ${spread('n', 10, 20)} = 7 THEN 'address' END,
     CASE WHEN ${spread('n', 10, 20)} = 7 THEN n END, ${spread('n', 11, 500)} = 0,
     CASE WHEN ${spread('n', 12, 100)} = 0 THEN now() + interval '20 days' END, now()
   FROM generate_series(0, :people - 1) n`,
  `INSERT INTO contact_attribute (attribute_id, contact_id, number, source, collected_at)
   SELECT '${EMPLOYEES}', ${contact('n')}, ${spread('n', 13, 1000)}, 'api',
     now() - make_interval(days => ${spread('n', 14, 1200)}::int)
   FROM generate_series(0, :people - 1) n WHERE ${spread('n', 15, 10)} < 4`,
  `INSERT INTO contact_attribute (attribute_id, contact_id, text, source, collected_at)
   SELECT '${SIZE}', ${contact('n')}, ${one(['liten', 'mellan', 'stor'], spread('n', 16, 3))}, 'api',
     now() - make_interval(days => ${spread('n', 17, 1200)}::int)
   FROM generate_series(0, :people - 1) n WHERE ${spread('n', 18, 10)} < 5`,
  // In the order in which they came: over 38 months, so that some are too old to be read.
  `INSERT INTO learner_event (event_id, contact_id, course_id, kind, occurred_at, received_at)
   SELECT 'e' || e, ${contact(`(${spread('e', 20, ':people / 20')}) * 20 + ${spread('e', 21, 12)}`)},
     ${idOf('01900003', spread('e', 22, 50))},
     (ARRAY['enrolled', 'started', 'enrolled', 'completed', 'started', 'active', 'completed', 'active', 'enrolled', 'certificate'])
       [1 + ${spread('e', 23, 10)}], at - interval '1 hour', at
   FROM generate_series(0, :people::bigint * ${EVENTS_EACH} - 1) e,
     LATERAL (SELECT now() - interval '38 months' * (1 - e / (:people * ${EVENTS_EACH}.0)) AS at) came`,
  ...sent(31, 0.4, 45),
  ...sent(32, 0.3, 10),
];

/** A campaign that so large a share of the people got, so many days ago. */
function sent(salt: number, share: number, days: number): string[] {
  const dispatch = `01900006-0000-7000-8000-0000000000${salt}`;
  const batch = `('${dispatch.slice(0, 24)}${salt}' || lpad(to_hex(n / 500), 10, '0'))::uuid`;
  const got = `${spread('n', salt, 10)} < ${share * 10}`;
  return [
    `INSERT INTO dispatch (id, campaign_id, channel, state, topic_id, content_version_id, sender, policy_version,
       batch_size, audience, created_at)
     VALUES ('${dispatch}', '${dispatch}', 'email', 'finished', '${TOPIC}', gen_random_uuid(), '{}', '2018-04-05', 500, 0,
       now() - interval '${days} days')`,
    `INSERT INTO batch (id, dispatch_id, number, state, message_state, permit_at, outcome_at)
     SELECT ${batch}, '${dispatch}', n / 500, 'DONE', 'ACCEPTED', now() - interval '${days} days',
       now() - interval '${days} days'
     FROM generate_series(0, :people - 1, 500) n`,
    `INSERT INTO message (id, dispatch_id, batch_id, contact_id, address_id, address_key, epoch)
     SELECT new_id(), '${dispatch}', ${batch}, ${contact('n')}, ${idOf('01900004', 'n')}, ${key('n')}, 1
     FROM generate_series(0, :people - 1) n WHERE ${got}`,
  ];
}
