import { Contacts } from '../../src/features/contacts/contacts.service';
import { Registry } from '../../src/features/registry/registry.service';
import { OPERATOR } from '../../src/platform/http/actor';
import { AuditDelivery } from '../../src/features/delivery/audit-delivery';
import { Service, type MailboxRow } from '../setup/service';

const unsubscribeUrl = (mail: MailboxRow) =>
  /<(https?:[^>]+)>/.exec(mail.headers['List-Unsubscribe']!)![1]!;

describe('the main job, end to end', () => {
  let service: Service;
  let topicId: string;
  const people = Array.from({ length: 40 }, (_, n) => ({
    email: `person${n}@exempel.example`,
    firstName: `Åsa${n}`,
  }));

  beforeAll(async () => {
    service = await Service.open({ BATCH_SIZE: '7' });
    topicId = await service.topic('nyhetsbrev');
    await service.people(topicId, people);
    await service.people(topicId, [{ email: 'utan.grund@exempel.example', agreed: false }]);
  });
  afterAll(() => service.close());

  it('sends to everyone who agreed, once, and the equation holds', async () => {
    const campaignId = await service.launch(topicId);
    const counts = await service.settled(campaignId);
    expect(counts).toMatchObject({ audience: 40, gap: 0, buckets: { accepted: 40, withheld: 0 } });
    const mails = await service.mailbox();
    expect(mails).toHaveLength(40);
    expect(mails.every(({ copies }) => copies === 1)).toBe(true);
  });

  it('P-01 P-16 gives each recipient an opt-out URL of their own, in header, HTML and text', async () => {
    const mails = await service.mailbox();
    expect(new Set(mails.map(unsubscribeUrl)).size).toBe(40);
    for (const mail of mails) {
      expect(mail.headers['List-Unsubscribe-Post']).toBe('List-Unsubscribe=One-Click');
      expect(mail.html).toContain(unsubscribeUrl(mail));
      expect(mail.text).toContain(unsubscribeUrl(mail));
      expect(mail.text).toContain('Avsluta prenumeration');
    }
  });

  it.each([
    [
      'urlencoded',
      {
        body: 'List-Unsubscribe=One-Click',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      },
    ],
    ['multipart', { body: multipart() }],
    ['empty', {}],
  ])(
    'P-06 opts out by the one-click request of RFC 8058 (%s), and the next campaign withholds exactly that person',
    async (_, request) => {
      const before = (await service.mailbox()).length;
      const taken = new Set(
        (
          await service.db.query<{ a: string }>(
            `SELECT a.value AS a FROM gate g JOIN address a USING (address_key) WHERE g.no_all`,
          )
        ).map(({ a }) => a),
      );
      const victim = (await service.mailbox()).find(({ to }) => !taken.has(to))!;
      const response = await fetch(service.local(unsubscribeUrl(victim)), {
        method: 'POST',
        redirect: 'manual',
        ...request,
      });
      expect(response.status).toBe(200);

      const campaignId = await service.launch(topicId);
      const counts = await service.settled(campaignId);
      expect(counts.gap).toBe(0);
      expect(counts.buckets.withheld).toBe(taken.size + 1);
      const [withheld] = await service.db.query<Record<string, unknown>>(
        `SELECT m.reason, l.door, l.detail, l.at FROM message_status m JOIN dispatch d ON d.id = m.dispatch_id
       JOIN ledger_entry l ON l.seq = m.reason_seq WHERE d.campaign_id = $1 AND m.address_key = $2`,
        [campaignId, service.key(victim.to)],
      );
      expect(withheld).toMatchObject({ reason: 'suppressed_address', door: 'link' });
      const after = await service.mailbox();
      expect(after.length - before).toBe(40 - taken.size - 1);
      expect(after.slice(before).some(({ to }) => to === victim.to)).toBe(false);
    },
  );

  it('checks itself: no gap in the equation, no permit after an opt-out', async () => {
    await expect(service.get(AuditDelivery).check({ everything: true })).resolves.toEqual({
      equationGap: 0,
      permitsAfterOptOut: 0,
    });
  });

  it('L-18 names the employer that handed the address over, in the mail itself', async () => {
    const now = new Date();
    const at = new Date('2026-09-01T08:00:00Z');
    await service.db.tx(async (tx) => {
      const [learner] = await service
        .get(Contacts)
        .upsert(tx, [{ kind: 'learner', email: 'elev@exempel.example', firstName: 'Elin' }], {
          source: 'employer_import',
          sourceRef: 'test',
          actor: OPERATOR,
          now,
          notice: { version: '2018-04-05', at },
          attestation: { at, ref: 'test', company: 'Tallkottens Hotell AB' },
        });
      const { channel, key, keyVersion } = learner!.addresses[0]!;
      await service.get(Registry).record(tx, [
        {
          kind: 'grant',
          scope: 'topic',
          channel,
          address: { channel, key, version: keyVersion },
          contactId: learner!.contactId,
          topicId,
          ground: 'CONSENT',
          method: 'double_opt_in_post',
          door: 'double_opt_in',
          actor: OPERATOR,
        },
      ]);
    });
    await service.settled(await service.launch(topicId));
    const [mail] = await service.mailbox('elev@exempel.example');
    expect(mail!.text).toContain('Tallkottens Hotell AB har lämnat dina uppgifter till oss');
  });

  it('shows the mail in the browser to the holder of its link', async () => {
    const [mail] = await service.mailbox();
    const response = await fetch(service.local(unsubscribeUrl(mail!)).replace('/u/', '/view/'));
    expect(response.status).toBe(200);
    expect(response.headers.get('content-security-policy')).toContain('sandbox');
    expect(await response.text()).toContain('Avsluta prenumeration');
  });

  it('keeps in the public archive what was marked public, by its subject and with nobody in it', async () => {
    const campaignId = await service.launch(topicId, {
      name: 'internt namn',
      subject: 'Hej {{ contact.first_name | default: "du" }}, oktober är här',
      publicArchive: true,
    });
    await service.settled(campaignId);
    const list = await (await fetch(`${service.url}/archive`)).text();
    expect(list).toContain('Hej du, oktober är här');
    expect(list).not.toContain('internt namn');
    expect(list.match(/href="\/archive\//g)).toHaveLength(1);
    const shown = await (await fetch(`${service.url}/archive/${campaignId}`)).text();
    expect(shown).not.toMatch(/Åsa\d|Elin/);
    expect(shown).not.toMatch(/\/u\/(?!exempel)/);
    const [other] = await service.db.query<{ id: string }>(
      'SELECT id FROM campaign WHERE NOT public_archive LIMIT 1',
    );
    expect((await fetch(`${service.url}/archive/${other!.id}`)).status).toBe(404);
  });
});

function multipart(): FormData {
  const form = new FormData();
  form.set('List-Unsubscribe', 'One-Click');
  return form;
}
