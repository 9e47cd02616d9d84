import { randomBytes } from 'node:crypto';
import { Service } from '../setup/service';

/** Every door that the word in a message opens. */
const DOORS = [
  ['GET', '/u/:token'],
  ['GET', '/s/:token'],
  ['GET', '/u/:token/reason'],
  ['GET', '/why/:token'],
  ['GET', '/view/:token'],
  ['GET', '/preferences/:token'],
  ['POST', '/preferences/:token'],
  ['POST', '/preferences/:token/keep'],
  ['POST', '/u/:token/reason'],
  ['POST', '/u/:token'],
  ['POST', '/s/:token'],
] as const;
type Door = (typeof DOORS)[number];

/** Unknown links per caller and minute. */
const MOST = 60;

describe('guessing links', () => {
  let service: Service;
  let tokens: string[];
  let networks = 0;

  beforeAll(async () => {
    service = await Service.open({ TRUST_PROXY: '1' });
    const topicId = await service.topic('kurstips');
    const people = Array.from({ length: MOST + 10 }, (_, n) => ({ email: `p${n}@example.com` }));
    await service.people(topicId, people);
    await service.settled(await service.launch(topicId));
    const mails = await service.mailbox();
    tokens = mails.map(({ text }) => /\/u\/([\w-]{22})/.exec(text)![1]!);
  }, 60_000);
  afterAll(() => service.close());

  const nextNetwork = () => `198.51.100.${(networks += 1)}`;
  const knock = async ([verb, path]: Door, token: string, from: string) => {
    const answer = await fetch(service.url + path.replace(':token', token), {
      method: verb,
      redirect: 'manual',
      headers: { 'x-forwarded-for': from, accept: 'application/json' },
    });
    return { status: answer.status, text: await answer.text(), headers: answer.headers };
  };
  const guess = (door: Door, from: string) =>
    knock(door, randomBytes(16).toString('base64url'), from);
  async function guessAtAll(from: string): Promise<number[]> {
    const statuses: number[] = [];
    for (let n = 0; n < MOST; n += 1) {
      statuses.push((await guess(DOORS[n % DOORS.length]!, from)).status);
    }
    return statuses;
  }

  it('P-60: is counted together, whichever door it is tried at, and then refused at all of them', async () => {
    const from = nextNetwork();
    expect(new Set(await guessAtAll(from))).toEqual(new Set([404]));
    for (const door of DOORS) {
      const { status, text, headers } = await guess(door, from);
      expect([...door, status]).toEqual([...door, 429]);
      expect(text).toContain('too_many_unknown_links');
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
      expect((await guess(door, nextNetwork())).status).toBe(404);
    }
  });

  it('P-09 P-60: stops nobody with a link of ours, however many share the network of who guesses', async () => {
    const from = nextNetwork();
    await guessAtAll(from);
    for (const door of DOORS) {
      expect((await guess(door, from)).status).toBe(429);
      const { status } = await knock(door, tokens[0]!, from);
      // Nothing was chosen to keep: back to the choice.
      expect([...door, status]).toEqual([...door, door[1].endsWith('/keep') ? 303 : 200]);
    }
    const all = await Promise.all(tokens.map((token) => knock(['POST', '/u/:token'], token, from)));
    expect(all.map(({ status }) => status)).toEqual(tokens.map(() => 200));
  });
});
