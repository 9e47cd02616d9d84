import type { Server } from 'node:http';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Request, Response } from 'express';
import request from 'supertest';
import type { Channel } from '../../../src/domain/address';
import { MyPreferences } from '../../../src/features/my-pages/choices/my-preferences';
import { LearnerSessions } from '../../../src/features/my-pages/log-in/learner-sessions';
import { MyPagesModule } from '../../../src/features/my-pages/my-pages.module';
import { CHANNELS, type LedgerAct } from '../../../src/features/registry/ledger/ledger-act';
import { Topics } from '../../../src/features/registry/topics.service';
import { SignupForms } from '../../../src/features/signups/forms/signup-forms.service';
import { SignupsModule } from '../../../src/features/signups/signups.module';
import { OPERATOR } from '../../../src/platform/http/actor';
import { createTestApp } from '../../setup/app';
import { NEWSLETTER_FORM } from '../../setup/newsletter-form';
import { World } from '../registry/world';

const LARGEST = 10 * 1024;

/** Subjects and names of twelve topics, as long as such things become. */
const SUBJECTS: [string, string, string][] = [
  ['arbetsmiljo', 'Arbetsmiljö, säkerhet och hälsa', 'Working environment, safety and health'],
  ['ledarskap', 'Ledarskap för förstagångschefer', 'Leadership for those who are new to it'],
  ['dataskydd', 'Dataskydd och informationssäkerhet', 'Data protection and information security'],
  [
    'ekonomi',
    'Ekonomi, bokslut och årsredovisning',
    'Finance, closing of accounts, annual reports',
  ],
  ['projekt', 'Projektledning i små organisationer', 'Project management in small organisations'],
  ['pedagogik', 'Pedagogik för interna utbildare', 'Teaching methods for in-house trainers'],
  ['digitalt', 'Digitala verktyg för distansarbete', 'Digital tools for working at a distance'],
  ['sprak', 'Språk och skrivande på arbetsplatsen', 'Language and writing in the workplace'],
  ['hallbarhet', 'Hållbarhet och miljöledning i vardagen', 'Sustainability and environmental work'],
  ['forsaljning', 'Försäljning, förhandling och avtal', 'Sales, negotiation and contracts'],
  ['rekrytering', 'Rekrytering och kompetensförsörjning', 'Recruitment and supply of competence'],
  ['kundmote', 'Kundmötet: bemötande och svåra samtal', 'Meeting customers, and difficult talks'],
];
const DESCRIPTION_SV = 'Nya kurser, datum och lediga platser på din ort, ungefär varannan månad.';
const DESCRIPTION_EN = 'New courses, dates and places left near you, about every other month.';

