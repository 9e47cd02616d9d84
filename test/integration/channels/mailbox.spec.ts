import { Test } from '@nestjs/testing';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { simpleParser } from 'mailparser';
import request from 'supertest';
import { ChannelsModule } from '../../../src/features/channels/channels.module';
import {
  EMAIL_CHANNEL,
  type EmailChannel,
} from '../../../src/features/channels/email/email-channel';
import type { MailboxRow } from '../../../src/features/channels/mailbox/mailbox.queries';
import { ConfigModule } from '../../../src/platform/config/config.module';
import { loadEnv } from '../../../src/platform/config/load-env';
import { DatabaseModule } from '../../../src/platform/database/database.module';
import { ProblemFilter } from '../../../src/platform/http/problem.filter';
import { createTestDatabase, type TestDatabase } from '../../setup/database';
import { messageId, newsletter, recipient, recipients, request as handOver } from './mails';

let database: TestDatabase;

async function open(settings: Record<string, string> = {}): Promise<NestExpressApplication> {
  const env = loadEnv({ NODE_ENV: 'test', ...settings });
  const module = await Test.createTestingModule({
    imports: [ConfigModule.with(env), DatabaseModule.at(database.url), ChannelsModule],
  }).compile();
  const app = module.createNestApplication<NestExpressApplication>();
  app.useGlobalFilters(new ProblemFilter(env));
  return app.init();
}

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(() => database.drop());

