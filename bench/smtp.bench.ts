import { generateKeyPairSync } from 'node:crypto';
import { inTurn, seededWith } from './ground';
import { median, ratiosOf, type Bench, type BenchContext, type Comparison } from './harness';
import { sendCampaign, type Sent } from './run-campaign';
import { SmtpSink } from './smtp-sink-process';

const SESSIONS = 10;

export const smtp: Bench = {
  name: 'smtp',
  title: 'SMTP: a campaign from end to end to a lean server, about 20 KB a mail',
  run: async (context) => {
    const sink = await SmtpSink.start();
    try {
      return [
        ...(await endToEnd(context, sink)),
        await channelAlone(context, sink),
        ...(await signed(context, sink)),
      ];
    } finally {
      await sink.stop();
    }
  },
};

/** A bare client is much faster, nodemailer's pool slower: each sends for about two seconds. */
const bareMessages = ({ quick }: BenchContext) => (quick ? 10_000 : 40_000);
const poolMessages = ({ quick }: BenchContext) => (quick ? 1_000 : 5_000);

/** The clients it is compared with sign nothing; production insists on signing, which is measured apart. */
const UNSIGNED = { NODE_ENV: 'development' };

async function send(
  context: BenchContext,
  sink: SmtpSink,
  people: number,
  more: Record<string, string>,
): Promise<Sent> {
  const seeded = await seededWith(context, { people });
  const SMTP_URL = `${sink.smtpUrl}?maxConnections=${SESSIONS}`;
  const settings = { EMAIL_CHANNEL: 'smtp', SMTP_URL, ...more };
  return sendCampaign({ postgres: await context.postgres(), sink }, { seeded, settings });
}

/** Goal 4. */
async function endToEnd(context: BenchContext, sink: SmtpSink): Promise<Comparison[]> {
  const people = context.quick ? 10_000 : 100_000;
  const { product, baseline } = await inTurn(
    context,
    () => send(context, sink, people, UNSIGNED),
    async () => ({
      bare: await sink.bare({ recipients: bareMessages(context), concurrency: SESSIONS }),
      pool: await sink.measure('smtp-pool', poolMessages(context), SESSIONS),
    }),
  );
  const rate = {
    goal: '4',
    unit: 'messages/s',
    product: product.map(({ perSecond }) => perSecond),
  };
  const micros = (client: 'bare' | 'pool') =>
    `${Math.round(median(baseline.map((round) => round[client].micros)))} µs of CPU per message there`;
  const overBare: Comparison = {
    ...rate,
    what: `One worker, ${SESSIONS} sessions, unsigned, from materialised to all final, over a bare pipelined dialogue`,
    baseline: baseline.map(({ bare }) => bare.perSecond),
    target: '≥ 0.25 (hope 0.5)',
    note: micros('bare'),
  };
  const overPool: Comparison = {
    ...rate,
    what: 'the same over nodemailer’s pool sending a message that is ready',
    baseline: baseline.map(({ pool }) => pool.perSecond),
    target: '≥ 2',
    note: micros('pool'),
  };
  const peak = product.map(({ workerPeakMb }) => workerPeakMb);
  const info = (what: string, of: (sent: Sent) => number): Comparison => ({
    goal: 'info',
    what,
    unit: 'µs',
    product: product.map(of),
  });
  return [
    { ...overBare, met: median(ratiosOf(overBare)) >= 0.25 },
    { ...overPool, met: median(ratiosOf(overPool)) >= 2 },
    {
      goal: '4',
      what: 'memory of the worker at its peak',
      unit: 'MB',
      product: peak,
      target: '< 250 MB',
      met: Math.max(...peak) < 250,
    },
    info('CPU of the worker per message', (sent) => sent.workerMicros),
    info('CPU of PostgreSQL per message', (sent) => sent.postgresMicros),
    info('CPU of the sink per message', (sent) => sent.sinkMicros),
  ];
}

async function channelAlone(context: BenchContext, sink: SmtpSink): Promise<Comparison> {
  const messages = bareMessages(context);
  const { product, baseline } = await inTurn(
    context,
    () => sink.measure('smtp-channel', messages, SESSIONS),
    () => sink.bare({ recipients: messages, concurrency: SESSIONS }),
  );
  return {
    goal: 'info',
    what: 'The channel alone, recipients rendered beforehand, over the bare dialogue',
    unit: 'messages/s',
    product: product.map(({ perSecond }) => perSecond),
    baseline: baseline.map(({ perSecond }) => perSecond),
    note: `CPU per message: ${Math.round(median(product.map(({ micros }) => micros)))} µs, bare ${Math.round(median(baseline.map(({ micros }) => micros)))} µs`,
  };
}

/** Signing is one RSA operation per message, on the threads beside the event loop. */
async function signed(context: BenchContext, sink: SmtpSink): Promise<Comparison[]> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const sent = await send(context, sink, context.quick ? 2_000 : 10_000, {
    DKIM_DOMAIN: 'larkraft.example',
    DKIM_SELECTOR: 'bench',
    DKIM_PRIVATE_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  });
  return [
    {
      goal: 'info',
      what: 'End to end with DKIM, RSA with 2048 bits, one round',
      unit: 'messages/s',
      product: [sent.perSecond],
      note: `${Math.round(sent.workerMicros)} µs of CPU per message in the worker`,
    },
  ];
}
