import { Injectable } from '@nestjs/common';
import { correctedAs } from '../../../domain/allowed-data';
import { Audit } from '../../../platform/audit/audit';
import { Clock } from '../../../platform/clock';
import { Database, type Sql } from '../../../platform/database/database';
import { Invalid, NotFound } from '../../../platform/errors';
import type { Actor } from '../../../platform/http/actor';
import type { Language } from '../../../platform/i18n/i18n';
import { isUuid } from '../../../platform/ids';
import type { UpsertContext } from '../../contacts/contact-data';
import { readContact } from '../../contacts/read-contact';
import type { ContactChange, ContactChanged } from './people.dto';
import { WriteContacts } from './write-contacts';

/**
 * Puts right what we know of one person (GDPR 16). Raises no consent: a changed address is a new one that nobody has
 * agreed to anything for, and every no of the old one holds for it, too (L-20).
 */
@Injectable()
export class ChangeContact {
  constructor(
    private readonly db: Database,
    private readonly writes: WriteContacts,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  async run(
    id: string,
    change: ContactChange,
    actor: Actor,
    language: Language,
  ): Promise<ContactChanged> {
    return this.db.tx(async (tx) => {
      const { kind, source } = correctedAs(await kindsOf(tx, id));
      const context: UpsertContext = {
        source,
        sourceRef: `${actor.type}:${actor.id ?? ''}`,
        actor,
        now: this.clock.now(),
        language,
      };
      const read = readContact({ ...change, kind, contactId: id }, context);
      const [result] = await this.writes.write(tx, [read], context, 'service_desk');
      const { outcome, changed, faults } = result!;
      if (outcome === 'refused') throw new Invalid('invalid_fields', { errors: faults });
      if (changed.length > 0) {
        const subject = { type: 'contact', id };
        await this.audit.record(tx, actor, 'contact.changed', subject, { changed });
      }
      return { changed };
    });
  }
}

/** Locks the person: whoever is erased meanwhile must not be made anew. */
async function kindsOf(tx: Sql, id: string): Promise<string[]> {
  const [contact] = isUuid(id)
    ? await tx.query<{ kinds: string[] }>(
        `SELECT kinds FROM contact WHERE id = $1 AND merged_into_id IS NULL FOR UPDATE`,
        [id],
      )
    : [];
  if (!contact) throw new NotFound('contact_not_found');
  return contact.kinds;
}
