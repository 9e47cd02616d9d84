import { EmailCarrier } from '../../../src/features/delivery/carriers/email-carrier';
import { SendGridStub } from '../../provider-stub/sendgrid-stub';
import { Service } from '../../setup/service';

const PEOPLE = 100;
const MEGABYTE = 1_000_000;

describe('poison in a campaign', () => {
  let stub: SendGridStub;
  let service: Service;
  let topicId: string;

  beforeAll(async () => {
    stub = await SendGridStub.start();
    service = await Service.open({
      EMAIL_CHANNEL: 'sendgrid',
      SENDGRID_API_KEY: 'SG.test',
      SENDGRID_API_URL: stub.url,
    });
    topicId = await service.topic('nyhetsbrev');
    const people = Array.from({ length: PEOPLE }, (_, n) => ({ email: `p${n}@exempel.example` }));
    await service.people(topicId, people);
  });
  afterEach(() => {
    jest.restoreAllMocks();
    stub.mode = { kind: 'accept' };
  });
  afterAll(async () => {
    await service.close();
    await stub.stop();
  });

  /** The person with this address, as an older, more trusting version may have left them. */
  async function spoil(n: number, table: 'address' | 'contact', column: string, value: string) {
    await service.db.query(
      `UPDATE ${table} t SET ${column} = $2 FROM address a
       WHERE a.canonical = $1 AND t.id = a.${table === 'address' ? 'id' : 'contact_id'}`,
      [`p${n}@exempel.example`, value],
    );
  }

  it('fault 26: six poisoned recipients of a hundred cost nobody else their mail, and each says what was wrong', async () => {
    await spoil(1, 'address', 'value', '"a@evil.example x"@exempel.example');
    await spoil(2, 'contact', 'first_name', 'Kim\r\nBcc: alla@evil.example');
    await spoil(3, 'contact', 'first_name', 'x'.repeat(MEGABYTE / 10));
    await spoil(4, 'contact', 'first_name', '{{ contact.email }}{% raw %}');
    stub.mode = { kind: 'refuse', addresses: ['p5@exempel.example'], naming: false };
    const recipient = Reflect.get(EmailCarrier.prototype, 'recipient') as EmailCarrier['recipient'];
    jest.spyOn(EmailCarrier.prototype, 'recipient').mockImplementation(function (
      this: EmailCarrier,
      ...args
    ) {
      if (args[0].to === 'p6@exempel.example') throw new Error('no such filter');
      return recipient.apply(this, args);
    });
    const campaignId = await service.launch(topicId, { templateKey: 'enkel' });
    const counts = await service.settled(campaignId, ['finished'], 40);
    expect(counts).toMatchObject({ gap: 0, buckets: { accepted: PEOPLE - 3, rejected: 3 } });
    expect(stub.account()).toEqual({ taken: PEOPLE - 3, doubled: 0 });

    const rejected = await service.db.query(
      `SELECT a.canonical AS who, m.outcome_code AS why FROM message_status m
       JOIN address a ON a.id = m.address_id WHERE m.state = 'REJECTED' ORDER BY 1`,
    );
    expect(rejected).toEqual([
      { who: 'p1@exempel.example', why: 'unsafe_address' },
      { who: 'p5@exempel.example', why: 'http_400' },
      { who: 'p6@exempel.example', why: 'render_failed' },
    ]);
    // The others' poison was only text, on one line.
    const subjects = stub.delivered
      .filter(({ to }) => /^p[24]@/.test(to))
      .map(({ subject }) => subject);
    expect(subjects.every((subject) => !/[\r\n]/.test(subject))).toBe(true);
    expect(subjects.some((subject) => subject.endsWith('{{ contact.email }}{% raw %}'))).toBe(true);
  }, 60_000);

  it.each([
    ['10 MB', 'x'.repeat(10 * MEGABYTE)],
    ['no end', '{% if contact.first_name %}'],
    ['a thousand loops in loops', '{% for a in (1..1000) %}'.repeat(10)],
    ['ten thousand open tags', '<mj-text>'.repeat(10_000)],
  ])(
    'fault 26: a body with %s is told so within seconds, and nothing of it leaves',
    async (_, text) => {
      const requests = stub.requests.length;
      const begun = performance.now();
      const body = `<mj-section><mj-column><mj-text>${text}</mj-text></mj-column></mj-section>`;
      const launched = service.launch(topicId, { templateKey: 'enkel', body });
      await expect(launched).rejects.toMatchObject({ status: 422 });
      expect(performance.now() - begun).toBeLessThan(10_000);
      expect(stub.requests.length).toBe(requests);
    },
  );
});
