import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';
import { Env } from '../../platform/config/env';
import { Database } from '../../platform/database/database';
import { NotFound } from '../../platform/errors';
import { Public } from '../../platform/http/access';
import { controllerOf } from '../../platform/http/controller-details';
import { Page, sendPage } from '../../platform/http/page';
import { t, toLanguage } from '../../platform/i18n/i18n';
import { isUuid } from '../../platform/ids';
import { MAIL_POLICY } from '../delivery/view.controller';
import { ImpersonalContent, type SentVersion } from './impersonal-content';

interface Archived extends SentVersion {
  id: string;
  at: Date;
}

/** Newsletters that were marked public, without anybody's name in them. */
@ApiExcludeController()
@Controller('archive')
export class ArchiveController {
  constructor(
    private readonly env: Env,
    private readonly db: Database,
    private readonly content: ImpersonalContent,
  ) {}

  @Public()
  @Get()
  async list(@Query('lang') lang: string, @Res() response: Response) {
    const language = toLanguage(lang);
    const found = await this.db.query<Archived & Record<string, unknown>>(
      `SELECT c.id, c.name, c.launched_at AS at, d.content_version_id AS version, t.name_sv AS topic
       FROM campaign c JOIN dispatch d ON d.campaign_id = c.id JOIN topic t ON t.id = d.topic_id
       WHERE c.public_archive AND d.state = 'finished' ORDER BY c.launched_at DESC LIMIT 30`,
    );
    // The name is the staff's own; readers know a newsletter by its subject.
    const items = await Promise.all(
      found.map(async (item) => ({ ...item, subject: (await this.content.of(item)).subject })),
    );
    const dates = new Intl.DateTimeFormat(language, {
      dateStyle: 'long',
      timeZone: 'Europe/Stockholm',
    });
    const title = t(language, 'campaigns:archive.title');
    sendPage(
      response,
      <Page
        language={language}
        title={title}
        controller={controllerOf(this.env)}
        languageLink={`?lang=${language === 'sv' ? 'en' : 'sv'}`}
      >
        <h1>{title}</h1>
        {items.length === 0 ? (
          <p>{t(language, 'campaigns:archive.empty')}</p>
        ) : (
          <ul className="list">
            {items.map(({ id, subject, at }) => (
              <li key={id}>
                <a href={`/archive/${id}`}>{subject}</a>
                <span className="soft">{dates.format(at)}</span>
              </li>
            ))}
          </ul>
        )}
      </Page>,
    );
  }

  @Public()
  @Get(':id')
  async show(@Param('id') id: string, @Res() response: Response) {
    const [found] = isUuid(id)
      ? await this.db.query<SentVersion & Record<string, unknown>>(
          `SELECT d.content_version_id AS version, c.name, t.name_sv AS topic
           FROM campaign c JOIN dispatch d ON d.campaign_id = c.id JOIN topic t ON t.id = d.topic_id
           WHERE c.id = $1 AND c.public_archive AND d.state = 'finished'`,
          [id],
        )
      : [];
    if (!found) throw new NotFound('not_in_archive');
    const { html } = await this.content.of(found);
    response
      .set({
        'Content-Type': 'text/html; charset=utf-8',
        'Content-Security-Policy': MAIL_POLICY,
        'X-Content-Type-Options': 'nosniff',
        'Referrer-Policy': 'no-referrer',
      })
      .send(html);
  }
}
