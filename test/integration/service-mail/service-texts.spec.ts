import { AddressKeys } from '../../../src/features/contacts/address-keys';
import { SendServiceMail } from '../../../src/features/service-mail/send-service-mail';
import { ServiceMail } from '../../../src/features/service-mail/service-mail.service';
import { startMailApp, type MailApp } from './mail-app';

describe('service messages by text message', () => {
  let world: MailApp;
  let last = 605;
  beforeAll(async () => (world = await startMailApp({ SMS_CHANNEL: 'mailbox' })));
  afterAll(() => world.close());

  async function queue(): Promise<{ id: string; to: string }> {
    const to = `+46701740${(last += 1)}`;
    const id = await world.db.tx((tx) =>
      world.app.get(ServiceMail).queue(tx, {
        template: 'phone-code',
        language: 'sv',
        to,
        addressKey: world.app.get(AddressKeys).keysOf('sms', to)[0]!.key,
        data: { code: '012345', validMinutes: '10' },
        idempotencyKey: `test:${to}`,
      }),
    );
    return { id: id!, to };
  }
  const send = (id: string) => world.app.get(SendServiceMail).run(id);
  const sentTo = (to: string) =>
    world.db.query<{ channel: string; copies: number }>(
      'SELECT channel, copies FROM mailbox_message WHERE to_address = $1',
      [to],
    );
  const rowOf = async (id: string) =>
    (
      await world.db.query<Record<string, unknown>>('SELECT * FROM service_message WHERE id = $1', [
        id,
      ])
    )[0];

  it('leave once, whoever rings how often, and nothing of them is kept', async () => {
    const { id, to } = await queue();
    expect(await rowOf(id)).toMatchObject({ channel: 'sms', state: 'PLANNED', to_address: to });
    await Promise.all([send(id), send(id), send(id)]);
    await send(id);
    expect(await sentTo(to)).toEqual([{ channel: 'sms', copies: 1 }]);
    expect(await rowOf(id)).toMatchObject({ state: 'ACCEPTED', to_address: null, data: {} });
    expect(world.provider.to(to)).toEqual([]);
  });

  it('are withheld when they are ten minutes late', async () => {
    const { id, to } = await queue();
    await world.db.query(
      `UPDATE service_message SET created_at = created_at - interval '10 minutes' WHERE id = $1`,
      [id],
    );
    await send(id);
    expect(await sentTo(to)).toEqual([]);
    expect(await rowOf(id)).toMatchObject({
      state: 'WITHHELD',
      reason: 'outside_window',
      to_address: null,
      data: {},
    });
  });
});