describe('the mailbox', () => {
  let app: NestExpressApplication;
  let channel: EmailChannel;

  const get = (path: string) => request(app.getHttpServer()).get(path);
  const find = async (to: string): Promise<MailboxRow> => {
    const { body } = await get('/dev/mailbox.json').query({ to });
    return (body as MailboxRow[])[0]!;
  };

  beforeAll(async () => {
    app = await open();
    channel = app.get(EMAIL_CHANNEL);
  });

  afterAll(() => app.close());

  it('is the channel when nothing else is configured', () => {
    expect(channel.name).toBe('mailbox');
  });

  it('keeps what each recipient would have got, headers too', async () => {
    const outcomes = await channel.handOver(handOver(recipients(3)));
    expect(outcomes).toEqual(
      [1, 2, 3].map((index) => ({ messageId: messageId(index), kind: 'accepted' })),
    );
    const mail = await find('person2@example.com');
    const url = recipient(2).unsubscribeUrl!;
    expect(mail).toMatchObject({
      channel: 'email',
      messageId: messageId(2),
      campaignId: newsletter().campaignId,
      to: 'person2@example.com',
      from: 'Lärkraft <nyhetsbrev@larkraft.example>',
      subject: 'Hej Åsa 2',
      html: `<p>Hej Åsa 2!</p><p>Åtta nya kurser.</p><a href="${url}">Avsluta prenumeration</a>`,
      copies: 1,
    });
    expect(mail.headers).toEqual(
      expect.arrayContaining([
        ['List-Unsubscribe', `<${url}>`],
        ['List-Unsubscribe-Post', 'List-Unsubscribe=One-Click'],
        ['Precedence', 'bulk'],
      ]),
    );
  });

  it('counts a message that comes twice instead of hiding it, also within one request', async () => {
    await channel.handOver(handOver([recipient(30)]));
    await channel.handOver(handOver([recipient(30)]));
    await channel.handOver(handOver([recipient(31), recipient(31)]));
    expect((await find('person30@')).copies).toBe(2);
    expect((await find('person31@')).copies).toBe(2);
    const page = await get('/dev/mailbox');
    expect(page.text).toContain('2 meddelanden har lämnats över mer än en gång');
  });

  it('stores nothing once the permit is stale', async () => {
    const outcomes = await channel.handOver(handOver([recipient(40)], { startBy: 0 }));
    expect(outcomes).toEqual([
      { messageId: messageId(40), kind: 'not_sent', code: 'start_too_late' },
    ]);
    expect(await find('person40@')).toBeUndefined();
  });

  it('refuses marketing without its own opt-out link, as every channel does', async () => {
    const outcomes = await channel.handOver(
      handOver([recipient(41, { unsubscribeUrl: undefined })]),
    );
    expect(outcomes).toMatchObject([{ kind: 'refused', code: 'no_opt_out' }]);
  });

  it('searches by address, subject and campaign', async () => {
    const other = '0190a000-0000-7000-8000-00000000c002';
    await channel.handOver(
      handOver([recipient(50)], { content: newsletter({ campaignId: other }) }),
    );
    expect((await get('/dev/mailbox.json').query({ campaign: other })).body).toHaveLength(1);
    expect(
      (await get('/dev/mailbox.json').query({ to: 'PERSON50@', limit: '5' })).body,
    ).toHaveLength(1);
    expect((await get('/dev/mailbox.json').query({ to: '%' })).body).toHaveLength(0);
    expect((await get('/dev/mailbox').query({ to: 'hej åsa 50' })).text).toContain(
      'person50@example.com',
    );
    expect((await get('/dev/mailbox.json').query({ campaign: 'x' })).status).toBe(400);
  });

  it('shows a mail in a sandboxed frame that runs nothing, with links that open beside it', async () => {
    const content = newsletter({
      kind: 'service',
      htmlPieces: [
        '<html><head><title>x</title></head><body><script>alert(1)</script>',
        '</body></html>',
      ],
      textPieces: ['text'],
    });
    await channel.handOver(
      handOver([recipient(60, { subject: '<b>Hej</b>', htmlHoles: ['&'], textHoles: [] })], {
        content,
      }),
    );
    const { id } = await find('person60@');
    const page = await get(`/dev/mailbox/${id}`);
    expect(page.text).toContain('&lt;b&gt;Hej&lt;/b&gt;');
    expect(page.text).toContain('sandbox="allow-popups allow-popups-to-escape-sandbox"');
    expect(page.text).not.toContain('<script');
    const frame = await get(`/dev/mailbox/${id}/html`);
    expect(frame.headers['content-security-policy']).toMatch(
      /^sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'/,
    );
    expect(frame.headers['content-security-policy']).not.toContain('script');
    expect(frame.text).toContain('<head><base target="_blank"><title>');
  });

  it('offers exactly the request of RFC 8058 as a form', async () => {
    const { id } = await find('person2@example.com');
    const { text } = await get(`/dev/mailbox/${id}`);
    const { pathname } = new URL(recipient(2).unsubscribeUrl!);
    expect(text).toContain(
      `<form action="${pathname}" method="post"><input type="hidden" name="List-Unsubscribe" value="One-Click"/><button type="submit">`,
    );
  });

  it('gives the source as it would be on the wire', async () => {
    const { id } = await find('person2@example.com');
    const { text } = await get(`/dev/mailbox/${id}/raw`);
    const parsed = await simpleParser(text);
    expect(parsed.subject).toBe('Hej Åsa 2');
    expect(parsed.html).toContain('Åtta nya kurser.');
    expect(parsed.headers.get('list')).toMatchObject({
      unsubscribe: { url: recipient(2).unsubscribeUrl },
    });
  });

  it('speaks English by choice', async () => {
    expect((await get('/dev/mailbox?lang=en')).text).toContain('Nothing has left this computer.');
  });

  it.each([
    '/dev/mailbox/0190a000-0000-7000-8000-000000000000',
    '/dev/mailbox/x',
    '/dev/mailbox/x/html',
    '/dev/mailbox/x/raw',
  ])('answers 404 for %s', async (path) => {
    expect((await get(path)).status).toBe(404);
  });
});

it('is not there when nothing stays here', async () => {
  const app = await open({
    SMS_CHANNEL: 'none',
    EMAIL_CHANNEL: 'sendgrid',
    SENDGRID_API_KEY: 'SG.test',
    SENDGRID_API_URL: 'http://127.0.0.1:9',
  });
  expect(app.get<EmailChannel>(EMAIL_CHANNEL).name).toBe('sendgrid');
  for (const path of ['/dev/mailbox', '/dev/mailbox.json', `/dev/mailbox/${messageId(1)}`]) {
    expect((await request(app.getHttpServer()).get(path)).status).toBe(404);
  }
  await app.close();
});

it('P-39 does not start with another host when the region is the EU', () => {
  const settings = {
    EMAIL_CHANNEL: 'sendgrid',
    SENDGRID_API_KEY: 'SG.test',
    SENDGRID_REGION: 'eu',
  };
  expect(() => loadEnv({ ...settings, SENDGRID_API_URL: 'https://api.sendgrid.com' })).toThrow(
    /api\.eu\.sendgrid\.com/,
  );
  expect(loadEnv(settings).sendgridUrl).toBe('https://api.eu.sendgrid.com');
});
