import { Injectable } from '@nestjs/common';
import type { Channel } from '../../domain/address';
import { Audit } from '../../platform/audit/audit';
import { Clock } from '../../platform/clock';
import { Database } from '../../platform/database/database';
import { Conflict, Invalid, NotFound } from '../../platform/errors';
import type { Actor } from '../../platform/http/actor';
import type { Language } from '../../platform/i18n/i18n';
import { newId } from '../../platform/ids';
import { readBundledTemplates, type BundledTemplate } from './bundled-templates';
import type { SaveTemplate, TemplateDetail, TemplateSummary } from './content.dto';
import { ContentService } from './content.service';
import { isSendable } from './lint/problems';
import { toFieldFaults } from './lint/problem-texts';
import { upsertTemplate } from './templates.queries';

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

  /** Creates or replaces an own template. With an error in it nothing is saved. */
  async save(
    key: string,
    input: SaveTemplate,
    actor: Actor,
    wordsIn: Language,
  ): Promise<TemplateDetail> {
    if (this.bundled.some((template) => template.key === key))
      throw new Conflict('template_bundled');
    const { nameSv, nameEn, description = '', subject = '', preheader = '', body } = input;
    const channel = await this.channelOf(key, input.channel);
    const source = { channel, language: 'sv' as const, subject, preheader, body };
    const { problems } = await this.content.compile(source);
    if (!isSendable(problems)) {
      throw new Invalid('content_not_sendable', { errors: toFieldFaults(problems, wordsIn) });
    }
    await this.db.tx(async (tx) => {
      const saved = await upsertTemplate(tx, {
        id: newId(),
        key,
        channel,
        nameSv,
        nameEn,
        description,
        subject,
        preheader,
        body,
        createdBy: actor.type === 'staff' ? actor.id : null,
        at: this.clock.now(),
      });
      const trace = { key, version: saved.version };
      await this.audit.record(
        tx,
        actor,
        'template.saved',
        { type: 'template', id: saved.id },
        trace,
      );
    });
    return this.get(key);
  }

  private async channelOf(key: string, asked: Channel | undefined): Promise<Channel> {
    const known = await this.db.prisma.template.findUnique({ where: { key } });
    const channel = known ? (known.channel as Channel) : (asked ?? 'email');
    if (asked && asked !== channel) throw new Conflict('template_of_another_channel');
    return channel;
  }
}

function fromFile(file: BundledTemplate): TemplateDetail {
  const { key, channel, name, description, subject, preheader, body } = file;
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
  };
}

type Row = Omit<TemplateDetail, 'bundled' | 'channel'> & { channel: string };

function fromRow(row: Row): TemplateDetail {
  const { subject, preheader, body } = row;
  const detail = { ...row, channel: row.channel as Channel, bundled: false };
  return { ...toSummary({ ...detail, subject, preheader, body }), subject, preheader, body };
}

function toSummary(template: TemplateDetail): TemplateSummary {
  const { key, channel, bundled, nameSv, nameEn, description, version, updatedAt } = template;
  return { key, channel, bundled, nameSv, nameEn, description, version, updatedAt };
}
