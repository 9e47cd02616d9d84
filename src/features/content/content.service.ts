import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit';
import { Env } from '../../platform/config/env';
import { Database, type Sql } from '../../platform/database/database';
import { Forbidden, NotFound } from '../../platform/errors';
import type { Actor } from '../../platform/http/actor';
import type { Language } from '../../platform/i18n/i18n';
import { newId } from '../../platform/ids';
import { readLayout } from './bundled-templates';
import { compileEmail, type Compiled, type EmailSource, type FrozenContent } from './compile';
import type { Preview, PreviewRequest } from './content.dto';
import { findPreviewContact, insertContentVersion } from './content.queries';
import { openContent } from './content-renderer';
import { toProblemViews } from './lint/problem-texts';
import { sampleScope, toScope, type MergeScope } from './merge-fields';
import { senderFrom } from './sender';

/** From what an author wrote to frozen content, and what it will look like. */
@Injectable()
export class ContentService {
  private readonly layout = readLayout('marketing');

  constructor(
    private readonly env: Env,
    private readonly db: Database,
    private readonly audit: Audit,
  ) {}

  /** Never throws over what an author wrote; `content` is null when it must not be sent. */
  compile(source: EmailSource, senderName?: string | null): Promise<Compiled> {
    return compileEmail(source, senderFrom(this.env, senderName), this.layout);
  }

  /** Stores content for good, in the caller's transaction. The same words give the same id. */
  freeze(sql: Sql, content: FrozenContent): Promise<string> {
    return insertContentVersion(sql, newId(), content);
  }

  async preview(request: PreviewRequest, wordsIn: Language, actor: Actor): Promise<Preview> {
    const { subject, preheader = '', body, language = 'sv', senderName, contactId } = request;
    const compiled = await this.compile({ language, subject, preheader, body }, senderName);
    const { content, fields } = compiled;
    const problems = toProblemViews(compiled.problems, wordsIn);
    if (!content) return { subject: null, html: null, text: null, problems, size: 0, fields };
    const sample = sampleScope(language, {
      publicUrl: this.env.PUBLIC_URL,
      senderName: senderFrom(this.env, senderName).name,
    });
    const scope = contactId ? await this.asContact(sample, contactId, actor) : sample;
    const open = openContent(content);
    const rendered = open.renderFor(scope);
    return {
      subject: rendered.subject,
      html: open.html(rendered.htmlHoles),
      text: open.text(rendered.textHoles),
      problems,
      size: content.bytes,
      fields,
    };
  }

  /** The sample's links with a real person's facts: a preview must not hold anyone's working links. */
  private async asContact(
    sample: MergeScope,
    contactId: string,
    actor: Actor,
  ): Promise<MergeScope> {
    if (!actor.permissions.has('contacts:read')) throw new Forbidden('contacts_not_readable');
    const contact = await findPreviewContact(this.db, contactId);
    if (!contact) throw new NotFound('contact_not_found');
    const subject = { type: 'contact', id: contactId };
    await this.audit.record(this.db, actor, 'contact.previewed', subject);
    return toScope({
      ...contact,
      language: sample.contact.language,
      campaignName: sample.campaign.name,
      topicName: sample.topic.name,
      senderName: sample.sender.name,
      links: sample.links,
      reason: sample.reason,
    });
  }
}
