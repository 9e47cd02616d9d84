import { Client } from 'pg';
import { OptOuts } from '../../../src/features/registry/opt-outs';
import { SYSTEM } from '../../../src/platform/http/actor';
import { openSignups, type SignupsWorld } from './signups-world';

const KNOWN = 'known@example.com';
const SUPPRESSED = 'suppressed@example.com';
const PENDING = 'pending@example.com';
const ERASED = 'erased@example.com';
const UNKNOWN = 'unknown@example.com';

describe('the answer to a sign-up', () => {
  let world: SignupsWorld;
  beforeAll(async () => {
    world = await openSignups();
    for (const email of [KNOWN, SUPPRESSED, ERASED]) await world.subscribe(email);
    await world.erase(ERASED);
    await world.app
      .get(OptOuts)
      .byAddress('email', SUPPRESSED, { door: 'manual_form', actor: SYSTEM });
    await world.send({ email: PENDING });
    await world.settle();
  });
  afterAll(() => world.close());
  afterEach(() => jest.restoreAllMocks());

  const addresses = [KNOWN, SUPPRESSED, PENDING, ERASED];

  it.each(addresses)(
    'is the same for %s as for an unknown address (F-62, F-63, threat 17)',
    async (email) => {
      const plain = await world.send({ email: `fresh-${email}` });
      const answer = await world.send({ email });
      expect(answer.status).toBe(200);
      expect(answer.text).toBe(plain.text);
      const comparable = ({ date: _date, etag: _etag, ...headers }: Record<string, unknown>) =>
        headers;
      expect(comparable(answer.headers)).toEqual(comparable(plain.headers));
      expect(answer.text).not.toContain('example.com');
    },
  );

  it('costs the same statements for every address, so that its time tells nothing (threat 17)', async () => {
    const record = async (email: string): Promise<string[]> => {
      const statements: string[] = [];
      const spy = jest.spyOn(Client.prototype, 'query');
      await world.send({ email }).expect(200);
      for (const [query] of spy.mock.calls as unknown as [string | { text: string }][]) {
        statements.push(typeof query === 'string' ? query : query.text);
      }
      spy.mockRestore();
      return statements;
    };
    const unknown = await record(UNKNOWN);
    expect(unknown.some((text) => text.includes('INSERT INTO signup'))).toBe(true);
    expect(unknown.join()).not.toMatch(/gate|ledger_entry|address WHERE|FROM contact/);
    for (const email of addresses) expect(await record(email)).toEqual(unknown);
  });

  it('has its mail made in a job, after the answer', async () => {
    world.provider.reset();
    world.queue.rung.length = 0;
    await world.send({ email: 'later@example.com' }).expect(200);
    expect(world.provider.calls).toEqual([]);
    expect(world.queue.rung).toEqual([expect.objectContaining({ kind: 'signups.settle' })]);
    await world.settle();
    expect(world.provider.to('later@example.com')).toHaveLength(1);
  });

  it('tells a subscriber by mail, not by page, that they get it already (F-63)', async () => {
    await world.reset();
    await world.subscribe(KNOWN);
    await world.pass('2 days');
    world.provider.reset();
    const { text } = await world.send({ email: KNOWN });
    expect(text).toContain('Kolla din inkorg');
    await world.settle();
    const [mail, ...more] = world.provider.to(KNOWN);
    expect(more).toEqual([]);
    expect(mail!.subject).toContain('Du får redan');
    expect(mail!.text).not.toContain('/confirm/');
    expect((await world.signups()).map(({ state }) => state)).toEqual(['CONFIRMED']);
  });
});
