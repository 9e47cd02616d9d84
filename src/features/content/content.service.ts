import { Injectable } from '@nestjs/common';
import type { Channel } from '../../domain/address';
import { Brands } from '../../platform/brand/brands.service';
import type { Block } from '../../domain/blocks/block';
import { blocksToMjml } from '../../domain/blocks/blocks-to-mjml';
import { offersIn } from '../../domain/offers/offer';
import { Audit } from '../../platform/audit/audit';
import { Env } from '../../platform/config/env';
import { Database, type Sql } from '../../platform/database/database';
import { Forbidden, NotFound } from '../../platform/errors';
import type { Actor } from '../../platform/http/actor';
import type { Language } from '../../platform/i18n/i18n';
import { newId } from '../../platform/ids';
import { compileEmail, type Compiled, type FrozenContent, type Source } from './compile';
import {
  compileSms,
  partsOf,
  sampleSms,
  sizeAsSent,
  type Parts,
  type SmsSender,
} from './compile-sms';
import type { Preview, PreviewRequest } from './content.dto';
import { findPreviewContact, findPreviewOffers, insertContentVersion } from './content.queries';
import { openContent } from './content-renderer';
import { withCourseWords } from './course-words';
import { layoutOf } from './house-look';
import { onBlocks, writtenFrom } from './from-blocks';
import { toProblemViews } from './lint/problem-texts';
import { sampleScope, toScope, type MergeScope } from './merge-fields';
import { senderFrom } from './sender';

export interface RenderedSample {
  contactId: string | null;
  /** The values that were filled in. */
  scope: MergeScope;
  subject: string;
  html: string;
  text: string;
}

/** With the blocks that the body was made from, problems name the block instead of the line. */
export interface BlockSource extends Source {
  blocks?: readonly Block[] | null;
}

/** From what an author wrote to frozen content, and what it will look like. */
@Injectable()
export class ContentService {
  constructor(
    private readonly env: Env,
    private readonly db: Database,
    private readonly audit: Audit,
    private readonly brands: Brands,
  ) {}

  /** Never throws over what an author wrote; `content` is null when it must not be sent. */
  async compile(source: BlockSource, senderName?: string | null): Promise<Compiled> {
    if (source.channel === 'sms') return compileSms(source, this.smsSender(senderName));
    const layout = layoutOf('marketing', await this.brands.now(), this.env);
    const compiled = await compileEmail(source, senderFrom(this.env, senderName), layout);
    if (!source.blocks) return compiled;
    return { ...compiled, problems: onBlocks(compiled.problems, source.blocks) };
  }

  /** The same source with its cards as the catalogue has them now. */
  async current<T extends { body: string; blocks?: readonly Block[] | null }>(
    source: T,
  ): Promise<T> {
    if (!source.blocks) return source;
    const blocks = await withCourseWords(this.db, source.blocks);
    return { ...source, blocks, body: blocksToMjml(blocks).body };
  }

  /** How many parts of a text message one recipient costs; null for mail, and for what cannot be sent. */
  smsParts(source: Source, senderName?: string | null): Parts | null {
    if (source.channel !== 'sms') return null;
    const sender = this.smsSender(senderName);
    const { content, fields } = compileSms(source, sender);
    return content && partsOf(content, fields, source.language, sender);
  }

  /** Stores content for good, in the caller's transaction. The same words give the same id. */
  freeze(sql: Sql, content: FrozenContent): Promise<string> {
    return insertContentVersion(sql, newId(), content);
  }

