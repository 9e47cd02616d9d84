import { Injectable } from '@nestjs/common';
import type { Channel } from '../../domain/address';
import { type Audience, WHOLE_TOPIC } from '../../domain/audience';
import { toInstant } from '../../domain/schedule';
import { Audit } from '../../platform/audit/audit';
import { Clock } from '../../platform/clock';
import { Database, type Sql } from '../../platform/database/database';
import { Conflict, Invalid, invalidField } from '../../platform/errors';
import type { Actor } from '../../platform/http/actor';
import { newId } from '../../platform/ids';
import { writtenFrom } from '../content/from-blocks';
import { Templates } from '../content/templates.service';
import { requireSegments } from './audience-segments';
import { CAMPAIGN_COLUMNS, getCampaign, type Campaign } from './campaign';
import { CampaignVersions } from './campaign-versions';
import type { VersionFields } from './campaign-versions.dto';
import type {
  AudienceDto,
  CreateCampaignDto,
  EditCampaignDto,
  UpdateCampaignDto,
} from './campaigns.dto';
import { defaultSender } from './senders/sender.queries';

const EDITABLE: readonly string[] = ['draft', 'awaiting_approval', 'approved'];

/** Drafts: made, read, edited. Sending is in the workflows beside. */
@Injectable()
export class Campaigns {
  constructor(
    private readonly db: Database,
    private readonly templates: Templates,
    private readonly audit: Audit,
    private readonly clock: Clock,
    private readonly versions: CampaignVersions,
  ) {}

  get(id: string): Promise<Campaign> {
    return getCampaign(this.db, id);
  }

  list(after: string | undefined, limit: number): Promise<Campaign[]> {
    return this.db.query<Campaign & Record<string, unknown>>(
      `SELECT ${CAMPAIGN_COLUMNS} FROM campaign WHERE $1::uuid IS NULL OR id < $1::uuid ORDER BY id DESC LIMIT $2`,
      [after ?? null, limit],
    );
  }

  async create(dto: CreateCampaignDto, actor: Actor, standing?: AudienceDto): Promise<Campaign> {
    const { channel = 'email' } = dto;
    const fields = await this.toColumns(await this.withSender(dto, channel), channel, standing);
    const id = newId();
    const columns = [
      'id',
      'channel',
      'state',
      'created_by',
      'created_at',
      'updated_at',
      ...Object.keys(fields),
    ];
    const now = this.clock.now();
    const values = [id, channel, 'draft', actor.id, now, now, ...Object.values(fields)];
    if (!fields.audience) {
      columns.push('audience');
      values.push(JSON.stringify(WHOLE_TOPIC));
    }
    return this.db.tx(async (tx) => {
      await tx.query(
        `INSERT INTO campaign (${columns.join(', ')}) VALUES (${columns.map((_, n) => `$${n + 1}`).join(', ')})`,
        values,
      );
      await this.versions.keep(tx, id, actor, true);
      await this.audit.record(tx, actor, 'campaign.created', { type: 'campaign', id });
      return getCampaign(tx, id);
    });
  }

  /** Saves over the version that was edited; anything else is a conflict. An edit voids an approval. */
  async update(
    id: string,
    { version, ...edits }: UpdateCampaignDto,
    actor: Actor,
    apart = false,
  ): Promise<Campaign> {
    return this.db.tx(async (tx) => {
      const before = await getCampaign(tx, id, true);
      if (!EDITABLE.includes(before.state)) throw new Conflict('campaign_not_editable');
      if (before.version !== version) throw await this.changedMeanwhile(tx, id);
      const standing = apart ? edits.audience : before.audience;
      const fields = await this.toColumns(edits, before.channel, standing, before);
      const names = Object.keys(fields);
      await tx.query(
        `UPDATE campaign SET ${names.map((name, n) => `${name} = $${n + 3},`).join(' ')}
           version = version + 1, updated_at = $2, state = 'draft',
           approved_by = NULL, approved_at = NULL, approval_hash = NULL, leaves_at = NULL
         WHERE id = $1`,
        [id, this.clock.now(), ...Object.values(fields)],
      );
      // What somebody was asked to approve stays in the history as it was.
      await this.versions.keep(tx, id, actor, apart || before.state !== 'draft');
      const subject = { type: 'campaign', id };
      await this.audit.record(tx, actor, 'campaign.edited', subject, { fields: names });
      return getCampaign(tx, id);
    });
  }

  /** What it said then, saved anew: nothing that was written since is lost. */
  async restore(id: string, from: string, over: number, actor: Actor): Promise<Campaign> {
    const { fields } = await this.versions.get(id, from);
    return this.update(id, { ...toEdits(fields), version: over }, actor, true);
  }

