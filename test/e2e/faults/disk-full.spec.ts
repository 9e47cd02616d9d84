import { SendGridStub } from '../../provider-stub/sendgrid-stub';
import { Service, until } from '../../setup/service';

const PEOPLE = 200;
const LEAVERS = 20;
/** Everything a hand-over writes; what a no writes lies in other tables. */
const MESSAGE_PATH = ['message', 'batch', 'link_token'];

/**
 * Filling a real disk needs a file system of its own, which a test may not mount. So PostgreSQL says what it
 * would say (53100), for the tables that sending writes to, while the ledger's are spared by the space kept free.
 */
describe('a disk that is full for everything but the registry', () => {
  let stub: SendGridStub;
  let service: Service;
  let topicId: string;

  beforeAll(async () => {
    stub = await SendGridStub.start();
    service = await Service.open({
      EMAIL_CHANNEL: 'sendgrid',
      SENDGRID_API_KEY: 'SG.test',
      SENDGRID_API_URL: stub.url,
      BATCH_SIZE: '5',
    });
    topicId = await service.topic('nyhetsbrev');
    const people = Array.from({ length: PEOPLE }, (_, n) => ({ email: `p${n}@exempel.example` }));
    await service.people(topicId, people);
  });
  afterAll(async () => {
    await service.close();
    await stub.stop();
  });

  async function fill(): Promise<void> {
    const triggers = MESSAGE_PATH.map(
      (table) => `CREATE TRIGGER disk_full BEFORE INSERT OR UPDATE ON ${table}
        FOR EACH STATEMENT EXECUTE FUNCTION disk_full();`,
    );
    await service.db.query(`
      CREATE FUNCTION disk_full() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100';
      END $$; ${triggers.join('\n')}`);
  }

  it('fault 25: stops sending at once, records every no, and goes on by itself when there is room', async () => {
    await service.settled(await service.launch(topicId, { templateKey: 'enkel' }));
    const links = stub.delivered.map(({ headers }) => headers['List-Unsubscribe']!.slice(1, -1));

    stub.mode = { kind: 'accept', delayMs: 100 };
    const before = stub.takenByMessage().size;
    const taken = () => stub.takenByMessage().size - before;
    const campaignId = await service.launch(topicId, { templateKey: 'enkel' });
    await until(async () => taken() > PEOPLE / 10, 20, 'a tenth of the audience');
    await fill();
    await new Promise((resolve) => setTimeout(resolve, 500));
    const requests = stub.requests.length;
    for (const link of links.slice(-LEAVERS)) {
      expect((await fetch(service.local(link), { method: 'POST' })).status).toBe(200);
    }
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect(stub.requests.length).toBe(requests);
    expect(taken()).toBeLessThan(PEOPLE);

    await service.db.query('DROP FUNCTION disk_full CASCADE');
    const counts = await service.settled(campaignId, ['finished'], 40);
    expect(counts).toMatchObject({ audience: PEOPLE, gap: 0 });
    const { accepted, withheld, ...rest } = counts.buckets;
    expect(accepted + withheld).toBe(PEOPLE);
    expect(withheld).toBeGreaterThan(0);
    expect(withheld).toBeLessThanOrEqual(LEAVERS);
    expect(Object.values(rest).every((count) => count === 0)).toBe(true);
    expect(stub.account().doubled).toBe(0);
    const [noes] = await service.db.query<{ count: number }>(
      `SELECT count(*) FROM ledger_entry WHERE kind = 'opt_out'`,
    );
    expect(noes!.count).toBe(LEAVERS);
  }, 90_000);
});
