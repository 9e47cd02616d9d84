import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit';
import { Database } from '../../platform/database/database';
import { Invalid, NotFound } from '../../platform/errors';
import type { Actor } from '../../platform/http/actor';
import type { Language } from '../../platform/i18n/i18n';
import { isUuid } from '../../platform/ids';
import { contactOfId } from '../registry/opt-outs.queries';
import { tellHappening } from './tell-happening';
import type { Happening, Timeline, TimelineQuery } from './timeline.dto';
import { NOT_MADE, timelineOf, type Before, type HappeningRow } from './timeline.queries';

const PAGE = 50;

/** Everything that happened between us and one person, from all rooms, in one list. */
@Injectable()
export class PersonTimeline {
  constructor(
    private readonly db: Database,
    private readonly audit: Audit,
  ) {}

  /** Throws NotFound `unknown_contact`. */
  async read(
    id: string,
    { cursor, limit = PAGE }: TimelineQuery,
    reader: Actor,
    language: Language,
  ): Promise<Timeline> {
    const contactId = isUuid(id) ? await contactOfId(this.db, id) : null;
    if (!contactId) throw new NotFound('unknown_contact');
    const before = cursor ? readPlace(cursor) : null;
    const withLearning = reader.permissions.has('contacts:read');
    const rows = await timelineOf(this.db, contactId, before, limit + 1, withLearning);
    await this.audit.record(this.db, reader, 'contact.timeline_read', {
      type: 'contact',
      id: contactId,
    });
    const shown = rows.slice(0, limit);
    return {
      items: shown.map((row) => toHappening(row, language)),
      next: rows.length > limit ? writePlace(shown.at(-1)!) : null,
    };
  }
}

function toHappening(row: HappeningRow, language: Language): Happening {
  const { id, kind, at, what, channel, detail, campaignId, wordingVersion } = row;
  return {
    id,
    kind,
    at,
    what,
    channel,
    detail,
    campaignId,
    wordingVersion,
    sentence: tellHappening(row, language),
    viewable: kind === 'message' && !(NOT_MADE as readonly string[]).includes(what),
  };
}

function writePlace({ at, id }: Before): string {
  return Buffer.from(`${at.toISOString()} ${id}`).toString('base64url');
}

function readPlace(cursor: string): Before {
  const [time = '', id = ''] = Buffer.from(cursor, 'base64url').toString().split(' ');
  const at = new Date(time);
  if (Number.isNaN(at.getTime()) || !/^[\da-f-]{1,36}$/.test(id))
    throw new Invalid('invalid_cursor');
  return { at, id };
}