  private async changedMeanwhile(tx: Sql, id: string): Promise<Conflict> {
    const latest = await this.versions.latest(tx, id);
    if (!latest) return new Conflict('campaign_changed');
    const { version, savedBy, savedAt } = latest;
    const params = { version, savedBy: savedBy ?? '', savedAt: savedAt.toISOString() };
    return new Conflict('campaign_changed', { params });
  }

  async duplicate(id: string, actor: Actor): Promise<Campaign> {
    const original = await this.get(id);
    return this.create(
      {
        name: `${original.name} (kopia)`.slice(0, 200),
        channel: original.channel,
        topicId: original.topicId ?? undefined,
        language: original.language,
        audience: original.audience as CreateCampaignDto['audience'],
        subject: original.subject,
        preheader: original.preheader,
        body: original.body,
        blocks: original.blocks ?? undefined,
        senderName: original.senderName ?? undefined,
        senderEmail: original.senderEmail ?? undefined,
        replyTo: original.replyTo ?? undefined,
        timeZone: original.timeZone,
        windowHours: original.windowHours,
      },
      actor,
      original.audience,
    );
  }

  /** A copy of the default sender: what is approved names whom it is from, whoever is the default when it leaves. */
  private async withSender(dto: CreateCampaignDto, channel: Channel): Promise<CreateCampaignDto> {
    if (channel !== 'email' || dto.senderEmail) return dto;
    const sender = await defaultSender(this.db);
    if (!sender) return dto;
    return {
      ...dto,
      senderName: dto.senderName ?? sender.name,
      senderEmail: sender.email,
      replyTo: dto.replyTo ?? sender.replyTo ?? undefined,
    };
  }

  /**
   * Column → value of what the request names. The names come from this list only, never from the request.
   * `standing`: an audience whose segments may be named though they are archived.
   */
  private async toColumns(
    dto: EditCampaignDto,
    channel: Channel,
    standing: AudienceDto | undefined,
    before?: Campaign,
  ): Promise<Record<string, unknown>> {
    const template = dto.templateKey ? await this.templates.get(dto.templateKey) : undefined;
    if (template && template.channel !== channel) throw new Conflict('template_of_another_channel');
    const timeZone = dto.timeZone ?? before?.timeZone ?? 'Europe/Stockholm';
    const local = dto.sendAtLocal === undefined ? before?.sendAtLocal : dto.sendAtLocal;
    const written =
      dto.body === undefined && dto.blocks === undefined ? template : writtenFrom(dto);
    if (channel === 'sms' && written?.blocks) throw invalidField('blocks', 'not_for_sms');
    const audience = dto.audience && (await this.audienceOf(dto.audience, standing));
    const columns: Record<string, unknown> = {
      name: dto.name,
      topic_id: dto.topicId,
      language: dto.language,
      audience: audience && JSON.stringify(audience),
      template_key: dto.templateKey,
      subject: dto.subject ?? template?.subject,
      preheader: dto.preheader ?? template?.preheader,
      body: written?.body,
      blocks: written && written.blocks && JSON.stringify(written.blocks),
      sender_name: dto.senderName,
      sender_email: dto.senderEmail,
      reply_to: dto.replyTo,
      time_zone: dto.timeZone,
      send_at_local: dto.sendAtLocal,
      send_at: local === undefined ? undefined : local === null ? null : instant(local, timeZone),
      window_hours: dto.windowHours,
      public_archive: dto.publicArchive,
    };
    return Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined));
  }

  private async audienceOf(dto: AudienceDto, standing: AudienceDto = {}): Promise<Audience> {
    const segments = { ...WHOLE_TOPIC.segments, ...dto.segments };
    await requireSegments(this.db, segments, { ...WHOLE_TOPIC.segments, ...standing.segments });
    return { ...WHOLE_TOPIC, ...dto, segments };
  }
}

/** As an edit, in which null clears what may be empty; what was made from blocks is made from them again. */
function toEdits({ body, blocks, ...fields }: VersionFields): EditCampaignDto {
  return { ...fields, ...(blocks ? { blocks } : { body }) } as EditCampaignDto;
}

/** The night in March when 02:30 does not exist is the caller's to resolve, not ours to guess. */
function instant(local: string, timeZone: string): Date {
  const result = toInstant(local, timeZone);
  if (result.ok) return result.instant;
  throw new Invalid('invalid_fields', {
    errors: [
      { path: 'sendAtLocal', code: result.code, message: `${local} finns inte i ${timeZone}` },
    ],
  });
}
