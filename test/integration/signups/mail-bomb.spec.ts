import { OptOuts } from '../../../src/features/registry/opt-outs';
import { SIGNUPS_PER_HOUR_AND_DOMAIN } from '../../../src/features/signups/signup-limits';
import { SettleSignup } from '../../../src/features/signups/settle-signup';
import { SYSTEM } from '../../../src/platform/http/actor';
import { openSignups, type SignupsWorld } from './signups-world';

const ANNA = 'anna@example.com';

describe('a sign-up form used as a weapon', () => {
  let world: SignupsWorld;
  beforeAll(async () => (world = await openSignups()));
  afterAll(() => world.close());
  beforeEach(() => world.reset());

  const signUp = async (email = ANNA) => {
    await world.send({ email }).expect(200);
    await world.settle();
  };
  const mails = (email = ANNA) => world.provider.to(email).length;

  it('sends nine people one mail each, whatever a thousand callers post (L-17, threat 16)', async () => {
    const victims = Array.from({ length: 9 }, (_, n) => `victim${n}@d${n}.example`);
    for (let round = 0; round < 15; round += 1) {
      await Promise.all(victims.map((email) => world.send({ email }).expect(200)));
    }
    // The jobs of one address run at the same time, in several workers.
    const jobs = world.queue.rung.splice(0);
    await Promise.all(jobs.map(({ id }) => world.app.get(SettleSignup).run(id)));
    await world.settle();
    expect(world.provider.calls.map(({ to }) => to).sort()).toEqual([...victims].sort());
    expect(await world.signups()).toHaveLength(9);
    const pending = (await world.ledger()).filter(({ kind }) => kind === 'grant_pending');
    expect(pending).toHaveLength(9);
  });

  it('writes the same person in capitals, with blanks or a lower-case domain once (F-18)', async () => {
    await Promise.all(
      ['anna@example.com', 'ANNA@example.com', ' Anna@EXAMPLE.com '].map((email) =>
        world.send({ email }).expect(200),
      ),
    );
    await world.settle();
    expect(world.provider.calls).toHaveLength(1);
  });

  it('asks once a day and three times ever, when nobody answers (threat 16)', async () => {
    await signUp();
    await world.pass('23 hours');
    await signUp();
    expect(mails()).toBe(1);
    for (let day = 0; day < 4; day += 1) {
      await world.pass('25 hours');
      await signUp();
    }
    expect(mails()).toBe(3);
    await world.pass('400 days');
    await signUp();
    expect(mails()).toBe(3);
  });

  it('begins to count anew when the person has answered', async () => {
    for (let day = 0; day < 3; day += 1) {
      await signUp();
      await world.pass('25 hours');
    }
    await world.http.post(world.linkTo(ANNA)).expect(200, /Välkommen/);
    await world.app.get(OptOuts).byAddress('email', ANNA, { door: 'manual_form', actor: SYSTEM });
    await world.pass('25 hours');
    await signUp();
    expect(world.provider.to(ANNA).filter(({ text }) => text.includes('/confirm/'))).toHaveLength(
      4,
    );
  });

  it('asks one who has said no at most once in thirty days (L-17)', async () => {
    await world.app.get(OptOuts).byAddress('email', ANNA, { door: 'manual_form', actor: SYSTEM });
    await signUp();
    expect(mails()).toBe(1);
    for (const days of [1, 7, 20, 1]) {
      await world.pass(`${days} days`);
      await signUp();
    }
    expect(mails()).toBe(1);
    await world.pass('2 days');
    await signUp();
    expect(mails()).toBe(2);
  });

  it('stops at so many sign-ups an hour for one domain, but not for the mailbox providers of the many', async () => {
    const fill = (domain: string) =>
      world.db.query(
        `INSERT INTO signup (id, email, address_key, topic_ids, language, state, token_hash,
                             wording_version, policy_version, created_at, expires_at)
         SELECT gen_random_uuid(), n || '@' || $1, sha256((n || $1)::bytea), '{}', 'sv', 'PENDING',
                sha256((n || $1)::bytea), 'w', 'p', now(), now() + interval '7 days'
         FROM generate_series(1, $2::int) AS n`,
        [domain, SIGNUPS_PER_HOUR_AND_DOMAIN],
      );
    await fill('authority.example');
    await fill('gmail.com');
    const refused = await world.send({ email: 'one-more@authority.example' }).expect(429);
    expect(refused.headers['retry-after']).toBe('3600');
    expect(refused.text).toContain('många försök');
    await world.send({ email: 'one-more@gmail.com' }).expect(200);
    await world.send({ email: 'one-more@example.com' }).expect(200);
    await world.pass('61 minutes');
    await world.send({ email: 'one-more@authority.example' }).expect(200);
  });

  it('stops at a thousand unanswered sign-ups an hour in all', async () => {
    await world.db.query(
      `INSERT INTO signup (id, email, address_key, topic_ids, language, state, token_hash,
                           wording_version, policy_version, created_at, expires_at)
       SELECT gen_random_uuid(), n || '@d' || n || '.example', sha256(n::text::bytea), '{}', 'sv', 'PENDING',
              sha256(n::text::bytea), 'w', 'p', now(), now() + interval '7 days'
       FROM generate_series(1, 1000) AS n`,
    );
    await world.send({ email: ANNA }).expect(429);
  });

  it('stops one caller after thirty an hour, and no one else', async () => {
    for (let n = 0; n < 30; n += 1) {
      await world.send({ email: `p${n}@d${n}.example` }, '203.0.113.7').expect(200);
    }
    await world.send({ email: ANNA }, '203.0.113.7').expect(429);
    await world.send({ email: ANNA }, '203.0.113.8').expect(200);
  });

  it('settles a sign-up whose bell was lost', async () => {
    await world.send({ email: ANNA }).expect(200);
    world.queue.rung.length = 0;
    await world.sweep();
    await world.settle();
    expect(mails()).toBe(1);
  });
});
