import { SendGridLists } from '../../../src/features/channels/email/sendgrid/sendgrid-lists';
import type { ListsMode } from '../../provider-stub/sendgrid-lists-stub';
import { SendGridStub } from '../../provider-stub/sendgrid-stub';

describe('the lists of SendGrid', () => {
  let stub: SendGridStub;
  let lists: SendGridLists;

  beforeEach(async () => {
    stub = await SendGridStub.start();
    lists = new SendGridLists({ apiKey: 'SG.test', baseUrl: stub.url });
  });
  afterEach(async () => {
    lists.onModuleDestroy();
    await stub.stop();
  });

  const everything = { since: null, until: new Date(Date.now() + 60_000) };

  it('P-33 take a thousand addresses at once, and the same again', async () => {
    const emails = Array.from({ length: 1_000 }, (_, n) => `kund${n}@exempel.example`);
    for (const _ of ['once', 'again'])
      expect(await lists.block(emails)).toEqual({ kind: 'done', value: null });
    expect(stub.lists.emails('unsubscribes')).toHaveLength(1_000);
    expect(stub.requests).toEqual([]);
  });

  it('P-38 are read in pages until one is empty, from a time on when asked', async () => {
    for (let n = 0; n < 501; n += 1)
      stub.lists.put('bounces', `kund${n}@exempel.example`, {
        created: 1_700_000_000 + n,
        reason: 'a mail server with very much to say. '.repeat(40),
        status: n % 2 === 0 ? '5.1.1' : '4.2.2',
      });
    const sizes: number[] = [];
    for (let offset = 0; ;) {
      const page = await lists.page('bounces', { ...everything, offset });
      if (page.kind !== 'done') throw new Error(page.code);
      sizes.push(page.value.length);
      if (page.value.length === 0) break;
      offset += page.value.length;
    }
    expect(sizes).toEqual([500, 1, 0]);
    const since = new Date(1_700_000_499_000);
    expect(await lists.page('bounces', { ...everything, since, offset: 0 })).toEqual({
      kind: 'done',
      value: [
        { email: 'kund500@exempel.example', at: new Date(1_700_000_500_000), temporary: false },
        { email: 'kund499@exempel.example', at: new Date(1_700_000_499_000), temporary: true },
      ],
    });
  });

  it.each<[string, ListsMode, object]>([
    [
      'one that asks for patience',
      { kind: 'status', status: 429, retryAfter: '7' },
      { kind: 'later', code: '429', retryAfterSeconds: 7 },
    ],
    [
      'a fault of theirs',
      { kind: 'status', status: 503 },
      { kind: 'later', code: '503', retryAfterSeconds: null },
    ],
    ['a key without the right', { kind: 'status', status: 403 }, { kind: 'refused', code: '403' }],
    ['half a page', { kind: 'break_off' }, { kind: 'later', code: 'unreadable' }],
  ])('tell answers apart: %s', async (_, mode, expected) => {
    stub.lists.put('blocks', 'kund@exempel.example');
    stub.lists.mode = mode;
    expect(await lists.page('blocks', { ...everything, offset: 0 })).toMatchObject(expected);
  });

  it('take a lost answer for none', async () => {
    stub.lists.mode = { kind: 'add_then_drop' };
    expect(await lists.block(['kund@exempel.example'])).toMatchObject({ kind: 'later' });
  });
});
