import type { Browser } from 'playwright-core';
import { BLOCK_TYPES } from '../../src/domain/blocks/block';
import { StaffAccounts } from '../../src/features/accounts/staff.service';
import { TextRecords } from '../../src/features/campaigns/check-domain';
import { ROLES } from '../../src/platform/http/permissions';
import { newBlock } from '../../src/web/screens/content/editor/new-block';
import { newId } from '../../src/platform/ids';
import { png } from '../e2e/png';
import { logIn, PASSWORD } from '../setup/callers';
import { openBrowser, Visitor } from './browser';
import { World } from './world';

const EVERYBODY = 'alla@larkraft.example';
const LONG = 'Maximiliana-Theodora Wennergren-Löwenhielm';
const CSV = 'Förnamn;E-post\r\nÅsa;asa@exempel.example\r\nTrasig;inte-en-adress';

interface Made {
  id: string;
}

/** A house that has been at work for a while: something of everything that a screen can show. */
export class House {
  readonly ids: Record<string, string> = {};

  private constructor(
    readonly world: World,
    readonly browser: Browser,
    private readonly headers: Record<string, string>,
  ) {}

  static async open(): Promise<House> {
    const world = await World.open({ APPROVAL_ABOVE: '3', CONFIRM_ABOVE: '3' });
    const { service } = world;
    // Nobody's DNS is asked in a test.
    jest.spyOn(service.get(TextRecords), 'at').mockResolvedValue([]);
    // One person who may do everything sees everything that can be done.
    const person = { email: EVERYBODY, name: 'Anna-Karin Ek', roles: [...ROLES] };
    await service.get(StaffAccounts).ensureDemoStaff([{ ...person, password: PASSWORD }]);
    await logIn(service, 'reader');
    const { headers } = await logIn(service, 'admin', EVERYBODY);
    const house = new House(world, await openBrowser(service), headers);
    await house.furnish();
    return house;
  }

  async close(): Promise<void> {
    await this.browser?.close();
    await this.world.close();
  }

  /** Somebody who may do everything, at a desk. */
  async arrive(): Promise<Visitor> {
    const { env } = this.world.service;
    const visitor = await Visitor.arrive(this.browser, this.world.service, {
      viewport: { width: 1280, height: 900 },
      reducedMotion: 'reduce',
    });
    const [name, value] = this.headers.cookie!.split('=') as [string, string];
    await visitor.context.addCookies([{ name, value, url: env.PUBLIC_URL }]);
    return visitor;
  }

  private async furnish(): Promise<void> {
    const { world, ids } = this;
    const { service, topicIds } = world;
    const [topicId] = topicIds as [string];
    // Before there are so many that a second person must say yes.
    ids.sent = await world.mailTo(['lasare@exempel.example']);
    const others = Array.from({ length: 4 }, (_, n) => ({ email: `kund${n}@exempel.example` }));
    const [contact] = await service.people(topicId, [
      { email: 'en.mycket.lang.adress.till.nagon@exempel.example', firstName: LONG },
      ...others,
    ]);
    ids.contact = contact!;
    await world.sayNo('kund3@exempel.example');
    await this.pending();

    const mail = { topicId, templateKey: 'kurstips', subject: 'Höstens kurser är här' };
    ids.draft = await this.make('campaigns', { ...mail, name: 'Höstens kurser' });
    ids.planned = await this.make('campaigns', {
      ...mail,
      name: 'Vinterns kurser',
      sendAtLocal: '2030-01-07T09:00',
    });
    ids.sms = await this.make('campaigns', { channel: 'sms', name: 'Sms', body: 'Vi ses – i dag' });
    ids.template = await this.make('templates', { name: 'Vårt brev', from: 'kurstips' }, 'key');
    ids.blocks = await this.make('templates', { name: 'Alla block' }, 'key');
    // Past the lint, which asks for what they say.
    const blocks = [
      ...BLOCK_TYPES.map((type) => ({ ...newBlock(type), id: type })),
      ...[
        { from: 'catalogue', course: 'excel-1' } as const,
        { from: 'recommended', most: 3 } as const,
      ].map((source) => ({ ...newBlock('course'), id: source.from, source })),
    ];
    await service.db.query('UPDATE template SET blocks = $2 WHERE key = $1', [
      ids.blocks,
      JSON.stringify(blocks),
    ]);
    const reader = await service.db.query<Made>(
      `SELECT contact_id AS id FROM address WHERE value = 'lasare@exempel.example'`,
    );
    ids.reader = reader[0]!.id;
    const [form] = await service.db.query<Made>('SELECT id FROM signup_form');
    ids.form = form!.id;

    const about = { kind: 'question', cameBy: 'phone', words: 'Var har ni fått adressen ifrån?' };
    ids.case = await this.make('service-desk/cases', { ...about, contactId: contact });
    ids.stop = await this.make('service-desk/cases', {
      ...about,
      kind: 'stop',
      contactId: contact,
    });
    await this.segments();
    await this.make('senders', { name: 'Lärkraft kurser', email: 'kurser@larkraft.example' });
    await this.make('api-keys', { name: 'Kursportalen', permissions: ['campaigns:read'] });
    await this.make('webhook-endpoints', {
      url: 'https://kundregister.example/utskick',
      events: ['opt_out.recorded'],
    });
    await this.make('snippets', { name: 'Slut', blocks: [{ id: 'a', type: 'divider' }] });
    const picture = new Blob([new Uint8Array(png(60, 40))], { type: 'image/png' });
    await this.upload('assets', { file: new File([picture], 'bild.png') });
    const file = new File([CSV], 'lista.csv', { type: 'text/csv' });
    ids.import = await this.upload('imports', { kind: 'company_contact', file });
    ids.imported = await this.upload('imports', { kind: 'company_contact', file });
    await this.make(`imports/${ids.imported}/start`, {});
    await this.stop();
  }

