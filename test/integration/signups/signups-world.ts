import { SignupForms } from '../../../src/features/signups/forms/signup-forms.service';
import type { SignupFormChange } from '../../../src/features/signups/forms/signup-forms.dto';
import { AddressKeys } from '../../../src/features/contacts/address-keys';
import { Registry } from '../../../src/features/registry/registry.service';
import { SweepSignups } from '../../../src/features/signups/sweep-signups';
import { OPERATOR } from '../../../src/platform/http/actor';
import { startMailApp } from '../service-mail/mail-app';

type Row = Record<string, unknown>;

/** What a browser sends; what is left out is filled in as an ordinary visitor would. */
export interface Fields {
  email?: string;
  topic?: string[];
  lang?: 'sv' | 'en';
  seen?: string;
  more?: string;
}

const FORM = {
  key: 'nyhetsbrev',
  nameSv: 'Nyhetsbrevet',
  nameEn: 'The newsletter',
  introSv: 'Kurser och tips en gång i månaden.',
  introEn: 'Courses and tips once a month.',
};

/** The form `nyhetsbrev` with two topics, and what a visitor and a mailbox owner do. */
export async function openSignups(settings: Record<string, string> = {}) {
  const app = await startMailApp(settings);
  const { db, http, provider } = app;
  const news = await app.addTopic('nyhetsbrev', { sv: 'Nyhetsbrev', en: 'Newsletter' }, 1);
  const tips = await app.addTopic('kurstips', { sv: 'Kurstips', en: 'Course tips' }, 2);
  const forms = app.app.get(SignupForms);
  const form = await forms.create({ ...FORM, topicIds: [news, tips] }, OPERATOR);
  let visitor = 0;

  const seen = async (lang = 'sv'): Promise<string> => {
    const { text } = await http.get(`/signup/nyhetsbrev?lang=${lang}`);
    return /name="seen" value="([^"]+)"/.exec(text)?.[1] ?? '';
  };
  const words = { sv: await seen('sv'), en: await seen('en') };

  return {
    ...app,
    news,
    tips,
    formId: form.id,
    seen,

    /** Each call comes from a caller of its own, unless an address is given. */
    send(fields: Fields, ip = `198.51.${(visitor >> 8) & 255}.${visitor++ & 255}`) {
      const lang = fields.lang ?? 'sv';
      return http
        .post('/signup/nyhetsbrev')
        .set('X-Forwarded-For', ip)
        .type('form')
        .send({ topic: [news], lang, seen: words[lang], ...fields });
    },

    /** The link of the latest confirmation mail to an address, as a path. */
    linkTo(address: string): string {
      const mails = provider.to(address).filter(({ text }) => text.includes('/confirm/'));
      return /\/confirm\/[\w-]+/.exec(mails.at(-1)!.text)![0];
    },

    /** Signs up and confirms, all the way. */
    async subscribe(email: string, topic: string[] = [news]): Promise<void> {
      await this.send({ email, topic }).expect(200);
      await app.settle();
      await http.post(this.linkTo(email)).expect(200);
      await app.settle();
    },

    async changeForm(change: SignupFormChange): Promise<void> {
      await forms.change(form.id, change, OPERATOR);
    },

    keyOf: (email: string) => app.app.get(AddressKeys).keysOf('email', email)[0]!.key,

    signups: () => db.query<Row>('SELECT * FROM signup ORDER BY id'),
    ledger: () => db.query<Row>('SELECT * FROM ledger_entry ORDER BY seq'),

    async gate(email: string): Promise<Row | undefined> {
      const rows = await db.query<Row>('SELECT * FROM gate WHERE address_key = $1', [
        this.keyOf(email),
      ]);
      return rows[0];
    },

    /** Time passes for everything that was written so far. */
    async pass(interval: string): Promise<void> {
      await db.query(`UPDATE service_message SET created_at = created_at - $1::interval`, [
        interval,
      ]);
      await db.query(
        `UPDATE signup SET created_at = created_at - $1::interval, expires_at = expires_at - $1::interval,
           confirmed_at = confirmed_at - $1::interval`,
        [interval],
      );
      await this.rewrite(`UPDATE ledger_entry SET at = at - '${interval}'::interval`);
    },

    sweep: () => app.app.get(SweepSignups).run(),

    async erase(email: string): Promise<void> {
      const { key, version } = app.app.get(AddressKeys).keysOf('email', email)[0]!;
      await db.tx((tx) =>
        app.app.get(Registry).record(tx, [
          {
            kind: 'erase',
            scope: 'all',
            channel: null,
            address: { channel: 'email', key, version },
            contactId: null,
            door: 'privacy_officer',
            actor: OPERATOR,
          },
        ]),
      );
      await db.query('DELETE FROM contact');
    },

    /** Past the triggers: the append-only ones, and those that keep reach. */
    async rewrite(...statements: string[]): Promise<void> {
      const client = await db.pool.connect();
      try {
        await client.query('SET session_replication_role = replica');
        for (const statement of statements) await client.query(statement);
        await client.query('SELECT reach_rebuild()');
      } finally {
        client.release(true);
      }
    },

    /** No sign-ups, people or mails; the form as it was. */
    async reset(): Promise<void> {
      await this.rewrite(
        'TRUNCATE signup, service_message, ledger_entry, gate, link_token, address, contact, audit_entry',
        `UPDATE signup_form SET closed_at = NULL`,
      );
      await this.changeForm({ consentSv: form.consentSv, consentEn: form.consentEn });
      provider.reset();
      app.queue.rung.length = 0;
    },
  };
}

export type SignupsWorld = Awaited<ReturnType<typeof openSignups>>;
