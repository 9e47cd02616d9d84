import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit';
import { Database } from '../../platform/database/database';
import { NotFound } from '../../platform/errors';
import type { Actor } from '../../platform/http/actor';
import { isUuid } from '../../platform/ids';
import { contactOfId } from './opt-outs.queries';
import { Registry } from './registry.service';
import type { RestrictionRecorded } from './restrictions.dto';

/**
 * A person asks that what we know of them is kept and nothing else (GDPR 18, L-22): no message, no segment, no profile.
 * Always granted (D-07), without grounds to be given.
 */
@Injectable()
export class RestrictContact {
  constructor(
    private readonly db: Database,
    private readonly registry: Registry,
    private readonly audit: Audit,
  ) {}

  /** In force when it answers; repeats change nothing. Throws NotFound `unknown_contact`. */
  async run(id: string, actor: Actor): Promise<RestrictionRecorded> {
    return this.db.tx(async (tx) => {
      const contactId = isUuid(id) ? await contactOfId(tx, id) : null;
      if (!contactId) throw new NotFound('unknown_contact');
      const [act] = await this.registry.record(tx, [
        {
          kind: 'restrict',
          scope: 'all',
          channel: null,
          address: null,
          contactId,
          door: actor.type === 'staff' ? 'service_desk' : 'api',
          actor,
        },
      ]);
      const recorded = act!.outcome === 'recorded';
      await this.audit.record(
        tx,
        actor,
        'restriction.recorded',
        { type: 'contact', id: contactId },
        { recorded },
      );
      return { recorded, at: act!.at!, entryId: act!.entryId! };
    });
  }
}
