import { Service } from '../setup/service';
import { openBrowser, Visitor } from '../web/browser';

describe('from a delivered message to the end of all messages', () => {
  let service: Service;
  let topicId: string;

  beforeAll(async () => {
    service = await Service.open();
    topicId = await service.topic('kurstips');
    // Somebody who stays, or a later campaign would have nobody to go to.
    await service.people(topicId, [{ email: 'stannar@e2e.example' }]);
  });
  afterAll(() => service.close());

  const optOuts = async () =>
    (await service.db.query(`SELECT FROM ledger_entry WHERE kind = 'opt_out'`)).length;

  /** What a mail program, or a person, finds in the message. */
  const linksIn = async (email: string) => {
    const mail = (await service.mailbox(email)).at(-1)!;
    const header = /^<(https?:[^>]+)>/.exec(mail.headers['List-Unsubscribe']!)![1]!;
    const inText = /https?:\/\/\S+\/u\/[\w-]{22}/.exec(mail.text)![0];
    const inHtml = /href="([^"]+\/u\/[\w-]{22})"/.exec(mail.html)![1]!;
    return { header, inText, inHtml };
  };

  it.each([
    ['header', 'a+b@e2e.example'],
    ['inText', 'asa@e2e.example'],
    ['inHtml', 'vanlig@e2e.example'],
  ] as const)(
    'F-14 F-17 F-93 follows the link (%s) of a message and is never written to again',
    async (which, email) => {
      await service.people(topicId, [{ email }]);
      await service.settled(await service.launch(topicId));
      const links = await linksIn(email);
      expect(new Set(Object.values(links).map((link) => new URL(link).pathname)).size).toBe(1);
      const answer = await fetch(service.local(links[which]), {
        method: 'POST',
        body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }),
        redirect: 'manual',
      });
      expect(answer.status).toBe(200);
      const counts = await service.settled(await service.launch(topicId));
      expect(counts.withheld).toContainEqual({
        reason: 'suppressed_address',
        count: expect.any(Number),
      });
      expect(await service.mailbox(email)).toHaveLength(1);
    },
    60_000,
  );

  it('F-01 F-04 lets a scanner open the link of every one of 500 messages: nobody is opted out', async () => {
    const people = Array.from({ length: 500 }, (_, n) => ({ email: `larare${n}@scan.example` }));
    await service.people(topicId, people);
    await service.settled(await service.launch(topicId));
    const before = await optOuts();
    const mails = (await service.mailbox()).filter(({ to }) => to.endsWith('@scan.example'));
    expect(mails).toHaveLength(500);
    const links = mails.map(({ headers }) => /<([^>]+)>/.exec(headers['List-Unsubscribe']!)![1]!);
    for (let i = 0; i < links.length; i += 10) {
      const pages = await Promise.all(
        links.slice(i, i + 10).map((link) => fetch(service.local(link))),
      );
      expect(pages.map(({ status }) => status)).toEqual(Array(10).fill(200));
    }
    expect(await optOuts()).toBe(before);
  }, 120_000);

  it('F-05 P-13 lets a browser with scripts stay on the page for ten seconds: nobody is opted out', async () => {
    const email = 'safe-links@e2e.example';
    await service.people(topicId, [{ email }]);
    await service.settled(await service.launch(topicId));
    const before = await optOuts();
    const browser = await openBrowser(service);
    const visitor = await Visitor.arrive(browser, service);
    await visitor.page.goto((await linksIn(email)).header);
    await visitor.page.mouse.move(100, 100);
    await visitor.page.waitForTimeout(10_000);
    expect(await optOuts()).toBe(before);
    expect(await visitor.context.cookies()).toEqual([]);
    expect(visitor.asked.map((url) => new URL(url).pathname)).toEqual([
      expect.stringMatching(/^\/u\//),
    ]);
    // The person's own click still counts afterwards (F-03).
    await visitor.page.getByRole('button').click();
    await visitor.page.getByRole('heading', { name: 'Klart. Du får inget mer.' }).waitFor();
    expect(await optOuts()).toBe(before + 1);
    await browser.close();
  }, 60_000);
});
