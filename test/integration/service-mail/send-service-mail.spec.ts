import { contentHeaders } from '../../../src/features/channels/email/mail-headers';
import { SYSTEM_MAILS, SystemMails } from '../../../src/features/content/system-mails';
import { OptOuts } from '../../../src/features/registry/opt-outs';
import { Registry } from '../../../src/features/registry/registry.service';
import { SendServiceMail } from '../../../src/features/service-mail/send-service-mail';
import { ServiceMail } from '../../../src/features/service-mail/service-mail.service';
import type {
  ServiceMailData,
  ServiceMailOrder,
} from '../../../src/features/service-mail/service-templates';
import { SweepServiceMail } from '../../../src/features/service-mail/sweep-service-mail';
import { AddressKeys } from '../../../src/features/contacts/address-keys';
import { SYSTEM } from '../../../src/platform/http/actor';
import { startMailApp, type MailApp } from './mail-app';

const TO_CONFIRM = {
  topics: 'Nyhetsbrev',
  confirmUrl: 'https://utskick.example/confirm/x',
  validDays: '7',
  objectUrl: 'https://utskick.example/u/x',
};
const PREFERENCES = { preferencesUrl: 'https://utskick.example/preferences/x' };

const DATA: ServiceMailData = {
  'confirm-signup': TO_CONFIRM,
  'confirm-choice': TO_CONFIRM,
  'confirm-tracking': TO_CONFIRM,
  'already-subscribed': { topics: 'Nyhetsbrev', ...PREFERENCES },
  welcome: { topics: 'Nyhetsbrev', unsubscribeUrl: 'https://utskick.example/u/x', ...PREFERENCES },
  'opt-out-receipt': { scope: 'all reklam', recordedAt: '2 mars 2026', ...PREFERENCES },
  'login-link': { loginUrl: 'https://utskick.example/login/x', validMinutes: '15' },
};

