import fc from 'fast-check';
import { maskEmail } from '../../../src/domain/address';
import type { ChangePreferences } from '../../../src/features/my-pages/choices/my-preferences.dto';
import { Wordings } from '../../../src/features/registry/wordings';
import { newId } from '../../../src/platform/ids';
import { doubleOptIn, grant, optOut } from '../registry/world';
import { MyPagesWorld } from './my-pages-world';

let numbers = 605;
let count = 0;
const nextNumber = () => `+46701740${(numbers = numbers < 699 ? numbers + 1 : 605)}`;
const nextEmail = () => `person${(count += 1)}@example.com`;

const on = (...names: string[]) => names.map((name) => wish(name, true));
const off = (...names: string[]) => names.map((name) => wish(name, false));
function wish(name: string, turned: boolean) {
  const [key, channel] = name.split(':') as [string, 'email' | 'sms'];
  return { key, channel, on: turned };
}
const ALL = ['news:email', 'news:sms', 'tips:email', 'tips:sms'];

describe('what a person chooses in Mina sidor', () => {
  let world: MyPagesWorld;
  beforeAll(async () => (world = await MyPagesWorld.open()));
  afterAll(() => world.close());

  /** What stood before, as other doors leave it. */
  const STARTS: Record<string, (contactId: string, email: string) => Promise<unknown>> = {
    nothing: async () => undefined,
    'consents from an import': async (contactId, email) => {
      const { news, tips } = world.topicIds;
      const ref = world.registry.ref(email);
      return world.registry.record(grant(ref, contactId, news), grant(ref, contactId, tips));
    },
    'a no by a link': async (contactId, email) => {
      const ref = world.registry.ref(email);
      await world.registry.record(grant(ref, contactId, world.topicIds.news));
      return world.registry.record(optOut(ref, contactId));
    },
    'everything on': (contactId) => world.change(contactId, { topics: on(...ALL) }),
  };

  const TABLE: [string, ChangePreferences, string[]][] = [
    ['nothing', {}, []],
    ['nothing', { topics: on('news:email') }, ['news:email']],
    ['nothing', { topics: on('news:sms') }, ['news:sms']],
    ['nothing', { topics: off(...ALL) }, []],
    ['consents from an import', {}, ['news:email', 'tips:email']],
    ['consents from an import', { topics: off('tips:email') }, ['news:email']],
    ['consents from an import', { topics: off('tips:sms') }, ['news:email', 'tips:email']],
    ['consents from an import', { everythingOff: true }, []],
    ['a no by a link', {}, []],
    ['a no by a link', { topics: on('news:email') }, ['news:email']],
    ['a no by a link', { topics: on('news:email'), everythingOff: true }, []],
    ['a no by a link', { pause: 'end' }, []],
    ['everything on', {}, ALL],
    ['everything on', { topics: off('news:sms') }, ['news:email', 'tips:email', 'tips:sms']],
    ['everything on', { topics: [...on('news:sms'), ...off('news:sms')] }, ALL.toSpliced(1, 1)],
    ['everything on', { topics: [...off('news:sms'), ...on('news:sms')] }, ALL.toSpliced(1, 1)],
    ['everything on', { pause: 'three_months' }, ALL],
    ['everything on', { fewer: true }, ALL],
    ['everything on', { fewer: false }, ALL],
    ['everything on', { everythingOff: true }, []],
  ];

  it.each(TABLE)('D-01: from %s, %j leaves on: %j', async (start, input, left) => {
    const email = nextEmail();
    const id = await world.person([email, nextNumber()]);
    await STARTS[start]!(id, email);
    await world.change(id, input);
    const before = await world.registry.entries('contact_id = $1', [id]);
    expect((await world.shown(id)).sort()).toEqual([...left].sort());
    expect((await world.allowed(id)).sort()).toEqual([...left].sort());
    // The same again writes nothing.
    await world.change(id, input);
    expect(await world.registry.entries('contact_id = $1', [id])).toEqual(before);
  });

  it('D-01: after any changes by the person the gate is what the page shows', async () => {
    const change = fc.record<ChangePreferences>(
      {
        topics: fc.array(
          fc.record({
            key: fc.constantFrom('news', 'tips'),
            channel: fc.constantFrom('email' as const, 'sms' as const),
            on: fc.boolean(),
          }),
          { maxLength: 4 },
        ),
        everythingOff: fc.constant(true as const),
        pause: fc.constantFrom('three_months' as const, 'end' as const),
        fewer: fc.boolean(),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 5 }), async (changes) => {
        const id = await world.person([nextEmail(), nextNumber()]);
        for (const input of changes) {
          await world.change(id, input);
          const shown = await world.shown(id);
          expect(shown.sort()).toEqual((await world.allowed(id)).sort());
          // Whatever else was asked for: what got a no is off.
          const noes = (input.topics ?? []).filter((topic) => !topic.on);
          for (const { key, channel } of noes) expect(shown).not.toContain(`${key}:${channel}`);
          if (input.everythingOff) expect(shown).toEqual([]);
          if (input.fewer !== undefined) {
            expect((await world.preferences.read(id)).fewer).toBe(input.fewer);
          }
        }
      }),
      { numRuns: 15 },
    );
  }, 60_000);

  it('F-29: tells where and when a no made elsewhere came in', async () => {
    const email = nextEmail();
    const id = await world.person([email]);
    await STARTS['a no by a link']!(id, email);
    const [entry] = await world.registry.entries(`contact_id = $1 AND kind = 'opt_out'`, [id]);
    const choices = await world.preferences.read(id);
    const said = { since: entry!.at, door: 'link' };
    expect(choices.everythingOff).toEqual(said);
    expect(choices.topics[0]!.channels).toEqual({ email: { on: false, ...said }, sms: null });
  });

  it('tells of each switch the door that turned it, and not that of the other channel', async () => {
    const id = await world.person([nextEmail(), nextNumber()]);
    await world.change(id, { topics: on('news:email') });
    await world.change(id, { topics: off('news:sms') });
    expect(await world.choice(id, 'news', 'email')).toMatchObject({ on: true, door: 'mina_sidor' });
    expect(await world.choice(id, 'news', 'sms')).toMatchObject({ on: false, door: 'mina_sidor' });
    expect(await world.choice(id, 'tips', 'email')).toEqual({ on: false, since: null, door: null });
  });

  it('tells of a no to everything at one channel, not of a later one to a topic at the other', async () => {
    const email = nextEmail();
    const id = await world.person([email, nextNumber()]);
    await STARTS['a no by a link']!(id, email);
    await world.change(id, { topics: on('news:sms') });
    await world.change(id, { topics: off('news:sms') });
    expect(await world.choice(id, 'news', 'email')).toMatchObject({ on: false, door: 'link' });
    expect(await world.choice(id, 'news', 'sms')).toMatchObject({ on: false, door: 'mina_sidor' });
  });

  it('L-16: keeps the words at the switch with a consent, and how it was given', async () => {
    const email = nextEmail();
    const id = await world.person([email]);
    const { consentText } = await world.change(id, { topics: on('news:email') });
    const [entry] = await world.registry.entries(`contact_id = $1 AND kind = 'grant'`, [id]);
    expect(entry).toMatchObject({
      ground: 'CONSENT',
      method: 'mina_sidor_authenticated',
      door: 'mina_sidor',
      actor_type: 'learner',
      actor_id: id,
      address_key: world.registry.ref(email).key,
    });
    const version = entry!.wording_version as string;
    const wording = await world.app.get(Wordings).text(world.registry.db, version);
    expect(wording?.text).toBe(`${consentText}\nnews (sv)\n[x] E-post`);
  });

  it('gives a yes to one topic only: the no to everything else stands', async () => {
    const id = await world.person([nextEmail(), nextNumber()]);
    await world.change(id, { topics: on(...ALL) });
    await world.change(id, { everythingOff: true });
    await world.change(id, { topics: on('tips:sms') });
    expect(await world.shown(id)).toEqual(['tips:sms']);
    const { everythingOff } = await world.preferences.read(id);
    expect(everythingOff).toBeNull();
  });

  it('D-01: a no holds at every address of the person, also one that they get later', async () => {
    const [first, second, third] = [nextEmail(), nextEmail(), nextEmail()];
    const id = await world.person([first, second]);
    const { news } = world.topicIds;
    for (const value of [first, second]) {
      await world.registry.record(doubleOptIn(world.registry.ref(value), id, news));
    }
    await world.change(id, { topics: off('news:email') });
    expect(await world.allowed(id)).toEqual([]);
    const ref = await world.registry.address(id, third, 'crm_sync');
    await world.registry.record(grant(ref, id, news));
    expect(await world.allowed(id)).toEqual([]);
    expect(await world.shown(id)).toEqual([]);
  });

  it('pauses for three months, once, and ends the pause', async () => {
    const id = await world.person([nextEmail()]);
    await world.change(id, { topics: on('news:email'), pause: 'three_months' });
    const { pausedUntil, topics } = await world.change(id, { pause: 'three_months' });
    const days = (pausedUntil!.getTime() - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(88);
    expect(days).toBeLessThan(93);
    expect(topics[0]!.channels.email.on).toBe(true);
    expect(await world.registry.entries(`contact_id = $1 AND kind = 'pause'`, [id])).toHaveLength(
      1,
    );
    expect((await world.change(id, { pause: 'end' })).pausedUntil).toBeNull();
  });

  it('is not paused by a pause of one mailbox alone, and then pauses them all', async () => {
    const [first, second] = [nextEmail(), nextEmail()];
    const id = await world.person([first, second]);
    const until = new Date(Date.now() + 86_400_000).toISOString();
    await world.registry.record({
      ...optOut(world.registry.ref(first), null),
      kind: 'pause',
      evidence: { until },
    });
    expect((await world.preferences.read(id)).pausedUntil).toBeNull();
    const { pausedUntil } = await world.change(id, { pause: 'three_months' });
    expect(pausedUntil!.getTime() - Date.now()).toBeGreaterThan(88 * 86_400_000);
  });

  it('gets fewer, once, and as before again; of one mailbox alone it is no answer, but can be taken back', async () => {
    const [first, second] = [nextEmail(), nextEmail()];
    const id = await world.person([first, second, nextNumber()]);
    const wishes = () => world.registry.entries(`kind = 'fewer' AND contact_id = $1`, [id]);
    const gates = async () =>
      (await Promise.all([first, second].map((value) => world.registry.gate(value)))).map(
        (gate) => gate!.fewer,
      );
    await world.registry.record({
      ...optOut(world.registry.ref(first), null),
      kind: 'fewer',
      evidence: { days: 30 },
    });
    expect((await world.preferences.read(id)).fewer).toBe(false);
    expect((await world.change(id, { fewer: false })).fewer).toBe(false);
    expect(await gates()).toEqual([false, false]);
    expect((await world.change(id, { fewer: true })).fewer).toBe(true);
    await world.change(id, { fewer: true });
    expect(await gates()).toEqual([true, true]);
    expect(await wishes()).toMatchObject([
      { detail: 'end', evidence: {} },
      { detail: 'fewer', evidence: { days: 30 }, door: 'mina_sidor', address_key: null },
    ]);
    expect((await world.change(id, { fewer: false })).fewer).toBe(false);
    await world.change(id, { fewer: false });
    expect(await gates()).toEqual([false, false]);
    expect(await wishes()).toHaveLength(3);
  });

  it('F-62: shows no address in full, since a link to one mailbox opens the page', async () => {
    const [email, number] = [nextEmail(), nextNumber()];
    const id = await world.person([email, number]);
    const shown = JSON.stringify(await world.preferences.read(id));
    expect(shown).not.toContain(email);
    expect(shown).not.toContain(number);
    expect(shown).toMatch(/•@.*•/);
  });

  it('follows a merge to the person who was kept', async () => {
    const id = await world.person([nextEmail()]);
    const gone = await world.person([]);
    await world.registry.db.query('UPDATE contact SET merged_into_id = $2 WHERE id = $1', [
      gone,
      id,
    ]);
    await world.change(gone, { topics: on('news:email'), language: 'en' });
    expect(await world.shown(id)).toEqual(['news:email']);
    expect(await world.preferences.read(id)).toMatchObject({ language: 'en' });
  });

  describe('cannot turn on', () => {
    const REFUSED: [string, Parameters<MyPagesWorld['person']>, string, string][] = [
      [
        'L-24: for who wrote to get help',
        [['a'], { kinds: ['support_contact'] }],
        'news:email',
        'support_only',
      ],
      [
        'L-24: what was given for support',
        [['a'], { source: 'support' }],
        'news:email',
        'wrong_source',
      ],
      ['L-42: for a child', [['a'], { minor: true }], 'news:email', 'minor'],
      ['L-05: text messages without a number', [['a']], 'news:sms', 'number_not_verified'],
      [
        'text messages for a subscriber',
        [['a'], { kinds: ['newsletter_subscriber'] }],
        'news:sms',
        'no_number_allowed',
      ],
      ['mail to nowhere', [[]], 'news:email', 'no_address'],
      [
        'D-04: for whom the employer has not informed',
        [['a'], { source: 'employer_import' }],
        'news:email',
        'no_employer_attestation',
      ],
    ];

    it.each(REFUSED)('%s', async (_, [values, options], name, code) => {
      const id = await world.person(
        values.map(() => nextEmail()),
        options,
      );
      const input = { topics: on(name), language: 'en' as const };
      await expect(world.change(id, input)).rejects.toMatchObject({
        code: 'cannot_turn_on',
        errors: [{ path: 'topics.0', code }],
      });
      expect(await world.registry.entries('contact_id = $1', [id])).toEqual([]);
      expect(await world.preferences.read(id)).toMatchObject({ language: 'en' });
      // A no is taken from everybody.
      await world.change(id, { topics: off(name), everythingOff: true });
      expect(await world.shown(id)).toEqual([]);
    });

    it('P-58: a number that a company gave: only its owner can show it to be theirs', async () => {
      const id = await world.person([nextEmail()], { kinds: ['company_contact'] });
      await world.registry.address(id, nextNumber(), 'company_contact');
      await expect(world.change(id, { topics: on('news:sms') })).rejects.toMatchObject({
        errors: [{ code: 'number_not_verified' }],
      });
    });

    it('D-01: a no and a pause hold, though a yes beside them is refused, and the answer says so', async () => {
      const id = await world.person([nextEmail()]);
      await world.change(id, { topics: on('news:email', 'tips:email') });
      const input = {
        topics: [...off('news:email'), ...on('tips:sms')],
        pause: 'three_months' as const,
        fewer: true,
      };
      await expect(world.change(id, input)).rejects.toMatchObject({
        code: 'cannot_turn_on',
        detail: expect.stringMatching(/ är sparat\.$/),
        errors: [{ path: 'topics.1', code: 'number_not_verified' }],
      });
      expect(await world.allowed(id)).toEqual(['tips:email']);
      expect(await world.preferences.read(id)).toMatchObject({
        pausedUntil: expect.any(Date),
        fewer: true,
      });
    });

    it('tells of nothing saved where there was only a yes', async () => {
      const id = await world.person([nextEmail()]);
      await expect(world.change(id, { topics: on('news:sms') })).rejects.toMatchObject({
        detail: expect.not.stringMatching(/sparat/),
      });
    });

    it('P-14: what a mailbox said no to, without a log-in by a link to that mailbox', async () => {
      const email = nextEmail();
      const id = await world.person([email, nextNumber()]);
      await STARTS['a no by a link']!(id, email);
      const yes = { topics: on('news:email') };
      const refused = { errors: [{ path: 'topics.0', code: 'mailbox_said_no' }] };
      await expect(world.change(id, yes, null)).rejects.toMatchObject(refused);
      expect(await world.allowed(id)).toEqual([]);
      // A number has been proven by its code.
      await world.change(id, { topics: on('news:sms') }, null);
      await world.change(id, yes, email);
      expect((await world.allowed(id)).sort()).toEqual(['news:email', 'news:sms']);
    });

    it('P-14: of several mailboxes what the others said no to: a link proves the one it was mailed to', async () => {
      const [other, written] = [nextEmail(), nextEmail()];
      const id = await world.person([other, written]);
      await world.registry.db.query(
        `UPDATE address SET collected_at = collected_at - interval '1 day' WHERE value = $1`,
        [other],
      );
      for (const value of [other, written]) {
        await world.registry.record(optOut(world.registry.ref(value), id));
      }
      const yes = { topics: on('news:email') };
      await expect(world.change(id, yes, other)).rejects.toMatchObject({
        detail: expect.stringContaining(maskEmail(written)),
        errors: [{ code: 'mailbox_said_no' }],
      });
      expect(await world.allowed(id)).toEqual([]);
      await world.change(id, yes, written);
      const { news } = world.topicIds;
      expect(await world.registry.gate(written)).toMatchObject({ allowed: [news], no_all: true });
      expect(await world.registry.gate(other)).toMatchObject({ allowed: [], no_all: true });
    });

    it('a topic that is not offered, or never was', async () => {
      const id = await world.person([nextEmail()]);
      const topicId = await world.registry.topic(`old-${newId().slice(-8)}`);
      const [{ key } = { key: '' }] = await world.registry.db.query<{ key: string }>(
        'UPDATE topic SET archived_at = now() WHERE id = $1 RETURNING key',
        [topicId],
      );
      await expect(world.change(id, { topics: on(`${key}:email`) })).rejects.toMatchObject({
        code: 'cannot_turn_on',
        errors: [{ path: 'topics.0', code: 'topic_closed' }],
      });
      await expect(world.change(id, { topics: on('no-such-topic:email') })).rejects.toMatchObject({
        code: 'invalid_fields',
        errors: [{ path: 'topics.0.key', code: 'unknown_topic' }],
      });
      await world.change(id, { topics: off(`${key}:email`) });
    });
  });
});
