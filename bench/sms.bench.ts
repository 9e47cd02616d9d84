import { Client } from 'pg';
import { middayZone } from '../test/setup/midday-zone';
import { inTurn, onGround, seededWith } from './ground';
import { median, ratiosOf, type Bench, type BenchContext, type Comparison } from './harness';
import { sendCampaign, type Ground } from './run-campaign';

const DELAY_MS = 50;
/** As many requests as the product has under way (twilio.channel.ts). */
const CONCURRENCY = 32;

const TWILIO = {
  SMS_CHANNEL: 'twilio',
  TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
  TWILIO_AUTH_TOKEN: 'bench',
  SMS_FROM: '+46700000001',
  SHORT_URL: 'https://u.example',
};

const SMS = {
  channel: 'sms',
  language: 'sv',
  body: 'Hej {{ contact.first_name | default: "du" }}! Höstens kurser är här: fyra nya, och platser kvar.',
};

export const sms: Bench = {
  name: 'sms',
  title: 'SMS: a campaign from end to end to a Twilio-shaped sink, one request per message',
  run: (context) =>
    onGround(context, async (ground) => {
      const seeded = await seededWithNumbers(context);
      return [
        await overBare(context, ground, seeded, DELAY_MS, 0.8),
        await overBare(context, ground, seeded, 0, 0.3),
      ];
    }),
};

/** Goal 13. */
async function overBare(
  context: BenchContext,
  ground: Ground,
  seeded: string,
  delayMs: number,
  goal: number,
): Promise<Comparison> {
  const settings = { ...TWILIO, TWILIO_API_URL: ground.sink.url };
  const { product, baseline } = await inTurn(
    context,
    () => sendCampaign(ground, { seeded, settings, content: SMS, delayMs }),
    () => ground.sink.bareSms({ recipients: peopleOf(context), concurrency: CONCURRENCY }, delayMs),
  );
  const comparison: Comparison = {
    goal: '13',
    what: `One worker, ${delayMs > 0 ? `answered after ${delayMs} ms` : 'answered at once'}, over the bare loop with ${CONCURRENCY} requests under way`,
    unit: 'messages/s',
    product: product.map(({ perSecond }) => perSecond),
    baseline: baseline.map(({ perSecond }) => perSecond),
    target: `≥ ${goal}`,
    note: `CPU per message: ${Math.round(median(product.map(({ workerMicros }) => workerMicros)))} µs, bare ${Math.round(median(baseline.map(({ micros }) => micros)))} µs`,
  };
  return { ...comparison, met: median(ratiosOf(comparison)) >= goal };
}

const peopleOf = ({ quick }: BenchContext): number => (quick ? 1_000 : 8_000);

const NAME = 'bench_seeded_numbers';

/** The people of the other benches with a number each in place of the address, where it is noon now. */
async function seededWithNumbers(context: BenchContext): Promise<string> {
  const people = await seededWith(context, { people: peopleOf(context) });
  const postgres = await context.postgres();
  const client = new Client({ connectionString: await postgres.create(NAME, people) });
  await client.connect();
  try {
    // The ledger is append-only, but this is another world that is being made.
    await client.query(`SET session_replication_role = replica`);
    await client.query(
      `UPDATE address a SET channel = 'sms', value = n.number, canonical = n.number
       FROM (SELECT id, '+46701' || lpad(row_number() OVER (ORDER BY id)::text, 6, '0') AS number
             FROM address) n
       WHERE n.id = a.id`,
    );
    await client.query(`UPDATE gate SET channel = 'sms'`);
    await client.query(`UPDATE ledger_entry SET channel = 'sms' WHERE channel = 'email'`);
    await client.query(`UPDATE contact SET time_zone = $1`, [middayZone()]);
    await client.query('VACUUM (FREEZE, ANALYZE)');
  } finally {
    await client.end();
  }
  return NAME;
}
