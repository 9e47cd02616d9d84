import type { Happening, SeenMessage } from '../../src/features/people/timeline.dto';
import { SettleSignup } from '../../src/features/signups/settle-signup';
import { newId } from '../../src/platform/ids';
import { apiKey, logIn, type Caller } from '../setup/callers';
import { Service, until } from '../setup/service';

interface Page<T> {
  items: T[];
  next: string | null;
  total: number | null;
}

describe('what staff see of a person', () => {
  let service: Service;
  let topicId: string;
  let agent: Caller;
  const people: Record<'anna' | 'bo' | 'cia', string> = { anna: '', bo: '', cia: '' };

  beforeAll(async () => {
    service = await Service.open();
    topicId = await service.topic('nyhetsbrev');
    agent = await logIn(service, 'service');
    const [anna, bo] = await service.people(topicId, [
      { email: 'anna@exempel.example', firstName: 'Anna' },
      { email: 'bo@exempel.example', firstName: '<script>alert(1)</script>' },
    ]);
    const [cia] = await service.people(topicId, [{ email: 'cia@exempel.example', agreed: false }]);
    Object.assign(people, { anna, bo, cia });
    await service.settled(await service.launch(topicId));
    const [mail] = await service.mailbox('anna@exempel.example');
    const link = /<(http[^>]*\/u\/[^>]*)>/.exec(mail!.headers['List-Unsubscribe'] ?? '')![1]!;
    await fetch(service.local(link), { method: 'POST', body: 'List-Unsubscribe=One-Click' });
    await service.settled(await service.launch(topicId, { name: 'Vårens kurser' }));
  });
  afterAll(() => service.close());

  async function call<T>(method: string, path: string, body?: object, caller = agent) {
    const response = await fetch(`${service.url}/api/v1/contacts/${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...caller.headers },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      json: (text ? JSON.parse(text) : {}) as T & { code?: string },
    };
  }
  const timeline = async (id: string, query = '') =>
    (await call<Page<Happening>>('GET', `${id}/timeline${query}`)).json;
  const search = async (asked: object) =>
    (await call<Page<{ id: string; reachableBy: string[] }>>('POST', 'search', asked)).json;
  const explained = async (id: string) => {
    const answer = await fetch(`${service.url}/api/v1/registry/contacts/${id}`, {
      headers: agent.headers,
    });
    return (await answer.json()) as {
      addresses: { sentence: string; topics: { reason: string | null }[] }[];
    };
  };

  it('says who can be reached by the same rules as a campaign', async () => {
    const all = await search({});
    const reachable = Object.fromEntries(all.items.map((one) => [one.id, one.reachableBy]));
    expect(reachable).toEqual({ [people.anna]: [], [people.bo]: ['email'], [people.cia]: [] });
    expect(all.total).toBe(3);
    expect((await search({ reachableBy: 'email' })).items.map(({ id }) => id)).toEqual([people.bo]);
    expect((await search({ reachableBy: 'sms' })).items).toEqual([]);
  });

  it('tells a person’s history from all rooms, newest first, page by page', async () => {
    const { items } = await timeline(people.anna);
    expect(items.map(({ kind, what }) => `${kind} ${what}`)).toEqual([
      'message WITHHELD',
      'registry opt_out',
      expect.stringMatching(/^message (ACCEPTED|DELIVERED)$/),
      'registry grant',
    ]);
    const [withheld, optOut, sent] = items;
    expect(withheld!.sentence).toMatch(/^”Vårens kurser” skickades inte: .*avregistrerad\.$/);
    expect(optOut!.sentence).toContain(
      'Sa nej till all marknadsföring, via länken i ett mejl (”Höstens kurser”).',
    );
    expect([withheld!.viewable, optOut!.viewable, sent!.viewable]).toEqual([false, false, true]);
    const seen: string[] = [];
    let cursor: string | null = '';
    do {
      const page: Page<Happening> = await timeline(
        people.anna,
        `?limit=1&cursor=${cursor}`.replace(/&cursor=$/, ''),
      );
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.next;
    } while (cursor);
    expect(seen).toEqual(items.map(({ id }) => id));
    expect(JSON.stringify(items)).not.toContain('exempel.example');
  });

  it('tells what somebody learned among the rest, to who may read people and to nobody else', async () => {
    const crm = await apiKey(service, 'contacts:write', 'learning:write');
    const put = (path: string, body: object, verb = 'PUT') =>
      fetch(`${service.url}/api/v1/${path}`, {
        method: verb,
        headers: { 'content-type': 'application/json', ...crm.headers },
        body: JSON.stringify(body),
      });
    await put('courses/excel-1', { name: 'Excel grund' });
    const dan = (await (
      await put('contacts/dan', { kind: 'learner', email: 'dan@exempel.example' })
    ).json()) as {
      id: string;
    };
    const done = (eventId: string, kind: string, day: string) => ({
      eventId,
      kind,
      contactExternalId: 'dan',
      courseExternalId: kind === 'active' ? null : 'excel-1',
      occurredAt: `2026-03-${day}T09:00:00Z`,
    });
    const items = [
      done('started: "1"', 'started', '01'),
      done('2', 'active', '02'),
      done('3', 'completed', '03'),
    ];
    expect((await put('learner-events/batch', { items }, 'POST')).status).toBe(200);
    const told = async (query: string, caller = agent) =>
      (await call<Page<Happening>>('GET', `${dan.id}/timeline${query}`, undefined, caller)).json;
    const { items: all } = await told('');
    expect(all.map(({ sentence }) => sentence)).toEqual([
      expect.stringContaining('Lades in av'),
      'Gick klart Excel grund.',
      'Började Excel grund.',
    ]);
    const first = await told('?limit=2');
    expect((await told(`?limit=2&cursor=${first.next}`)).items).toEqual(all.slice(2));
    const auditor = await apiKey(service, 'registry:read');
    expect((await told('', auditor)).items.map(({ kind }) => kind)).toEqual(['data']);
  });

  it('says in one sentence why an address gets nothing, and what was answered with a no', async () => {
    const { addresses } = await explained(people.anna);
    expect(addresses[0]!.sentence).toMatch(
      /^Får inte e-post: nej från den här adressen .*, via länken i ett mejl \(”Höstens kurser”\)\.$/,
    );
  });

  it('shows the mail as the person got it, with no link that works', async () => {
    const { items } = await timeline(people.bo);
    const sent = items.find(({ viewable }) => viewable)!;
    const seen = await call<SeenMessage>('GET', `${people.bo}/messages/${sent.id}`);
    expect(seen.json).toMatchObject({ channel: 'email', subject: expect.any(String) });
    expect(seen.json.html).toContain('&lt;script&gt;');
    expect(seen.json.html).not.toContain('<script>');
    const [mail] = await service.mailbox('bo@exempel.example');
    const token = /\/u\/([\w-]+)/.exec(mail!.html)![1]!;
    expect(seen.json.html).not.toContain(token);
    expect(seen.json.text).not.toContain(token);
    const others = await call('GET', `${people.anna}/messages/${sent.id}`);
    expect(others).toMatchObject({ status: 404, json: { code: 'message_not_found' } });
    const withheld = (await timeline(people.anna)).items[0]!;
    expect((await call('GET', `${people.anna}/messages/${withheld.id}`)).status).toBe(404);
  });

  it('L-20: a corrected address needs a consent of its own, and keeps the no', async () => {
    const change = (id: string, body: object) => call<{ changed: string[] }>('PATCH', id, body);
    expect(
      (await change(people.bo, { firstName: 'Bo', city: 'Umeå' })).json.changed.sort(),
    ).toEqual(['city', 'first_name']);
    expect((await change(people.bo, { email: 'bo.ny@exempel.example' })).json.changed).toEqual([
      'email',
    ]);
    const bo = await explained(people.bo);
    expect(bo.addresses).toHaveLength(1);
    expect(bo.addresses[0]!.topics[0]!.reason).toBe('no_ground');
    await change(people.anna, { email: 'anna.ny@exempel.example' });
    const anna = await explained(people.anna);
    expect(anna.addresses[0]!.topics[0]!.reason).toMatch(/^suppressed/);
    const wrong = await call<{ errors: { path: string; code: string }[] }>('PATCH', people.bo, {
      email: 'utan snabel-a',
    });
    expect(wrong).toMatchObject({
      status: 422,
      json: { errors: [{ path: 'email', code: 'invalid_email' }] },
    });
    expect((await change(newId(), { city: 'Umeå' })).status).toBe(404);
    expect((await timeline(people.bo)).items[0]!.sentence).toBe(
      'Uppgifterna ändrades av en kollega.',
    );
  });

  it('sends a confirmation again only to somebody who waits for one, and once a day', async () => {
    const again = () => call('POST', `${people.cia}/confirmation`);
    expect(await again()).toMatchObject({ status: 404, json: { code: 'no_pending_signup' } });
    const id = await signUp('cia@exempel.example');
    await service.get(SettleSignup).run(id);
    const mails = () => service.mailbox('cia@exempel.example');
    await until(async () => (await mails()).length === 1, 10, 'the first confirmation');
    expect(await again()).toMatchObject({
      status: 409,
      json: { code: 'confirmation_sent_lately' },
    });
    await service.db.query(
      `UPDATE service_message SET created_at = created_at - interval '25 hours'`,
    );
    expect((await again()).status).toBe(202);
    await until(async () => (await mails()).length === 2, 10, 'the second confirmation');
    const links = (await mails()).map(({ text }) => /http\S*\/confirm\/\S+/.exec(text)![0]);
    expect(new Set(links).size).toBe(2);
    for (const link of links) expect((await fetch(service.local(link))).status).toBe(200);
  });

  async function signUp(email: string): Promise<string> {
    const id = newId();
    await service.db.query(
      `INSERT INTO wording (version, kind, language, text, created_at) VALUES ('w1', 'signup', 'sv', 'Ja', now())`,
    );
    await service.db.query(
      `INSERT INTO signup (id, email, address_key, topic_ids, language, state, token_hash, wording_version,
         policy_version, created_at, expires_at)
       VALUES ($1, $2, $3, ARRAY[$4::uuid], 'sv', 'RECEIVED', $5, 'w1', '2018-04-05', now(), now() + interval '7 days')`,
      [id, email, service.key(email), topicId, Buffer.from(id)],
    );
    return id;
  }
});
