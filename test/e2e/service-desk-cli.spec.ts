import { ReceiveReply } from '../../src/features/feedback/receive-reply';
import { Cases } from '../../src/features/service-desk/cases/cases.service';
import { OPERATOR } from '../../src/platform/http/actor';
import { utskick } from '../setup/cli';
import { Service, TEST_SETTINGS } from '../setup/service';

describe('the service desk from a terminal', () => {
  const email = 'terminal@exempel.example';
  const phone = '+46701740609';
  let service: Service;
  const cli = (args: string[], piped?: string) =>
    utskick(
      {
        ...TEST_SETTINGS,
        DATABASE_URL: service.env.DATABASE_URL!,
        ...(service.env.REDIS_URL ? { REDIS_URL: service.env.REDIS_URL } : {}),
      },
      ['desk', ...args],
      undefined,
      piped,
    );

  beforeAll(async () => {
    service = await Service.open({}, 'web');
    const topicId = await service.topic('nyhetsbrev');
    await service.people(topicId, [{ email, phone, firstName: 'Kim' }]);
  });
  afterAll(() => service.close());

  it('records a no and finds it again, with the address kept out of the history of the shell', async () => {
    const args = ['stop', '-', '--came-by', 'letter', '--words', 'Brev'];
    const told = await cli(args, `${email}\n`);
    expect(told).toMatchObject({ code: 0, err: '' });
    expect(told.out).toMatch(/no more marketing[^]*\+46 ••• 09 {2}covered as well\n/);
    const [, reference] = /Reference to give to the person: (A-\d{4}-\d{6})\n/.exec(told.out)!;
    const found = await cli(['search', reference!]);
    expect(found.out).toMatch(/^Kim[^]*✗ Does not get any marketing: the person said no/);
    expect((await cli(['search', '-'], `${email}\n`)).out).toContain(reference);
    expect((await cli(['search', 'Ingen Alls'])).out).toBe('Nobody was found.\n');
  });

  it('lists open cases, and tells what is wrong', async () => {
    expect((await cli(['cases'])).out).toBe('No cases are open.\n');
    const told = { kind: 'stop' as const, cameBy: 'phone' as const, reference: 'T-1' };
    const { reference } = await service.get(Cases).open({ ...told, address: email }, OPERATOR);
    expect((await cli(['cases'])).out).toContain(reference);
    const wrong = await cli(['stop', 'ingen adress']);
    expect(wrong.code).toBe(1);
    expect(wrong.err).toContain('(invalid_address)');
    const taken = await cli(['stop', email, '--reference', 'T-1']);
    expect(taken.err).toContain('(reference_of_another_case)');
  });

  it('lists the replies that wait, and marks those that have waited too long', async () => {
    expect((await cli(['replies'])).out).toBe('No replies wait to be read.\n');
    for (const providerId of ['SM1', 'SM2'])
      await service.get(ReceiveReply).run({
        channel: 'sms',
        provider: 'twilio',
        providerId,
        from: phone,
        body: 'Vem är det som skriver\ntill mig hela tiden?',
      });
    await service.db.query(
      `UPDATE reply SET at = now() - interval '14 days' WHERE provider_id = 'SM1'`,
    );
    const [first, second] = (await cli(['replies'])).out.split('\n');
    expect(first).toMatch(/^ {2}! .* sms {2}\+46701740609 {2}Vem är det som skriver till mig/);
    expect(second).not.toContain('!');
  });
});