describe('service mail', () => {
  let world: MailApp;
  let count = 0;
  beforeAll(async () => (world = await startMailApp()));
  afterAll(() => world.close());
  beforeEach(() => {
    world.provider.reset();
    world.queue.rung.length = 0;
  });

  const keyOf = (email: string) => world.app.get(AddressKeys).keysOf('email', email)[0]!;
  const nextAddress = () => `person${(count += 1)}@example.com`;

  async function queue(to: string, order: Partial<ServiceMailOrder<'opt-out-receipt'>> = {}) {
    const id = await world.db.tx((tx) =>
      world.app.get(ServiceMail).queue(tx, {
        template: 'opt-out-receipt',
        language: 'sv',
        to,
        addressKey: keyOf(to).key,
        data: DATA['opt-out-receipt'],
        idempotencyKey: `test:${to}`,
        ...order,
      }),
    );
    return id!;
  }
  const run = (id: string) => world.app.get(SendServiceMail).run(id);
  const sweep = async () => {
    await world.app.get(SweepServiceMail).run();
    await world.settle();
  };
  const rowOf = async (id: string) => {
    const [row] = await world.db.query<Record<string, unknown>>(
      'SELECT * FROM service_message WHERE id = $1',
      [id],
    );
    return row!;
  };
  const act = (email: string, kind: 'restrict' | 'erase' | 'undeliverable') =>
    world.db.tx((tx) =>
      world.app.get(Registry).record(tx, [
        {
          kind,
          scope: 'all',
          channel: null,
          address: { channel: 'email', ...keyOf(email) },
          contactId: null,
          door: kind === 'undeliverable' ? 'bounce' : 'privacy_officer',
          actor: SYSTEM,
        },
      ]),
    );

  it('leaves once, from the service address, as an automatic answer with a monitored reply address (P-15, P-17)', async () => {
    const to = nextAddress();
    const id = await queue(to);
    await run(id);
    await run(id);
    const [mail, ...more] = world.provider.to(to);
    expect(more).toEqual([]);
    expect(mail!.content.from.email).toBe(world.env.SERVICE_FROM);
    expect(mail!.content.from.email).not.toBe(world.env.MARKETING_FROM);
    expect(mail!.content.replyTo.email).toBe(world.env.CONTROLLER_EMAIL);
    expect(mail!.content.from.email).not.toMatch(/no-?reply/);
    expect(contentHeaders(mail!.content)).toEqual([['Auto-Submitted', 'auto-generated']]);
  });

  it('keeps neither address nor data once the outcome is final', async () => {
    const id = await queue(nextAddress());
    expect(await rowOf(id)).toMatchObject({ state: 'PLANNED', data: DATA['opt-out-receipt'] });
    world.provider.answer = () => ({ kind: 'accepted', providerId: 'p-1' });
    await run(id);
    expect(await rowOf(id)).toMatchObject({
      state: 'ACCEPTED',
      provider_id: 'p-1',
      to_address: null,
      data: {},
      settled_at: expect.any(Date),
    });
  });

  it('is queued once per reason, and not at all when the transaction fails', async () => {
    const to = nextAddress();
    const id = await queue(to);
    expect(id).toEqual(expect.any(String));
    expect(await queue(to)).toBeNull();
    const failing = world.db.tx(async (tx) => {
      await world.app.get(ServiceMail).queue(tx, {
        template: 'welcome',
        language: 'sv',
        to,
        addressKey: keyOf(to).key,
        data: DATA.welcome,
        idempotencyKey: 'lost',
      });
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    const [row] = await world.db.query<{ n: number }>(
      `SELECT count(*) AS n FROM service_message WHERE idempotency_key = 'lost'`,
    );
    expect(row!.n).toBe(0);
  });

  it('is handed over once, however many bells ring at the same time', async () => {
    const to = nextAddress();
    const id = await queue(to);
    await Promise.all(Array.from({ length: 20 }, () => run(id)));
    expect(world.provider.to(to)).toHaveLength(1);
  });

  it('with a link to log in is withheld when the link has ended, and other mails go on for a day', async () => {
    const [linkTo, receiptTo] = [nextAddress(), nextAddress()];
    const link = await world.db.tx((tx) =>
      world.app.get(ServiceMail).queue(tx, {
        template: 'login-link',
        language: 'sv',
        to: linkTo,
        addressKey: keyOf(linkTo).key,
        data: DATA['login-link'],
        idempotencyKey: `test:${linkTo}`,
      }),
    );
    const receipt = await queue(receiptTo);
    await world.db.query(
      `UPDATE service_message SET created_at = created_at - interval '15 minutes' WHERE id = ANY($1::uuid[])`,
      [[link, receipt]],
    );
    await run(link!);
    await run(receipt);
    expect(await rowOf(link!)).toMatchObject({
      state: 'WITHHELD',
      reason: 'outside_window',
      to_address: null,
      data: {},
    });
    expect(world.provider.to(linkTo)).toEqual([]);
    expect(world.provider.to(receiptTo)).toHaveLength(1);
  });

  it('is not stopped by an opt-out of marketing (F-86, P-33)', async () => {
    const to = nextAddress();
    await world.app.get(OptOuts).byAddress('email', to, { door: 'manual_form', actor: SYSTEM });
    const id = await queue(to);
    await run(id);
    expect(await rowOf(id)).toMatchObject({ state: 'ACCEPTED' });
    expect(world.provider.to(to)).toHaveLength(1);
  });

  it.each(['restrict', 'erase', 'undeliverable'] as const)(
    'is withheld from an address after %s, with the reason, and never leaves later',
    async (kind) => {
      const to = nextAddress();
      const id = await queue(to);
      await act(to, kind);
      await run(id);
      await sweep();
      const reason = { restrict: 'restricted', erase: 'erased', undeliverable: 'undeliverable' }[
        kind
      ];
      expect(await rowOf(id)).toMatchObject({ state: 'WITHHELD', reason, to_address: null });
      expect(world.provider.to(to)).toEqual([]);
    },
  );

  it('waits for a restriction that is being recorded, and obeys it', async () => {
    const to = nextAddress();
    await act(to, 'undeliverable');
    await world.db.query(`UPDATE gate SET undeliverable_at = NULL WHERE address_key = $1`, [
      keyOf(to).key,
    ]);
    const id = await queue(to);
    let ran: Promise<void> | undefined;
    await world.db.tx(async (tx) => {
      await tx.query('UPDATE gate SET restricted = true WHERE address_key = $1', [keyOf(to).key]);
      ran = run(id);
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(world.provider.to(to)).toEqual([]);
    });
    await ran;
    expect(await rowOf(id)).toMatchObject({ state: 'WITHHELD', reason: 'restricted' });
    expect(world.provider.to(to)).toEqual([]);
  });

  it('asks an erased address whether its owner wants to begin anew', async () => {
    const to = nextAddress();
    await act(to, 'erase');
    const id = await world.db.tx((tx) =>
      world.app.get(ServiceMail).queue(tx, {
        template: 'confirm-signup',
        language: 'en',
        to,
        addressKey: keyOf(to).key,
        data: DATA['confirm-signup'],
        idempotencyKey: `anew:${to}`,
      }),
    );
    await run(id!);
    expect(world.provider.to(to)).toHaveLength(1);
  });

  it('is never sent again by itself when nobody knows what became of it', async () => {
    const to = nextAddress();
    const id = await queue(to);
    world.provider.answer = () => ({ kind: 'unknown', code: 'timeout' });
    await run(id);
    world.provider.answer = () => ({ kind: 'accepted' });
    await run(id);
    await sweep();
    await world.db.query(
      `UPDATE service_message SET lease_until = now() - interval '1 day' WHERE id = $1`,
      [id],
    );
    await sweep();
    expect(world.provider.to(to)).toHaveLength(1);
    expect(await rowOf(id)).toMatchObject({
      state: 'UNKNOWN',
      reason: 'timeout',
      to_address: null,
    });
  });

  it('counts a channel that breaks as unknown, not as unsent', async () => {
    const to = nextAddress();
    const id = await queue(to);
    world.provider.answer = () => Promise.reject(new Error('broken'));
    await run(id);
    await sweep();
    expect(await rowOf(id)).toMatchObject({ state: 'UNKNOWN', reason: 'channel_fault' });
    expect(world.provider.to(to)).toHaveLength(1);
  });

  it('is unknown when the process died after handing over, and sent when it died before', async () => {
    const [before, after] = [nextAddress(), nextAddress()];
    const [claimed, handedOver] = [await queue(before), await queue(after)];
    const leave = (id: string, state: string) =>
      world.db.query(
        `UPDATE service_message SET state = $2, claim_token = gen_random_uuid(),
           lease_until = now() - interval '1 second' WHERE id = $1`,
        [id, state],
      );
    await leave(claimed, 'CLAIMED');
    await leave(handedOver, 'HANDED_OVER');
    await sweep();
    expect(await rowOf(claimed)).toMatchObject({ state: 'ACCEPTED' });
    expect(await rowOf(handedOver)).toMatchObject({ state: 'UNKNOWN', reason: 'lease_expired' });
    expect(world.provider.to(after)).toEqual([]);
  });

  it('believes a late answer to its own call', async () => {
    const to = nextAddress();
    const id = await queue(to);
    world.provider.answer = async () => {
      await world.db.query(
        `UPDATE service_message SET lease_until = now() - interval '1 second' WHERE id = $1`,
        [id],
      );
      await world.app.get(SweepServiceMail).run();
      return { kind: 'accepted' };
    };
    await run(id);
    expect(await rowOf(id)).toMatchObject({ state: 'ACCEPTED', reason: null });
  });

  it.each([
    [{ kind: 'not_sent', code: 'connect' } as const, 'connect', 15],
    [{ kind: 'rate_limited', retryAfterSeconds: 40 } as const, 'rate_limited', 40],
    [
      {
        kind: 'refused',
        code: 'http_503',
        detail: '',
        permanent: false,
        retryAfterSeconds: 90,
      } as const,
      'http_503',
      90,
    ],
  ])(
    'waits and tries again after %j, which proves that nothing was sent',
    async (verdict, reason, seconds) => {
      const to = nextAddress();
      const id = await queue(to);
      world.provider.answer = () => verdict;
      await run(id);
      const row = await rowOf(id);
      expect(row).toMatchObject({ state: 'RETRY_WAIT', reason, to_address: to });
      const wait = (row.retry_at as Date).getTime() - Date.now();
      expect(wait).toBeGreaterThan((seconds - 10) * 1000);
      expect(wait).toBeLessThanOrEqual(seconds * 1000);
      world.provider.answer = () => ({ kind: 'accepted' });
      await run(id);
      expect(world.provider.to(to)).toHaveLength(1);
      await world.db.query('UPDATE service_message SET retry_at = now() WHERE id = $1', [id]);
      await sweep();
      expect(await rowOf(id)).toMatchObject({ state: 'ACCEPTED' });
      expect(world.provider.to(to)).toHaveLength(2);
    },
  );

  it('ends when the provider refuses for good, or after a day', async () => {
    const [refused, stale] = [await queue(nextAddress()), await queue(nextAddress())];
    world.provider.answer = () => ({
      kind: 'refused',
      code: 'http_400',
      detail: '',
      permanent: true,
    });
    await run(refused);
    expect(await rowOf(refused)).toMatchObject({
      state: 'REJECTED',
      reason: 'http_400',
      to_address: null,
    });
    await world.db.query(
      `UPDATE service_message SET created_at = now() - interval '25 hours' WHERE id = $1`,
      [stale],
    );
    await run(stale);
    expect(await rowOf(stale)).toMatchObject({ state: 'WITHHELD', reason: 'outside_window' });
    expect(world.provider.calls).toHaveLength(1);
  });

  it.each(SYSTEM_MAILS.flatMap((mail) => [[mail, 'sv'] as const, [mail, 'en'] as const]))(
    'can be made from its data: %s in %s',
    async (mail, language) => {
      const rendered = await world.app
        .get(SystemMails)
        .render(mail, language, DATA[mail] as unknown as Record<string, string>);
      expect(rendered.subject).not.toBe('');
      for (const value of Object.values(DATA[mail])) {
        if (String(value).startsWith('https:')) expect(rendered.text).toContain(value);
      }
      expect(`${rendered.html}${rendered.text}${rendered.subject}`).not.toMatch(/\{\{|\{%/);
    },
  );
});
