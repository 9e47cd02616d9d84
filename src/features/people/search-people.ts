import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit';
import { Env } from '../../platform/config/env';
import { Database } from '../../platform/database/database';
import type { Actor } from '../../platform/http/actor';
import { AddressKeys } from '../contacts/address-keys';
import { writeCursor } from '../contacts/cursor';
import type { PeopleFound, PeopleSearch } from './search-people.dto';
import { countPeople, findPeople } from './search-people.queries';

const PAGE = 50;

/** The list of people. What was looked for stays out of the audit trail, who was found does not. */
@Injectable()
export class SearchPeople {
  constructor(
    private readonly db: Database,
    private readonly keys: AddressKeys,
    private readonly audit: Audit,
    private readonly env: Env,
  ) {}

  async run(search: PeopleSearch, reader: Actor): Promise<PeopleFound> {
    const limit = search.limit ?? PAGE;
    const found = await findPeople(this.db, this.keys, search, this.env, limit);
    const items = found.slice(0, limit);
    const more = found.length > limit;
    await this.audit.record(
      this.db,
      reader,
      'contacts.searched',
      { type: 'contact', id: null },
      { contactIds: items.map(({ id }) => id) },
    );
    return {
      items,
      next: more ? writeCursor(items.at(-1)!.id) : null,
      ...(await this.total(search, more, items.length)),
    };
  }

  private async total(
    search: PeopleSearch,
    more: boolean,
    shown: number,
  ): Promise<Pick<PeopleFound, 'total' | 'atLeast'>> {
    if (search.cursor) return { total: null, atLeast: false };
    return more
      ? countPeople(this.db, this.keys, search, this.env)
      : { total: shown, atLeast: false };
  }
}
