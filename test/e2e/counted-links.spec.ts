import { moveToMidday } from '../setup/midday-zone';
import { Service, until, type MailboxRow } from '../setup/service';

const ARTICLE = 'https://www.example.com/artiklar/tjugo-minuter';
const COUNTED = /http:\/\/localhost:3000\/c\/[\w-]{8}/g;

describe('links of a campaign', () => {
  let service: Service;
  let topicId: string;
  let campaignId: string;
  let mails: MailboxRow[];

  beforeAll(async () => {
    service = await Service.open();
    topicId = await service.topic('nyhetsbrev');
    const people = Array.from({ length: 6 }, (_, n) => ({ email: `kund${n}@exempel.example` }));
    await service.people(topicId, people);
    campaignId = await service.launch(topicId);
    await service.settled(campaignId);
    mails = await service.mailbox();
  });
  afterAll(() => service.close());

  const follow = (link: string, headers: Record<string, string> = {}, method = 'GET') =>
    fetch(service.local(link), { redirect: 'manual', headers, method });

  const clicks = async () => {
    const [{ n } = { n: 0 }] = await service.db.query<{ n: number }>(
      'SELECT COALESCE(sum(count), 0)::int AS n FROM link_clicks',
    );
    return n;
  };

  async function linkTo(url: string): Promise<string> {
    const [link] = await service.db.query<{ code: string }>(
      'SELECT code FROM campaign_link WHERE campaign_id = $1 AND url = $2',
      [campaignId, url],
    );
    return service.env.link(`/c/${link!.code}`);
  }

  it('are the same for everybody, in HTML and in text, and the way out is left alone', () => {
    const found = mails.map(({ html, text }) => [html.match(COUNTED), text.match(COUNTED)].flat());
    expect(found[0]).toHaveLength(6);
    expect(new Set(found.map((links) => links.join(' '))).size).toBe(1);
    for (const { html, text, headers } of mails) {
      expect(html + text).not.toContain('www.example.com');
      const [out] = /http[^>]+/.exec(headers['List-Unsubscribe']!)!;
      expect(out).toContain('/u/');
      expect(html).toContain(out);
    }
  });

  it('lead to what the author wrote, and nowhere else', async () => {
    const answer = await follow(
      `${await linkTo(ARTICLE)}?to=https://evil.example/&url=//evil.example`,
    );
    expect(answer.status).toBe(302);
    expect(answer.headers.get('location')).toBe(ARTICLE);
    expect(answer.headers.get('x-robots-tag')).toBe('noindex');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('set-cookie')).toBeNull();
    for (const code of ['AAAAAAAA', 'https:%2F%2Fevil.example', '%2F%2Fevil.example', '%00'])
      expect((await follow(`${service.env.PUBLIC_URL}/c/${code}`)).status).toBe(404);
  });

  it('are counted when somebody follows them, not when a program looks ahead', async () => {
    const link = await linkTo(ARTICLE);
    await until(async () => (await clicks()) === 1);
    await follow(link, {}, 'HEAD');
    await follow(link, { 'sec-purpose': 'prefetch;prerender' });
    await follow(link, { purpose: 'prefetch' });
    await Promise.all(Array.from({ length: 20 }, () => follow(link)));
    await until(async () => (await clicks()) >= 21);
    expect(await clicks()).toBe(21);
  });

  it('are stored without a word about who followed them', async () => {
    const columns = await service.db.query<{ name: string }>(
      `SELECT column_name AS name FROM information_schema.columns WHERE table_name = 'link_clicks' ORDER BY 1`,
    );
    expect(columns.map(({ name }) => name)).toEqual(['code', 'count', 'hour']);
  });

  it('are not counted among so few that a click would tell who it was', async () => {
    const small = await service.topic('kurstips');
    const people = Array.from({ length: 4 }, (_, n) => ({ email: `elev${n}@exempel.example` }));
    await service.people(small, people);
    await service.settled(await service.launch(small));
    const [mail] = await service.mailbox('elev0@exempel.example');
    expect(mail!.html).toContain(ARTICLE);
    expect(mail!.html.match(COUNTED)).toBeNull();
  });

  it('of a text message are led past the counter only where that makes it no longer', async () => {
    const texts = await service.topic('sms');
    const people = Array.from({ length: 5 }, (_, n) => ({
      email: `sms${n}@exempel.example`,
      phone: `+4670174060${n}`,
    }));
    await moveToMidday(service.db, await service.people(texts, people));
    const body = 'Kurs: https://www.example.com/kurser/svara-samtal och https://exempel.example/k';
    await service.settled(await service.launch(texts, { channel: 'sms', body, templateKey: null }));
    const [sms] = await service.mailbox('+46701740600');
    expect(sms!.text).toMatch(
      /Kurs: http:\/\/localhost:3000\/c\/[\w-]{8} och https:\/\/exempel\.example\/k/,
    );
  });
});
