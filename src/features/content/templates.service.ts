import { Injectable } from '@nestjs/common';
import type { Channel } from '../../domain/address';
import { Audit } from '../../platform/audit/audit';
import { Clock } from '../../platform/clock';
import { Database } from '../../platform/database/database';
import { Conflict, Invalid, invalidField, NotFound } from '../../platform/errors';
import type { Actor } from '../../platform/http/actor';
import type { Language } from '../../platform/i18n/i18n';
import { newId } from '../../platform/ids';
import { readBundledTemplates, type BundledTemplate } from './bundled-templates';
import type { Block } from '../../domain/blocks/block';
import type { NewTemplate, SaveTemplate, TemplateDetail, TemplateSummary } from './content.dto';
import { ContentService } from './content.service';
import { writtenFrom, type Written } from './from-blocks';
import { isSendable } from './lint/problems';
import { toFieldFaults } from './lint/problem-texts';
import { deleteTemplate, upsertTemplate, type TemplateRow } from './templates.queries';

/** Templates: those that come with the product (files) and the house's own (rows). */
@Injectable()
export class Templates {
  private readonly bundled = readBundledTemplates();

  constructor(
    private readonly db: Database,
    private readonly content: ContentService,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  async list(): Promise<TemplateSummary[]> {
    const own = await this.db.prisma.template.findMany({ orderBy: { updatedAt: 'desc' } });
    return [...own.map(fromRow), ...this.bundled.map(fromFile)].map(toSummary);
  }

  async get(key: string): Promise<TemplateDetail> {
    const file = this.bundled.find((template) => template.key === key);
    if (file) return fromFile(file);
    const row = await this.db.prisma.template.findUnique({ where: { key } });
    if (!row) throw new NotFound('template_not_found');
    return fromRow(row);
  }

  /** A new own template, a copy of another or nearly empty; its key comes from its name. */
  async create({ name, from, channel }: NewTemplate, actor: Actor): Promise<TemplateDetail> {
    const original = from === undefined ? undefined : await this.get(from);
    if (channel && original && original.channel !== channel)
      throw new Conflict('template_of_another_channel');
    const row = {
      channel: original?.channel ?? channel ?? 'email',
      nameSv: name,
      nameEn: name,
      description: original?.description ?? '',
      subject: original?.subject ?? '',
      preheader: original?.preheader ?? '',
      body: original?.body ?? '',
      // A text message is plain text; a mail that nobody wrote as source begins as blocks.
      blocks: original ? original.blocks : channel === 'sms' ? null : [],
    };
    const key = keyFor(name);
    await this.write(key, row, actor);
    return this.get(key);
  }

  async remove(key: string, actor: Actor): Promise<void> {
    this.refuseBundled(key);
    await this.db.tx(async (tx) => {
      const id = await deleteTemplate(tx, key);
      if (id === undefined) throw new NotFound('template_not_found');
      await this.audit.record(tx, actor, 'template.deleted', { type: 'template', id }, { key });
    });
  }

  /** Creates or replaces an own template. With an error in it nothing is saved. */
  async save(
    key: string,
    input: SaveTemplate,
    actor: Actor,
    wordsIn: Language,
  ): Promise<TemplateDetail> {
    this.refuseBundled(key);
    if (input.body === undefined && input.blocks === undefined)
      throw invalidField('body', 'missing');
    const { nameSv, nameEn, description = '', subject = '', preheader = '', version } = input;
    const channel = await this.channelOf(key, input.channel);
    const written = channel === 'sms' ? asSource(input) : writtenFrom(input, wordsIn);
    const source = { channel, language: 'sv' as const, subject, preheader, ...written };
    const { problems } = await this.content.compile(source);
    if (!isSendable(problems)) {
      throw new Invalid('content_not_sendable', { errors: toFieldFaults(problems, wordsIn) });
    }
    const row = { channel, nameSv, nameEn, description, subject, preheader, ...written };
    await this.write(key, row, actor, version);
    return this.get(key);
  }

  private async write(
    key: string,
    row: Omit<TemplateRow, 'id' | 'key' | 'createdBy' | 'at'>,
    actor: Actor,
    version?: number,
  ): Promise<void> {
    const createdBy = actor.type === 'staff' ? actor.id : null;
    const made = { ...row, id: newId(), key, createdBy, at: this.clock.now() };
    await this.db.tx(async (tx) => {
      const saved = await upsertTemplate(tx, made, version);
      if (!saved) throw new Conflict('template_changed');
      const trace = { key, version: saved.version };
      await this.audit.record(
        tx,
        actor,
        'template.saved',
        { type: 'template', id: saved.id },
        trace,
      );
    });
  }

  private refuseBundled(key: string): void {
    if (this.bundled.some((template) => template.key === key))
      throw new Conflict('template_bundled');
  }

  private async channelOf(key: string, asked: Channel | undefined): Promise<Channel> {
    const known = await this.db.prisma.template.findUnique({ where: { key } });
    const channel = known ? (known.channel as Channel) : (asked ?? 'email');
    if (asked && asked !== channel) throw new Conflict('template_of_another_channel');
    return channel;
  }
}

/** Readable, and its own: the last part tells apart what has the same name. */
function keyFor(name: string): string {
  const letters = name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  const words = letters
    .replace(/[^a-z0-9]+/g, ' ')
    .trim()
    .replaceAll(' ', '-')
    .slice(0, 40);
  return [words.replace(/-$/, ''), newId().slice(-6)].filter(Boolean).join('-');
}

function asSource({ body, blocks }: SaveTemplate): Written {
  if (blocks !== undefined) throw invalidField('blocks', 'not_for_sms');
  return { body: body ?? '', blocks: null };
}

function fromFile(file: BundledTemplate): TemplateDetail {
  const { key, channel, name, description, subject, preheader, body, blocks } = file;
  return {
    key,
    channel,
    bundled: true,
    nameSv: name.sv,
    nameEn: name.en,
    description: description.sv,
    version: 1,
    updatedAt: null,
    subject,
    preheader,
    body,
    blocks,
  };
}

type Row = Omit<TemplateDetail, 'bundled' | 'channel' | 'blocks'> & {
  channel: string;
  blocks: unknown;
};

function fromRow(row: Row): TemplateDetail {
  const { subject, preheader, body } = row;
  const blocks = row.blocks as Block[] | null;
  const detail = { ...row, channel: row.channel as Channel, bundled: false, blocks };
  return { ...toSummary(detail), subject, preheader, body, blocks };
}

function toSummary(template: TemplateDetail): TemplateSummary {
  const { key, channel, bundled, nameSv, nameEn, description, version, updatedAt } = template;
  return { key, channel, bundled, nameSv, nameEn, description, version, updatedAt };
}