  /** One that lives, a frozen one and one that is too deep to be shown as rules; and what was learned. */
  private async segments(): Promise<void> {
    const { world, ids } = this;
    const { db } = world.service;
    const named = { field: 'first_name', op: 'starts_with', value: 'Max' };
    const learnt = { field: 'learning', op: 'never', events: ['completed'] };
    const either = { match: 'any', rules: [named, learnt] };
    const tree = { match: 'all', rules: [named, either] };
    ids.segment = await this.make('segments', { name: 'Maximiliana', tree });
    const deep = { match: 'all', rules: [{ match: 'none', rules: [either, named] }, learnt] };
    ids.deep = await this.make('segments', { name: 'Djup', tree: deep });
    ids.frozen = await this.make(`segments/${ids.segment}/freeze`, { name: 'Maximiliana då' });
    await db.query(
      `INSERT INTO segment_count (segment_id, day, people)
       SELECT $1, current_date - n, 12 - n FROM generate_series(0, 5) n`,
      [ids.segment],
    );
    await db.query(
      `INSERT INTO learning_month (month, course_id, organisation_id, kind, events)
       SELECT date_trunc('month', now())::date, gen_random_uuid(), gen_random_uuid(), kind, 17 FROM unnest(ARRAY['enrolled', 'completed']) kind`,
    );
  }

  /** Somebody who has not confirmed yet. */
  private async pending(): Promise<void> {
    const email = 'vantar@exempel.example';
    const person = { email, agreed: false };
    const [waiting] = await this.world.service.people(this.world.topicIds[0]!, [person]);
    this.ids.waiting = waiting!;
    await this.world.requestSignup(email);
  }

  /** Sending held, a promise broken, an answer to read. */
  private async stop(): Promise<void> {
    const { db } = this.world.service;
    await db.query(
      `UPDATE channel_state SET held_because = 'opt_out_page', held_at = now() WHERE channel = 'email'`,
    );
    await db.query(
      `INSERT INTO incident (id, kind, opened_at, details)
       VALUES (gen_random_uuid(), 'equation_gap', now(), '{"runs": []}')`,
    );
    await db.query(
      `INSERT INTO reply (id, at, channel, provider, provider_id, sender, body, meaning, state)
       VALUES ($1, now(), 'email', 'test', '1', 'lo@exempel.example', 'Nej tack', 'unclear', 'open')`,
      [newId()],
    );
  }

  private make(path: string, body: object, key = 'id'): Promise<string> {
    return this.post(path, JSON.stringify(body), key, { 'content-type': 'application/json' });
  }

  private upload(path: string, fields: Record<string, string | File>): Promise<string> {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    return this.post(path, form, 'id');
  }

  private async post(
    path: string,
    body: string | FormData,
    key: string,
    type: Record<string, string> = {},
  ): Promise<string> {
    const headers = { ...this.headers, ...type };
    const url = `${this.world.service.url}/api/v1/${path}`;
    const answer = await fetch(url, { method: 'POST', headers, body });
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
    return ((await answer.json()) as Record<string, string>)[key]!;
  }
}
