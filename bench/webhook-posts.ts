import { Client } from 'pg';
import { addTold, type ProviderEvent, type Told } from '../src/domain/message-state';
import { scrambled, SendGridEvents, type SignedPost } from '../test/provider-stub/sendgrid-events';
import { TOPIC } from './seed';

/** Of a thousand messages: what comes after `processed`, as campaigns to a kept list see it. */
const OF_A_THOUSAND: [kinds: string[], count: number][] = [
  [['bounce'], 10],
  [['deferred', 'blocked'], 4],
  [['dropped'], 1],
  [['delivered', 'spamreport'], 1],
  [['delivered', 'unsubscribe'], 2],
  [['deferred', 'delivered'], 30],
  [['deferred'], 2],
];
/** How often each event comes, on average: SendGrid sends some once, and some of them dozens of times. */
const COPIES = 3;
/** SendGrid's limits of a post. */
const MOST_EVENTS = 1_000;

export interface Posts {
  publicKey: string;
  /** As full as SendGrid makes them under load. */
  large: SignedPost[];
  /** One to ten events, as between campaigns; all of them new. */
  small: SignedPost[];
  largeEvents: number;
  smallEvents: number;
  /** Different events in the large posts. */
  unique: number;
  /** How many messages end in which state after the large posts. */
  states: Record<string, number>;
}

/** A run that has just been accepted by the provider, written set by set into a seeded database. */
export async function seedAccepted(url: string, messages: number): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(RUN, [TOPIC]);
    await client.query(BATCHES, [Math.ceil(messages / 500)]);
    await client.query(MESSAGES, [messages]);
    await client.query('VACUUM (FREEZE, ANALYZE)');
  } finally {
    await client.end();
  }
}

const RUN = `
INSERT INTO dispatch (id, campaign_id, channel, state, topic_id, content_version_id, sender, policy_version,
  batch_size, materialised_at, audience, created_at)
VALUES (new_id(), new_id(), 'email', 'running', $1, new_id(), '{}', '2018-04-05', 500, now(), 0, now())`;

const BATCHES = `
INSERT INTO batch (id, dispatch_id, number, state, message_state, permit_token, permit_at, settle_by, attempts,
  outcome_at, outcome_code, provider_id)
SELECT new_id(), d.id, n, 'DONE', 'ACCEPTED', new_id(), now(), now(), 1, now(), '202', 'bench-' || n
FROM dispatch d, generate_series(0, $1::int - 1) AS n`;

const MESSAGES = `
INSERT INTO message (id, dispatch_id, batch_id, contact_id, address_id, address_key, epoch, decided_at)
SELECT new_id(), b.dispatch_id, b.id, p.contact_id, p.id, p.address_key, 1, now()
FROM (SELECT a.*, row_number() OVER (ORDER BY a.address_key) - 1 AS n FROM address a
      JOIN gate g ON g.address_key = a.address_key AND NOT g.no_all LIMIT $1) p
JOIN batch b ON b.number = p.n / 500`;

interface Sent {
  id: string;
  email: string;
}

/** What the provider tells of these messages: signed posts, copies, no order. */
export async function makePosts(url: string): Promise<Posts> {
  const sendgrid = new SendGridEvents();
  const messages = await sent(url);
  const states: Record<string, number> = {};
  const events = messages.flatMap(({ id, email }, n) => {
    const kinds = ['processed', ...kindsOf(n)];
    const state = endOf(kinds);
    states[state] = (states[state] ?? 0) + 1;
    return kinds.map((kind) => sendgrid.event(kind, { messageId: id, to: email }, EXTRA));
  });
  const large = inPosts(scrambled(events, COPIES), () => MOST_EVENTS).flatMap((group) =>
    sendgrid.posts(group),
  );
  const few = messages.slice(0, messages.length / 5);
  const deferred = few.map(({ id, email }) =>
    sendgrid.event('deferred', { messageId: id, to: email }, EXTRA),
  );
  const small = inPosts(deferred, (n) => 1 + (n % 10)).map((group) => sendgrid.sign(group));
  return {
    publicKey: sendgrid.publicKey,
    large,
    small,
    largeEvents: events.length * COPIES,
    smallEvents: deferred.length,
    unique: events.length,
    states,
  };
}

/** Fields that SendGrid sends along and we do not keep: about 550 bytes an event in all. */
const EXTRA = {
  ip: '198.51.100.7',
  category: ['utskick'],
  campaign_id: '01900000-0000-7000-8000-0000000000c1',
  sg_content_type: 'html',
  sg_machine_open: false,
};

async function sent(url: string): Promise<Sent[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<Sent>(
      `SELECT m.id, a.value AS email FROM message m JOIN address a ON a.id = m.address_id ORDER BY m.id`,
    );
    return rows;
  } finally {
    await client.end();
  }
}

function kindsOf(n: number): string[] {
  // Spread over the run: neighbours lie far apart.
  let place = (n * 619) % 1000;
  for (const [kinds, count] of OF_A_THOUSAND) {
    if (place < count) return kinds;
    place -= count;
  }
  return ['delivered'];
}

/** By the rule of the domain: the product has to come to the same. */
function endOf(kinds: string[]): string {
  let told: Told | undefined;
  for (const kind of kinds) told = addTold(told, kind as ProviderEvent);
  return told!.shown;
}

function inPosts<T>(events: readonly T[], size: (n: number) => number): T[][] {
  const posts: T[][] = [];
  for (let from = 0; from < events.length;) {
    const count = size(posts.length);
    posts.push(events.slice(from, from + count));
    from += count;
  }
  return posts;
}
