import { OptOuts } from '../../../src/features/registry/opt-outs';
import { LinkTokens } from '../../../src/features/registry/link-tokens';
import { newId } from '../../../src/platform/ids';
import { openSignups, type SignupsWorld } from './signups-world';

const ANNA = 'anna@example.com';

describe('keeping something after a no', () => {
  let world: SignupsWorld;
  let token: string;
  beforeAll(async () => (world = await openSignups()));
  afterAll(() => world.close());
  beforeEach(async () => {
    await world.reset();
    await world.subscribe(ANNA, [world.news, world.tips]);
    token = /\/u\/([\w-]{22})/.exec(world.provider.to(ANNA).at(-1)!.text)![1]!;
    await world.app.get(OptOuts).byToken(token, { detail: 'form' });
    world.provider.reset();
  });

  const keep = (topic: string[], using = token) =>
    world.http.post(`/preferences/${using}/keep?lang=sv`).type('form').send({ topic });

  it('is asked of the mailbox, and holds for what was ticked once that has agreed (P-72, F-48)', async () => {
    await keep([world.tips]).expect(200, /Kolla din inkorg/);
    await world.settle();
    expect(await world.gate(ANNA)).toMatchObject({ no_all: true, allowed: [] });
    const link = world.linkTo(ANNA);
    expect(world.provider.calls).toHaveLength(1);
    await world.http.get(link).expect(200);
    expect(await world.gate(ANNA)).toMatchObject({ allowed: [] });
    await world.http.post(link).expect(200, /Välkommen/);
    expect(await world.gate(ANNA)).toMatchObject({ allowed: [world.tips] });
    expect((await world.ledger()).at(-1)).toMatchObject({
      kind: 'grant',
      method: 'double_opt_in_post',
      detail: 'preferences',
      wording_version: expect.stringMatching(/^keep_topics-sv-/),
    });
  });

  it('may follow the no at once, although a sign-up was confirmed the same day', async () => {
    await keep([world.news]).expect(200);
    await world.settle();
    expect(world.provider.to(ANNA)).toHaveLength(1);
    await keep([world.tips]).expect(200, /Kolla din inkorg/);
    await world.settle();
    expect(world.provider.to(ANNA)).toHaveLength(1);
  });

  it('takes the language of the page along', async () => {
    const path = `/preferences/${token}/keep?lang=en`;
    await world.http
      .post(path)
      .type('form')
      .send({ 'topic[]': world.news })
      .expect(200, /Check your inbox/);
    await world.settle();
    expect(world.provider.to(ANNA)[0]!.subject).toMatch(/Confirm/);
  });

  it('goes back to the choice when nothing was ticked, and does nothing', async () => {
    const before = await world.signups();
    const answer = await keep([]).expect(303);
    expect(answer.headers.location).toBe(`/preferences/${token}?lang=sv`);
    expect(await world.signups()).toEqual(before);
  });

  it('needs a link of ours: a forged one does nothing (threat 10)', async () => {
    const before = await world.signups();
    await keep([world.news], 'AAAAAAAAAAAAAAAAAAAAAA').expect(404, /känns inte igen/);
    expect(await world.signups()).toEqual(before);
  });

  it('changes nothing with the link of a test mail (P-18)', async () => {
    const links = world.app.get(LinkTokens);
    const test = links.tokenFor(newId());
    await links.store(world.db, [
      { hash: links.hash(test), class: 'test', channel: 'email', addressKey: world.keyOf(ANNA) },
    ]);
    const before = await world.signups();
    await keep([world.news], test).expect(200, /Testutskick/);
    expect(await world.signups()).toEqual(before);
  });

  it('offers the form when the person was erased, since there is no address left to ask', async () => {
    await world.erase(ANNA);
    const { text } = await keep([world.news]).expect(200);
    expect(text).toContain('Vi har inte din adress längre');
    expect(text).toContain('action="/signup/nyhetsbrev"');
  });
});
