import { generateKeyPairSync } from 'node:crypto';
import { verifyDkim } from '../integration/channels/dkim-verify';
import { SmtpSink } from '../provider-stub/smtp-sink';
import { Service } from '../setup/service';

describe('sending through an SMTP server', () => {
  const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  let sink: SmtpSink;
  let service: Service;
  let topicId: string;

  beforeAll(async () => {
    sink = await SmtpSink.start();
    service = await Service.open({
      EMAIL_CHANNEL: 'smtp',
      SMTP_URL: sink.url,
      DKIM_DOMAIN: 'larkraft.example',
      DKIM_SELECTOR: 'utskick',
      DKIM_PRIVATE_KEY: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    });
    topicId = await service.topic('nyhetsbrev');
    const people = Array.from({ length: 60 }, (_, n) => ({
      email: `läsare${n}@exempel.example`.replace('ä', 'a'),
    }));
    await service.people(topicId, people);
  });
  afterAll(async () => {
    await service.close();
    await sink.stop();
  });

  it('P-04 F-13 signs each mail so that the signature verifies and covers both list headers', async () => {
    const counts = await service.settled(await service.launch(topicId));
    expect(counts.buckets).toMatchObject({ accepted: 60, unknown: 0, rejected: 0 });
    expect(sink.raw).toHaveLength(60);
    for (const raw of sink.raw) {
      const result = verifyDkim(raw, (name) => {
        expect(name).toBe('utskick._domainkey.larkraft.example');
        return keys.publicKey;
      });
      expect(result.valid).toBe(true);
      expect(result.domain).toBe('larkraft.example');
      expect(result.signed).toEqual(
        expect.arrayContaining(['list-unsubscribe', 'list-unsubscribe-post']),
      );
    }
    expect([...sink.takenByMessage().values()].every((times) => times === 1)).toBe(true);
  });

  it('F-14 leads from the link of a delivered mail to a recorded no', async () => {
    const [mail] = await sink.mails();
    const header = mail!.headers.get('list') as { unsubscribe?: { url?: string } };
    const response = await fetch(service.local(header.unsubscribe!.url!), { method: 'POST' });
    expect(response.status).toBe(200);
    const counts = await service.settled(await service.launch(topicId));
    expect(counts.buckets).toMatchObject({ accepted: 59, withheld: 1 });
  });

  it('calls UNKNOWN what the server took without answering, and does not send it again', async () => {
    const before = sink.takenByMessage().size;
    sink.mode = { kind: 'accept_then_drop' };
    const counts = await service.settled(await service.launch(topicId));
    sink.mode = { kind: 'accept' };
    expect(counts.buckets).toMatchObject({ unknown: 59, accepted: 0 });
    const taken = sink.takenByMessage();
    expect(taken.size - before).toBe(59);
    expect([...taken.values()].every((times) => times === 1)).toBe(true);
  });
});
