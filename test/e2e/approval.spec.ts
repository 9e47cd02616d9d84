import { Campaigns } from '../../src/features/campaigns/campaigns.service';
import { TextRecords } from '../../src/features/campaigns/check-domain';
import { logIn, type Caller } from '../setup/callers';
import { Service } from '../setup/service';
import { OPERATOR } from '../../src/platform/http/actor';

const GOOD: Record<string, string[]> = {
  'larkraft.example': ['google-site-verification=x', 'v=spf1 include:sendgrid.net -all'],
  's1._domainkey.larkraft.example': [`k=rsa; p=${'A'.repeat(216)}`],
  '_dmarc.larkraft.example': ['v=DMARC1; p=quarantine; rua=mailto:dmarc@larkraft.example'],
};

describe('approving a campaign', () => {
  let service: Service;
  let topicId: string;
  let approver: Caller;
  let asked: string[] = [];

  beforeAll(async () => {
    service = await Service.open({ REQUIRE_DOMAIN_CHECK: 'true' });
    topicId = await service.topic('nyhetsbrev');
    await service.people(topicId, [{ email: 'kund@exempel.example' }]);
    approver = await logIn(service, 'approver');
  });
  beforeEach(async () => {
    asked = [];
    dnsSays(GOOD);
    await service.db.query('TRUNCATE domain_check');
  });
  afterAll(() => service.close());

  it('P-21 asks DNS whether mailbox providers will believe the sender, once a day', async () => {
    expect((await approve()).status).toBe(200);
    expect(asked).toEqual(expect.arrayContaining(Object.keys(GOOD)));
    asked = [];
    expect((await approve()).status).toBe(200);
    expect(asked).toEqual([]);
    await service.db.query(`UPDATE domain_check SET checked_at = now() - interval '24 hours'`);
    expect((await approve()).status).toBe(200);
    expect(asked).toEqual(expect.arrayContaining(Object.keys(GOOD)));
  });

  it.each<[string, Record<string, string[] | Error>, string[]]>([
    ['no SPF record', { 'larkraft.example': ['v=spf10 +all'] }, ['spf_missing']],
    ['no DKIM key', { 's1._domainkey.larkraft.example': [] }, ['dkim_missing']],
    ['a revoked DKIM key', { 's1._domainkey.larkraft.example': ['k=rsa; p='] }, ['dkim_missing']],
    ['no DMARC record', { '_dmarc.larkraft.example': [] }, ['dmarc_missing']],
    [
      'a DMARC record that nobody reads reports of',
      { '_dmarc.larkraft.example': ['v=DMARC1; p=none'] },
      ['dmarc_missing'],
    ],
    [
      'a DNS that does not answer',
      {
        'larkraft.example': new Error('ETIMEOUT'),
        '_dmarc.larkraft.example': new Error('ESERVFAIL'),
      },
      ['spf_missing', 'dmarc_missing'],
    ],
    [
      'nothing at all',
      Object.fromEntries(Object.keys(GOOD).map((name) => [name, []])),
      ['spf_missing', 'dkim_missing', 'dmarc_missing'],
    ],
  ])('P-21 refuses with %s, and approves as soon as it is mended', async (_, wrong, codes) => {
    dnsSays({ ...GOOD, ...wrong });
    const refused = await approve();
    expect(refused.status).toBe(422);
    expect(refused.body.code).toBe('sender_domain_not_authenticated');
    expect(refused.body.errors!.map(({ code }) => code)).toEqual(codes);
    dnsSays(GOOD);
    expect((await approve()).status).toBe(200);
  });

  it('P-21 asks the same of a campaign that is too small to need approval', async () => {
    dnsSays({});
    const campaign = await service.get(Campaigns).create(draft(), OPERATOR);
    const launched = await post(campaign.id, 'launch');
    expect([launched.status, launched.body.code]).toEqual([422, 'sender_domain_not_authenticated']);
    expect((await service.get(Campaigns).get(campaign.id)).state).toBe('draft');
  });

  it('P-21 looks at the domain of the sender that the campaign names', async () => {
    const edits = { senderEmail: 'kurs@annan.example' };
    const refused = await approve(edits);
    expect(refused.status).toBe(422);
    expect(asked).toContain('_dmarc.annan.example');
  });

  function dnsSays(records: Record<string, string[] | Error>): void {
    service.get(TextRecords).at = async (name) => {
      asked.push(name);
      const found = records[name] ?? [];
      if (found instanceof Error) throw Object.assign(found, { code: found.message });
      return found;
    };
  }

  const draft = (edits: object = {}) => ({
    name: 'Höstens kurser',
    topicId,
    templateKey: 'enkel',
    ...edits,
  });

  async function approve(edits: object = {}) {
    const { id } = await service.get(Campaigns).create(draft(edits), OPERATOR);
    return post(id, 'approve');
  }

  async function post(id: string, what: string) {
    const response = await fetch(`${service.url}/api/v1/campaigns/${id}/${what}`, {
      method: 'POST',
      headers: { ...approver.headers, 'content-type': 'application/json' },
      body: '{}',
    });
    const body = (await response.json()) as { code?: string; errors?: { code: string }[] };
    return { status: response.status, body };
  }
});
