import { Agent, request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { Keyring } from '../src/platform/config/keyring';
import { onGround, peopleOf, seededWith } from './ground';
import { cpuOf, median, quantile, type Bench, type Comparison } from './harness';
import { LINK_KEYS } from './processes';
import { sendCampaign, withProducts, type Running } from './run-campaign';

const PER_SECOND = 100;
/** Not measured: the first three seconds pay for compiling and for connecting, as a web server does once a day. */
const WARM_UP = 300;

interface Answers {
  /** Milliseconds each. */
  times: number[];
  /** Answered with anything but 200. */
  refused: number;
  /** CPU milliseconds of the web server per opt-out. */
  cpuMs: number;
}

/** Goal 7: how long a person, or their mail program, waits until the no is recorded. */
export const optOuts: Bench = {
  name: 'opt-outs',
  title: `Opt-outs (RFC 8058) at ${PER_SECOND} a second, until they are acknowledged`,
  run: (context) =>
    onGround(context, async (ground): Promise<Comparison[]> => {
      const people = peopleOf(context);
      const seeded = await seededWith(context, { people });
      const most = context.quick ? 500 : 2_000;
      const idle: Answers[] = [];
      const busy: Answers[] = [];
      for (let round = 0; round < context.rounds; round += 1) {
        context.say(`  round ${round + 1} of ${context.rounds}`);
        idle.push(await withProducts(ground, { seeded }, (running) => sayNo(running, most / 2)));
        await sendCampaign(ground, {
          seeded,
          beside: async (running, stop) => void busy.push(await sayNo(running, most, stop)),
        });
      }
      return [...figures('idle', idle, 50), ...figures('while sending flat out', busy, 150)];
    }),
};

function figures(when: string, rounds: Answers[], most: number): Comparison[] {
  const at = (share: number) => rounds.map(({ times }) => quantile(times, share));
  const p99 = at(0.99);
  const count = rounds.map(({ times }) => times.length).join(', ');
  const refused = rounds.reduce((sum, round) => sum + round.refused, 0);
  return [
    {
      goal: '7',
      what: `p99 ${when}`,
      unit: 'ms',
      product: p99,
      target: `< ${most} ms`,
      met: median(p99) < most && refused === 0,
      note: `opt-outs per round: ${count}; answered with anything but 200: ${refused}`,
    },
    { goal: 'info', what: `p50 ${when}`, unit: 'ms', product: at(0.5) },
    { goal: 'info', what: `longest ${when}`, unit: 'ms', product: at(1) },
    {
      goal: 'info',
      what: `CPU of the web server per opt-out ${when}`,
      unit: 'ms',
      product: rounds.map(({ cpuMs }) => cpuMs),
    },
  ];
}

/** Milliseconds from when each was due to its answer, also when the one before is late. */
async function sayNo(
  { client, web }: Pick<Running, 'client' | 'web'>,
  most: number,
  stop?: AbortSignal,
): Promise<Answers> {
  const { rows } = await client.query<{ id: string }>(
    `SELECT id FROM message_status WHERE state = 'ACCEPTED' ORDER BY address_key LIMIT $1`,
    [most + WARM_UP],
  );
  const keys = new Keyring(LINK_KEYS);
  const tokens = rows.map(({ id }) =>
    keys.sign(`link:${id}`).subarray(0, 16).toString('base64url'),
  );
  const agent = new Agent({ keepAlive: true });
  const answers: Answers = { times: [], refused: 0, cpuMs: 0 };
  const cpuBefore = cpuOf(web.pid);
  const calls: Promise<void>[] = [];
  const begun = performance.now();
  for (const [number, token] of tokens.entries()) {
    const due = begun + (number * 1000) / PER_SECOND;
    await wait(due - performance.now(), undefined, { signal: stop }).catch(() => undefined);
    if (stop?.aborted) break;
    calls.push(
      post(agent, `${web.url}/u/${token}`).then((status) => {
        if (status !== 200) answers.refused += 1;
        else if (number >= WARM_UP) answers.times.push(performance.now() - due);
      }),
    );
  }
  await Promise.all(calls);
  agent.destroy();
  answers.cpuMs = ((cpuOf(web.pid) - cpuBefore) * 1000) / calls.length;
  return answers;
}

/** What a mail program sends when somebody presses its own button. */
function post(agent: Agent, url: string): Promise<number> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  return new Promise((resolve, reject) => {
    const call = request(url, { method: 'POST', agent, headers }, (answer) => {
      answer.resume().once('end', () => resolve(answer.statusCode ?? 0));
    });
    call.once('error', reject).end('List-Unsubscribe=One-Click');
  });
}