  async preview(request: PreviewRequest, wordsIn: Language, actor: Actor): Promise<Preview> {
    const { channel = 'email', language = 'sv', senderName, contactId } = request;
    const { subject = '', preheader = '' } = request;
    const written = await this.current(writtenFrom(request, wordsIn));
    const source = { channel, language, subject, preheader, ...written };
    const compiled = await this.compile(source, senderName);
    const { fields } = compiled;
    const content = compiled.content ?? (await this.whatIsFinished(source, compiled, senderName));
    const problems = toProblemViews(compiled.problems, wordsIn);
    if (!content) return { subject: null, html: null, text: null, problems, size: 0, fields };
    const sample = this.sample(channel, language, senderName);
    const offers = offersIn(source.body);
    const shown = contactId ? await this.asContact(sample, contactId, offers, actor) : null;
    const scope = shown?.scope ?? sample;
    const open = openContent(content);
    const rendered = open.renderFor(scope);
    const text = open.text(rendered.textHoles);
    return {
      subject: rendered.subject,
      html: open.html(rendered.htmlHoles),
      text,
      problems,
      size: content.bytes,
      ...(channel === 'sms' && { sms: sizeAsSent(text) }),
      ...(shown && offers > 0 && { offered: shown.offered }),
      fields,
    };
  }

  /** The same content for several people, compiled once; null is an invented person. Nothing while it has an error. */
  async samples(
    { senderName, ...source }: Source & { senderName?: string },
    people: readonly (string | null)[],
    actor: Actor,
  ): Promise<RenderedSample[]> {
    const { content } = await this.compile(source, senderName);
    if (!content) return [];
    const open = openContent(content);
    const sample = this.sample(source.channel, source.language, senderName);
    const rendered: RenderedSample[] = [];
    for (const contactId of people) {
      const scope = contactId
        ? (await this.asContact(sample, contactId, offersIn(source.body), actor)).scope
        : sample;
      const { subject, htmlHoles, textHoles } = open.renderFor(scope);
      const [html, text] = [open.html(htmlHoles), open.text(textHoles)];
      rendered.push({ contactId, scope, subject, html, text });
    }
    return rendered;
  }

  /** A picture still to be chosen, or a subject, must not hide the rest from who is writing it. */
  private async whatIsFinished(
    source: BlockSource,
    { problems }: Compiled,
    senderName?: string,
  ): Promise<FrozenContent | null> {
    if (source.channel === 'sms') return null;
    const errors = problems.filter(({ severity }) => severity === 'error');
    const unfinished = new Set(errors.map(({ block }) => block));
    const finished = source.blocks?.filter(({ id }) => !unfinished.has(id));
    const { body } = finished ? writtenFrom({ blocks: finished }) : source;
    const subject = errors.some(({ path }) => path === 'subject') ? '–' : source.subject;
    const preheader = errors.some(({ path }) => path === 'preheader') ? '' : source.preheader;
    const left = { ...source, blocks: null, body, subject, preheader };
    return (await this.compile(left, senderName)).content;
  }

  private sample(channel: Channel, language: Language, senderName?: string): MergeScope {
    if (channel === 'sms') return sampleSms(language, this.smsSender(senderName));
    const { name } = senderFrom(this.env, senderName);
    return sampleScope(language, { publicUrl: this.env.PUBLIC_URL, senderName: name });
  }

  private smsSender(name?: string | null): SmsSender {
    return { name: senderFrom(this.env, name).name, shortUrl: this.env.shortLink('') };
  }

  /** The sample's links with a real person's facts: a preview must not hold anyone's working links. */
  private async asContact(
    sample: MergeScope,
    contactId: string,
    most: number,
    actor: Actor,
  ): Promise<{ scope: MergeScope; offered: number }> {
    if (!actor.permissions.has('contacts:read')) throw new Forbidden('contacts_not_readable');
    const contact = await findPreviewContact(this.db, contactId);
    if (!contact) throw new NotFound('contact_not_found');
    const subject = { type: 'contact', id: contactId };
    await this.audit.record(this.db, actor, 'contact.previewed', subject);
    const offers = most > 0 ? await findPreviewOffers(this.db, contactId, most) : [];
    const scope = toScope({
      ...contact,
      offers,
      language: sample.contact.language,
      campaignName: sample.campaign.name,
      topicName: sample.topic.name,
      senderName: sample.sender.name,
      links: sample.links,
      reason: sample.reason,
    });
    return { scope, offered: offers.length };
  }
}