/** Each page that is as long as there are topics, with twelve of them. */
describe('pages with twelve topics', () => {
  let world: World;
  let app: NestExpressApplication;
  let http: Server;
  let topicIds: string[];
  let people = 0;

  beforeAll(async () => {
    world = await World.open({ SMS_CHANNEL: 'mailbox' });
    app = await createTestApp(world.env, world.env.DATABASE_URL!, [MyPagesModule, SignupsModule]);
    http = app.getHttpServer() as Server;
    topicIds = [];
    for (const [key, nameSv, nameEn] of SUBJECTS) {
      const texts = {
        nameSv,
        nameEn,
        descriptionSv: DESCRIPTION_SV,
        descriptionEn: DESCRIPTION_EN,
      };
      const assessed = { purpose: 'R-05' as const, assessedAt: new Date().toISOString() };
      const { id } = await app.get(Topics).create({ key, ...texts, ...assessed }, OPERATOR);
      topicIds.push(id);
    }
    await app.get(SignupForms).create({ ...NEWSLETTER_FORM, topicIds }, OPERATOR);
  });
  afterAll(async () => {
    await app.close();
    await world.close();
  });

  /** Somebody with a mailbox and a number, the link of a mail to them, and the cookie of Mina sidor. */
  async function person() {
    const number = `+467017406${String((people += 1) + 10).padStart(2, '0')}`;
    const email = `person${people}@example.com`;
    const contactId = await world.contact(email);
    await world.db.query('UPDATE contact SET notice_at = now() WHERE id = $1', [contactId]);
    await world.address(contactId, number, 'mina_sidor');
    const token = await world.link(email, { contactId, topicId: topicIds[0] });
    const mailboxKey = world.ref(email).key;
    let cookie = '';
    const response = { cookie: (name: string, value: string) => (cookie = `${name}=${value}`) };
    await app
      .get(LearnerSessions)
      .open({ headers: {} } as Request, response as unknown as Response, {
        contactId,
        mailboxKey,
        via: 'link',
      });
    const turn = (on: boolean, channels: readonly Channel[] = CHANNELS) => {
      const topics = SUBJECTS.flatMap(([key]) => channels.map((channel) => ({ key, channel, on })));
      return app.get(MyPreferences).change({ contactId, mailboxKey }, { topics });
    };
    return { contactId, token, cookie, turn };
  }
  type Person = Awaited<ReturnType<typeof person>>;

  /** A no to each topic on each channel, by another door for each topic. */
  const noesByManyDoors = ({ contactId }: Person) =>
    world.record(
      ...topicIds.flatMap((topicId, n) =>
        CHANNELS.map((channel): LedgerAct => ({
          kind: 'opt_out',
          scope: 'topic',
          channel,
          topicId,
          contactId,
          address: null,
          door: (['mina_sidor', 'service_desk', 'privacy_officer', 'preference_page'] as const)[
            n % 4
          ]!,
          actor: OPERATOR,
        })),
      ),
    );

  const STATES: [string, (one: Person) => Promise<unknown>][] = [
    ['of which nothing was ever said', () => Promise.resolve()],
    ['all on, on both channels', ({ turn }) => turn(true)],
    [
      'all on by email, and all turned off by text message',
      async ({ turn }) => {
        await turn(true);
        await turn(false, ['sms']);
      },
    ],
    [
      'all turned off one by one, on both channels',
      async ({ turn }) => {
        await turn(true);
        await turn(false);
      },
    ],
    ['all off, each by a door of its own', noesByManyDoors],
    [
      'all off by one no, after all were on',
      async ({ turn, token }) => {
        await turn(true);
        await request(http).post(`/u/${token}`).type('form').send('form=1').expect(200);
      },
    ],
  ];

  describe.each(STATES)('%s', (_, bringAbout) => {
    let one: Person;
    beforeAll(async () => {
      one = await person();
      await bringAbout(one);
    });

    it.each(['sv', 'en'])('are less than 10 KB each (%s)', async (lang) => {
      const own = (path: string) => request(http).get(path).set('Cookie', one.cookie);
      const pages = {
        'Mina sidor': await own(`/mina-sidor?lang=${lang}&news=saved`),
        preferences: await request(http).get(`/preferences/${one.token}?lang=${lang}`),
      };
      for (const { status, text } of Object.values(pages)) {
        expect(status).toBe(200);
        const names = SUBJECTS.map(([, sv, en]) => (lang === 'sv' ? sv : en));
        expect(names.filter((name) => !text.includes(name))).toEqual([]);
        expect(text).toContain(lang === 'sv' ? DESCRIPTION_SV : DESCRIPTION_EN);
      }
      expect(tooLarge(pages)).toEqual([]);
    });
  });

  it('tell once what holds for all topics', async () => {
    const { cookie, turn } = await person();
    const words = async () => {
      const { text } = await request(http).get('/mina-sidor').set('Cookie', cookie);
      return text.match(/Det här får du av oss nu[^,]+|[^<>]*av sedan[^<]+/gi);
    };
    await turn(true);
    expect(await words()).toEqual(['Det här får du av oss nu. E-post och sms: Arbetsmiljö']);
    await turn(false, ['sms']);
    expect(await words()).toEqual([
      'Det här får du av oss nu. E-post: Arbetsmiljö',
      expect.stringMatching(/^Sms: av sedan .+, på Mina sidor\.$/),
    ]);
  });

  it.each(['sv', 'en'])(
    'to choose from by who is new, or leaves, are less than 10 KB (%s)',
    async (lang) => {
      const { token, cookie } = await person();
      const post = (path: string, body: object) =>
        request(http).post(`${path}?lang=${lang}`).set('Cookie', cookie).type('form').send(body);
      const sameOrigin = { 'Sec-Fetch-Site': 'same-origin' };
      const pages = {
        'sign-up': await request(http).get(`/signup/nyhetsbrev?lang=${lang}`),
        'opted out': await post(`/u/${token}`, { form: '1' }),
        'preferences, everything ended': await post(`/preferences/${token}`, { action: 'all' }),
        'code for a number': await post('/mina-sidor/telefon', {
          action: 'send',
          number: lang === 'sv' ? '070-174 06 90' : '070-174 06 91',
        }).set(sameOrigin),
      };
      for (const { text } of Object.values(pages)) {
        expect(text.match(/type="checkbox"/g)).toHaveLength(SUBJECTS.length);
      }
      expect(tooLarge(pages)).toEqual([]);
    },
  );
});

function tooLarge(pages: Record<string, { text: string }>): string[] {
  return Object.entries(pages).flatMap(([name, { text }]) => {
    const bytes = Buffer.byteLength(text);
    return bytes < LARGEST ? [] : [`${name}: ${bytes} bytes`];
  });
}
