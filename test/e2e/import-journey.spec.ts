import { CreateAdmin } from '../../src/features/accounts/create-admin';
import { peopleCsv } from '../setup/csv';
import { Service, until } from '../setup/service';

interface ImportItem {
  id: string;
  state: string;
  encoding: string;
  delimiter: string;
  counts: Record<'rows' | 'new' | 'changed' | 'unchanged' | 'optedOut' | 'faulty', number>;
}

const ROWS = 10_000;
const DEFECTIVE = 300;

describe('a file as Swedish Excel writes it, to a campaign, to a no, to the next campaign', () => {
  let service: Service;
  let topicId: string;
  let cookie: string;
  const file = peopleCsv({
    rows: ROWS,
    defective: DEFECTIVE,
    encoding: 'windows-1252',
    delimiter: ';',
    topic: 'nyhetsbrev',
  });

  beforeAll(async () => {
    service = await Service.open({ APPROVAL_ABOVE: '20000' });
    topicId = await service.topic('nyhetsbrev');
    cookie = await logIn();
  });
  afterAll(() => service.close());

  it('is imported: good rows kept, 300 defective rows told apart in ten ways', async () => {
    const done = await importFile();
    expect(done).toMatchObject({ encoding: 'windows-1252', delimiter: ';', state: 'finished' });
    expect(done.counts).toMatchObject({
      rows: ROWS,
      new: file.good,
      faulty: DEFECTIVE,
      optedOut: 0,
    });
    const faults = await (await call('GET', `/imports/${done.id}/faults.csv`)).text();
    const told = new Set(
      faults
        .trim()
        .split(/\r?\n/)
        .slice(1)
        .map((line) => Number(/^\D*(\d+)/.exec(line)?.[1])),
    );
    expect(told).toEqual(new Set(file.faulty.keys()));
    const [row] = await service.db.query<{ n: number }>(
      `SELECT count(*) AS n FROM contact WHERE last_name = 'Ågren'`,
    );
    expect(row!.n).toBeGreaterThan(0);
  }, 120_000);

  it('goes out to exactly those who may get it, and the equation holds', async () => {
    const counts = await service.settled(await service.launch(topicId), ['finished'], 120);
    expect(counts.gap).toBe(0);
    expect(counts.buckets).toMatchObject({
      accepted: file.good,
      withheld: 0,
      pending: 0,
      unknown: 0,
    });
    const [mails] = await service.db.query<{ n: number; people: number; copies: number }>(
      `SELECT count(*) AS n, count(DISTINCT to_address) AS people, max(copies) AS copies FROM mailbox_message`,
    );
    expect(mails).toEqual({ n: file.good, people: file.good, copies: 1 });
  }, 150_000);

  it('F-40 F-42 stays left by both who left, when the same file comes again, and the next campaign says why', async () => {
    const [byPage, byHeader] = await mailsOf(2);
    const page = await fetch(`${service.local(byPage!.url)}?lang=sv`, {
      method: 'POST',
      body: new URLSearchParams({ form: '1' }),
    });
    expect(await page.text()).toContain('Du får inget mer');
    const oneClick = await fetch(service.local(byHeader!.url), {
      method: 'POST',
      redirect: 'manual',
      body: 'List-Unsubscribe=One-Click',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(oneClick.status).toBe(200);

    const before = await ledgerSize();
    const again = await importFile();
    // People may share a number with somebody who left; their number stays silent with it.
    const optedOut = await silenced();
    expect(again.counts).toMatchObject({
      new: 0,
      changed: 0,
      unchanged: file.good - optedOut,
      optedOut,
      faulty: DEFECTIVE,
    });
    expect(await ledgerSize()).toBe(before);

    const campaignId = await service.launch(topicId);
    const counts = await service.settled(campaignId, ['finished'], 120);
    expect(counts.buckets).toMatchObject({ accepted: file.good - 2, withheld: 2 });
    const answer = await call('GET', `/campaigns/${campaignId}/messages?state=WITHHELD`);
    const { items } = (await answer.json()) as { items: Record<string, unknown>[] };
    expect(items).toHaveLength(2);
    for (const item of items) {
      expect(item).toMatchObject({ reason: 'suppressed_address', reasonDoor: 'link' });
      expect(Date.parse(item.reasonAt as string)).toBeLessThan(
        Date.parse(item.decidedAt as string),
      );
    }
    expect(items.map(({ reasonDetail }) => reasonDetail).sort()).toEqual(['form', 'one_click']);
  }, 200_000);

  async function importFile(): Promise<ImportItem> {
    const form = new FormData();
    form.set('kind', 'company_contact');
    form.set('source', 'company_contact');
    form.set('topics', 'nyhetsbrev');
    form.set('file', new Blob([new Uint8Array(file.bytes)], { type: 'text/csv' }), 'kunder.csv');
    const created = (await (await call('POST', '/imports', form)).json()) as ImportItem;
    await call('PUT', `/imports/${created.id}/mapping`, {
      consent: {
        channels: ['email'],
        reference: 'mässan i Lund',
        collectedAt: '2026-09-01T12:00:00Z',
      },
      notice: { version: '2018-04-05', at: '2026-09-01T12:00:00Z' },
    });
    await call('POST', `/imports/${created.id}/start`);
    let item = created;
    await until(
      async () => {
        item = (await (await call('GET', `/imports/${created.id}`)).json()) as ImportItem;
        return ['finished', 'failed'].includes(item.state);
      },
      100,
      'the import',
    );
    return item;
  }

  async function mailsOf(count: number): Promise<{ url: string }[]> {
    const rows = await service.db.query<{ text: string }>(
      `SELECT text FROM mailbox_message ORDER BY to_address LIMIT $1`,
      [count],
    );
    return rows.map(({ text }) => ({ url: /http\S+\/u\/[\w-]{22}/.exec(text)![0] }));
  }

  async function silenced(): Promise<number> {
    const [row] = await service.db.query<{ n: number }>(
      `SELECT count(DISTINCT a.contact_id) AS n FROM gate g JOIN address a USING (address_key) WHERE g.no_all`,
    );
    return row!.n;
  }

  async function ledgerSize(): Promise<number> {
    return (await service.db.query<{ n: number }>('SELECT count(*) AS n FROM ledger_entry'))[0]!.n;
  }

  async function logIn(): Promise<string> {
    const email = 'maja@larkraft.example';
    const { id, password } = await service.get(CreateAdmin).run({ email, name: 'Maja' });
    await service.db.query(`UPDATE staff SET roles = '{admin,approver}' WHERE id = $1`, [id]);
    const answer = await fetch(`${service.url}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email, password }),
    });
    return answer.headers.getSetCookie()[0]!.split(';')[0]!;
  }

  async function call(method: string, path: string, body?: FormData | object): Promise<Response> {
    const json = body && !(body instanceof FormData);
    const response = await fetch(`${service.url}/api/v1${path}`, {
      method,
      headers: {
        cookie,
        origin: service.env.PUBLIC_URL,
        ...(json ? { 'content-type': 'application/json' } : {}),
      },
      body: json ? JSON.stringify(body) : (body as FormData | undefined),
    });
    if (!response.ok)
      throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response;
  }
});
