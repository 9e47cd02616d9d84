import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { AuditDelivery } from '../../../src/features/delivery/audit-delivery';
import { SendGridStub } from '../../provider-stub/sendgrid-stub';
import { apiKey } from '../../setup/callers';
import { Service, until } from '../../setup/service';
import { ProductProcess } from './product-process';

const PEOPLE = 5_000;
const EVENTS = 10_000;
const PER_BATCH = 500;

describe('learner events that come while a campaign is sent', () => {
  let stub: SendGridStub;
  let service: Service;
  let sender: ProductProcess;
  let topicId: string;

  beforeAll(async () => {
    stub = await SendGridStub.start({ keepMails: false });
    stub.mode = { kind: 'accept', delayMs: 150 };
    const settings = {
      EMAIL_CHANNEL: 'sendgrid',
      SENDGRID_API_KEY: 'SG.test',
      SENDGRID_API_URL: stub.url,
      BATCH_SIZE: '50',
    };
    service = await Service.open(settings, 'web');
    topicId = await service.topic('kurstips');
    await service.people(
      topicId,
      Array.from({ length: PEOPLE }, (_, n) => ({
        email: `p${n}@exempel.example`,
        externalId: `p${n}`,
      })),
    );
    sender = await ProductProcess.start(service, settings);
  }, 120_000);
  afterAll(async () => {
    await sender?.kill();
    await service?.close();
    await stub?.stop();
  });

  it('are each stored once and counted once, and everybody gets their message once', async () => {
    const { headers } = await apiKey(service, 'learning:write');
    const course = await fetch(`${service.url}/api/v1/courses/excel-1`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ name: 'Excel grund' }),
    });
    expect(course.status).toBe(200);
    const campaignId = await service.launch(topicId, { templateKey: 'enkel' });
    await until(() => Promise.resolve(stub.takenByMessage().size > 0), 30, 'the first mail');
    const posted = promisify(execFile)(process.execPath, [join(__dirname, 'event-poster.js')], {
      env: {
        URL: service.url,
        KEY: headers.authorization,
        PEOPLE: String(PEOPLE),
        EVENTS: String(EVENTS),
        PER_BATCH: String(PER_BATCH),
        AT_ONCE: '2',
      },
    });
    const counts = await service.settled(campaignId, ['finished'], 60);
    const { stdout } = await posted;

    expect(JSON.parse(stdout)).toEqual({ stored: EVENTS, repeated: EVENTS });
    const [stored] = await service.db.query<{ events: number; counted: number; together: number }>(
      `SELECT count(*)::int AS events, (SELECT sum(events)::int FROM learning_month) AS counted,
         count(*) FILTER (WHERE received_at BETWEEN sent.first AND sent.last)::int AS together
       FROM learner_event,
         (SELECT min(permit_at) AS first, max(permit_at) AS last FROM message_status) AS sent`,
    );
    expect(stored).toMatchObject({ events: EVENTS, counted: EVENTS });
    // Else it was one after the other, and nothing was shown.
    expect(stored!.together).toBeGreaterThan(EVENTS / 10);
    expect(counts).toMatchObject({ audience: PEOPLE, gap: 0, buckets: { accepted: PEOPLE } });
    expect(stub.account().doubled).toBe(0);
    await expect(service.get(AuditDelivery).check({ everything: true })).resolves.toEqual({
      equationGap: 0,
      permitsAfterOptOut: 0,
    });
  }, 90_000);
});
