import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit';
import { Database } from '../../platform/database/database';
import type { Actor } from '../../platform/http/actor';
import { AddressKeys } from '../contacts/address-keys';
import { Templates } from '../content/templates.service';
import { findContacts } from './find-contacts.queries';
import type { Found, FoundCampaign, FoundContact, FoundTemplate } from './search.dto';

const MOST = 5;

/** One field for whatever somebody looks for. Whom it found is in the audit trail, what was typed is not. */
@Injectable()
export class FindAnything {
  constructor(
    private readonly db: Database,
    private readonly keys: AddressKeys,
    private readonly templates: Templates,
    private readonly audit: Audit,
  ) {}

  async run(text: string, actor: Actor): Promise<Found> {
    const asked = text.normalize('NFC').trim();
    const may = actor.permissions;
    const [contacts, campaigns, templates] = await Promise.all([
      may.has('contacts:read') ? this.people(asked, actor) : null,
      may.has('campaigns:read') ? this.campaigns(asked) : null,
      may.has('templates:read') ? this.templatesNamed(asked) : null,
    ]);
    return { contacts, campaigns, templates };
  }

  private async people(asked: string, actor: Actor): Promise<FoundContact[]> {
    const found = await findContacts(this.db, this.keys, asked, MOST);
    const subject = { type: 'contact', id: null };
    const contactIds = found.map(({ id }) => id);
    await this.audit.record(this.db, actor, 'contacts.searched', subject, { contactIds });
    return found;
  }

  /** Campaigns are few: their names are read from end to end. */
  private campaigns(asked: string): Promise<FoundCampaign[]> {
    return this.db.query<FoundCampaign & Record<string, unknown>>(
      `SELECT id, name, channel, state FROM campaign
       WHERE position(lower($1) IN lower(name)) > 0 OR position(lower($1) IN lower(subject)) > 0
       ORDER BY id DESC LIMIT $2`,
      [asked, MOST],
    );
  }

  private async templatesNamed(asked: string): Promise<FoundTemplate[]> {
    const wanted = asked.toLowerCase();
    const all = await this.templates.list();
    return all
      .filter(({ key, nameSv, nameEn }) =>
        [key, nameSv, nameEn].some((name) => name.toLowerCase().includes(wanted)),
      )
      .slice(0, MOST)
      .map(({ key, nameSv, nameEn, channel }) => ({ key, nameSv, nameEn, channel }));
  }
}
