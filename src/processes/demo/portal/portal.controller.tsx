import { Controller, Get, HttpCode, Post, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';
import { Env } from '../../../platform/config/env';
import { isDemoPortal } from '../../../platform/config/mina-sidor-settings';
import { NotFound } from '../../../platform/errors';
import { Public } from '../../../platform/http/access';
import { toLanguage } from '../../../platform/i18n/i18n';
import { readRows } from '../demo-files';
import { PortalKeys } from './portal-keys';
import { PeoplePage, sendPortalPage, SettingsPage, type PortalPerson } from './portal-pages';

/** Of the demo's learners: one who gets two topics, one who said no to one, and one who said no to all. */
const SHOWN = ['norrtallenstra-001', 'hjortronmyrensel-010', 'vitmossansvard-019'];

/** A learning portal as an example, in the demo alone: it lets anybody in as three invented people. */
@ApiExcludeController()
@Controller('dev/portal')
@Public()
export class PortalController {
  constructor(
    private readonly env: Env,
    private readonly keys: PortalKeys,
  ) {}

  @Get()
  async people(@Query('lang') lang: unknown, @Res() response: Response): Promise<void> {
    this.assertDemo();
    const people = await Promise.all(
      portalPeople().map(async (person) => ({
        ...person,
        token: await this.keys.sign(person.externalId),
      })),
    );
    sendPortalPage(response, <PeoplePage language={toLanguage(lang)} people={people} />);
  }

  @Get('settings')
  settings(@Query() query: Record<string, unknown>, @Res() response: Response): void {
    const person = this.find(query.as);
    sendPortalPage(
      response,
      <SettingsPage
        language={toLanguage(query.lang)}
        person={person}
        script={this.env.link('/mina-sidor/embed.js')}
        tokenUrl={`/dev/portal/token?as=${person.externalId}`}
      />,
    );
  }

  @Get('jwks.json')
  published() {
    this.assertDemo();
    return this.keys.published();
  }

  /** What the script asks for before each call. A real portal signs for whom its own session belongs to. */
  @Post('token')
  @HttpCode(200)
  async token(@Query('as') as: unknown): Promise<{ token: string }> {
    return { token: await this.keys.sign(this.find(as).externalId) };
  }

  private find(externalId: unknown): PortalPerson {
    this.assertDemo();
    const people = portalPeople();
    const person = people.find((one) => one.externalId === (externalId ?? SHOWN[0]));
    if (!person) throw new NotFound('not_found');
    return person;
  }

  private assertDemo(): void {
    if (!isDemoPortal(this.env)) throw new NotFound('not_found');
  }
}

function portalPeople(): PortalPerson[] {
  const rows = readRows('learners');
  return SHOWN.map((externalId) => {
    const row = rows.find((one) => one.external_id === externalId);
    return { externalId, name: `${row?.first_name} ${row?.last_name}` };
  });
}
