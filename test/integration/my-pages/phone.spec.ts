import { OwnNumber } from '../../../src/features/my-pages/phone/own-number';
import { PhoneCodes } from '../../../src/features/my-pages/phone/phone-codes';
import { countByReason } from '../../../src/features/delivery/materialise.queries';
import { factsOfContact } from '../../../src/features/registry/explain.queries';
import { audienceCondition, WHOLE_TOPIC } from '../../../src/domain/audience';
import { SendServiceMail } from '../../../src/features/service-mail/send-service-mail';
import { grant } from '../registry/world';
import { MyPagesWorld } from './my-pages-world';

describe('a number of one’s own', () => {
  let world: MyPagesWorld;
  let number: string;
  let last = 605;
  beforeAll(async () => (world = await MyPagesWorld.open({ SMS_CHANNEL: 'mailbox' })));
  afterAll(() => world.close());
  beforeEach(() => {
    number = `+46701740${(last += 1)}`;
  });

  const own = () => world.app.get(OwnNumber);
  const query = <T extends object>(sql: string, values: unknown[] = []) =>
    world.registry.db.query<T & Record<string, unknown>>(sql, values);
  const ask = (id: string, to = number) => own().sendCode(id, to, 'sv');
  const enter = (id: string, code: string, topics: string[] = []) =>
    own().confirm(id, { number, code, topics }, 'sv');

  async function textsTo(to: string): Promise<string[]> {
    const waiting = await query<{ id: string }>(
      `SELECT id FROM service_message WHERE state = 'PLANNED'`,
    );
    for (const { id } of waiting) await world.app.get(SendServiceMail).run(id);
    const sent = await query<{ text: string }>(
      'SELECT text FROM mailbox_message WHERE to_address = $1 ORDER BY at, id',
      [to],
    );
    return sent.map(({ text }) => text);
  }
  async function code(id: string): Promise<string> {
    await ask(id);
    return /\d{6}/.exec((await textsTo(number)).at(-1)!)![0];
  }
  const wrong = (right: string) => (right === '000000' ? '111111' : '000000');
  /** As if that long had passed since the codes were asked for. */
  const later = (minutes: number) =>
    query(
      `UPDATE phone_code SET created_at = created_at - make_interval(mins => $1),
         expires_at = expires_at - make_interval(mins => $1)`,
      [minutes],
    );

  it('P-58 L-05: is theirs by the code; nothing is sent to it unless they ask for that', async () => {
    const id = await world.person(['a@example.com']);
    await enter(id, await code(id));
    const [address] = await query(
      `SELECT * FROM address WHERE contact_id = $1 AND channel = 'sms'`,
      [id],
    );
    expect(address).toMatchObject({ value: number, source: 'mina_sidor' });
    expect(await world.allowed(id)).toEqual([]);
    expect(await world.choice(id, 'news', 'sms')).toMatchObject({ on: false });
    const { addresses } = await world.preferences.read(id);
    expect(addresses.map(({ channel }) => channel)).toEqual(['email', 'sms']);
  });

  it('L-05: the topics that were ticked beside the code are a consent, with its words', async () => {
    const id = await world.person(['b@example.com']);
    await enter(id, await code(id), ['news']);
    expect(await world.allowed(id)).toEqual(['news:sms']);
    const [entry] = await world.registry.entries(`contact_id = $1 AND kind = 'grant'`, [id]);
    expect(entry).toMatchObject({ channel: 'sms', method: 'mina_sidor_authenticated' });
    expect(entry!.wording_version).toMatch(/^mina_sidor-sv-/);
  });

  it('the message has the code, who we are and nobody’s name; then nothing of it is kept', async () => {
    const id = await world.person(['c@example.com']);
    const digits = await code(id);
    const [text] = await textsTo(number);
    expect(text).toMatch(new RegExp(`^Lärkraft AB: Din kod är ${digits}\\.`));
    expect(text).not.toMatch(/Kim|http/);
    const rows = await query(`SELECT * FROM service_message WHERE template = 'phone-code'`);
    expect(
      rows.every(
        ({ channel, data, to_address }) =>
          channel === 'sms' && !to_address && JSON.stringify(data) === '{}',
      ),
    ).toBe(true);
    const stored = JSON.stringify(await query('SELECT * FROM phone_code'));
    expect(stored).not.toContain(digits);
    expect(stored).not.toContain(number.slice(1));
  });

  it('lifts a no that the number had, for what its owner asks for and nothing else', async () => {
    const former = await world.person(['d@example.com', number]);
    await world.registry.record({
      kind: 'opt_out',
      scope: 'all',
      channel: null,
      address: world.registry.ref(number),
      contactId: former,
      door: 'sms_keyword',
      actor: { type: 'recipient', id: null },
    });
    await query('DELETE FROM address WHERE contact_id = $1', [former]);
    const id = await world.person(['e@example.com']);
    await world.registry.record(
      grant(world.registry.ref('e@example.com'), id, world.topicIds.tips),
    );
    await enter(id, await code(id), ['news']);
    expect((await world.allowed(id)).sort()).toEqual(['news:sms', 'tips:email']);
  });

  it('L-05 F-52: brings along no yes of who had it before', async () => {
    const former = await world.person(['r@example.com']);
    await enter(former, await code(former), ['news', 'tips']);
    expect((await world.allowed(former)).sort()).toEqual(['news:sms', 'tips:sms']);
    const id = await world.person(['s@example.com']);
    await later(2);
    await enter(id, await code(id), ['tips']);
    expect(await world.allowed(id)).toEqual(['tips:sms']);
  });

  it('F-52: takes the yes with it when another takes its place, for whoever gets it later', async () => {
    const id = await world.person(['t@example.com']);
    await enter(id, await code(id), ['news']);
    const first = number;
    number = `+46701740${(last += 1)}`;
    await later(2);
    await enter(id, await code(id));
    expect(await world.registry.gate(first)).toMatchObject({
      allowed: [],
      withdrawn: [world.topicIds.news],
    });
  });

  it('opens with the right code only, five tries, ten minutes, once', async () => {
    const id = await world.person(['f@example.com']);
    const refused = { code: 'wrong_code' };
    const first = await code(id);
    for (let tries = 0; tries < 5; tries += 1) {
      await expect(enter(id, wrong(first))).rejects.toMatchObject(refused);
    }
    await expect(enter(id, first)).rejects.toMatchObject(refused);
    await later(2);
    const second = await code(id);
    await later(10);
    await expect(enter(id, second)).rejects.toMatchObject(refused);
    const third = await code(id);
    if (third !== second) await expect(enter(id, second)).rejects.toMatchObject(refused);
    await enter(id, `${third.slice(0, 3)} ${third.slice(3)}`);
    await expect(enter(id, third)).rejects.toMatchObject(refused);
  });

  it('F-69: a code is of no use to another person, or for another number', async () => {
    const id = await world.person(['g@example.com']);
    const other = await world.person(['h@example.com']);
    const digits = await code(id);
    await expect(enter(other, digits)).rejects.toMatchObject({ code: 'wrong_code' });
    const entered = { number: '+46701740699', code: digits, topics: [] };
    await expect(own().confirm(id, entered, 'sv')).rejects.toMatchObject({ code: 'wrong_code' });
    await enter(id, digits);
  });

  it('gets a minute between codes and three a day, by person and by number, also at once', async () => {
    const id = await world.person(['i@example.com']);
    const other = await world.person(['j@example.com']);
    const many = { code: 'too_many_codes' };
    const outcomes = await Promise.allSettled([ask(id), ask(id), ask(id)]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(ask(other)).rejects.toMatchObject(many);
    for (let sent = 1; sent < 3; sent += 1) {
      await later(2);
      await ask(id);
    }
    await later(2);
    await expect(ask(id)).rejects.toMatchObject(many);
    await expect(ask(other)).rejects.toMatchObject(many);
    await expect(ask(id, '+46701740698')).rejects.toMatchObject(many);
    expect(await textsTo(number)).toHaveLength(3);
    await later(24 * 60);
    await ask(other);
    await world.app.get(PhoneCodes).sweep();
    expect(await query('SELECT FROM phone_code')).toHaveLength(1);
  });

  it('L-24: of subscribers, children and who wrote to get help, none is taken', async () => {
    for (const options of [
      { kinds: ['newsletter_subscriber'] },
      { kinds: ['support_contact'] },
      { kinds: ['newsletter_subscriber', 'support_contact'] },
      { minor: true },
    ]) {
      const id = await world.person(
        [`k${last}-${JSON.stringify(options).length}@example.com`],
        options,
      );
      await expect(ask(id)).rejects.toMatchObject({ code: 'no_number_allowed' });
      await expect(enter(id, '000000')).rejects.toMatchObject({ code: 'no_number_allowed' });
    }
    expect(await textsTo(number)).toEqual([]);
  });

  it('P-58: takes any spelling of a mobile number, and nothing else', async () => {
    const id = await world.person(['l@example.com']);
    expect(await ask(id, `0${number.slice(3, 5)}-${number.slice(5)}`)).toBe(number);
    for (const typed of ['08-123 456', '+4712345678', 'hej', '']) {
      await expect(ask(id, typed)).rejects.toMatchObject({ code: 'invalid_number' });
    }
  });

  it('is replaced by the next that is proven; one from the company stays', async () => {
    const id = await world.person(['m@example.com'], { kinds: ['company_contact'] });
    await world.registry.address(id, '+46701740697', 'company_contact');
    await enter(id, await code(id), ['news']);
    const first = number;
    number = `+46701740${(last += 1)}`;
    await later(2);
    await enter(id, await code(id));
    const values = await query<{ value: string }>(
      `SELECT value FROM address WHERE contact_id = $1 AND channel = 'sms' ORDER BY value`,
      [id],
    );
    expect(values.map(({ value }) => value)).toEqual([number, '+46701740697'].sort());
    expect(values).not.toContainEqual({ value: first });
    // A yes was for the number that it was given for (F-52).
    expect(await world.allowed(id)).toEqual([]);
  });

  it('one that the company gave becomes theirs by the code, and may then be said yes for', async () => {
    const id = await world.person(['p@example.com'], { kinds: ['company_contact'] });
    await world.registry.address(id, number, 'company_contact');
    await enter(id, await code(id), ['tips']);
    const held = await query<{ source: string }>(
      `SELECT source FROM address WHERE contact_id = $1 AND channel = 'sms'`,
      [id],
    );
    expect(held).toEqual([{ source: 'mina_sidor' }]);
    expect(await world.allowed(id)).toEqual(['tips:sms']);
  });

  it('is the one we write to, also when the company gives another later', async () => {
    const id = await world.person(['u@example.com'], { kinds: ['company_contact'] });
    await enter(id, await code(id), ['news']);
    await world.registry.address(id, '+46701740696', 'company_contact');
    const facts = await factsOfContact(world.registry.db, id);
    expect(facts.at(-1)).toMatchObject({ channel: 'sms', value: number });
    await query(`UPDATE contact SET language = 'en' WHERE id = $1`, [id]);
    const who = audienceCondition(
      { ...WHOLE_TOPIC, members: 'everyone', languages: ['en'] },
      'sms',
      world.topicIds.news,
    );
    const count = await world.registry.db.query(countByReason('sms', who), [
      world.topicIds.news,
      ...who.values,
    ]);
    expect(count).toEqual([{ reason: null, count: 1 }]);
  });

  it('what cannot be said yes to leaves the code as it was', async () => {
    const id = await world.person(['q@example.com']);
    const digits = await code(id);
    await query('UPDATE topic SET assessed_at = NULL WHERE key = $1', ['tips']);
    const refused = enter(id, digits, ['tips']);
    await expect(refused).rejects.toMatchObject({
      code: 'cannot_turn_on',
      errors: [{ code: 'purpose_not_assessed' }],
    });
    await query('UPDATE topic SET assessed_at = now() WHERE key = $1', ['tips']);
    expect(await own().current(id)).toBeNull();
    await enter(id, digits);
    expect(await own().current(id)).toBe(number);
  });

  it('taken away: the number keeps the no, and is nobody’s that we know', async () => {
    const id = await world.person(['n@example.com']);
    await enter(id, await code(id), ['news', 'tips']);
    await own().remove(id);
    await own().remove(id);
    expect(
      await query(`SELECT FROM address WHERE contact_id = $1 AND channel = 'sms'`, [id]),
    ).toEqual([]);
    expect(await world.registry.gate(number)).toMatchObject({ no_all: true, allowed: [] });
    expect(
      await world.registry.entries(`contact_id = $1 AND kind = 'opt_out'`, [id]),
    ).toMatchObject([
      { scope: 'channel', channel: 'sms', door: 'mina_sidor', detail: 'number_removed' },
    ]);
    // Added again, it is silent until they ask.
    await later(2);
    await enter(id, await code(id));
    expect(await world.allowed(id)).toEqual([]);
  });

  it('an erased number gets nothing, and the answer does not tell', async () => {
    await world.registry.record({
      kind: 'erase',
      scope: 'all',
      channel: null,
      address: world.registry.ref(number),
      contactId: null,
      door: 'privacy_officer',
      actor: { type: 'staff', id: null },
    });
    const id = await world.person(['o@example.com']);
    expect(await ask(id)).toBe(number);
    expect(await textsTo(number)).toEqual([]);
  });
});
