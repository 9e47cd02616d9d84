import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit';
import { Database } from '../../platform/database/database';
import { Conflict, NotFound } from '../../platform/errors';
import type { Actor } from '../../platform/http/actor';
import { isUuid } from '../../platform/ids';
import { AuditDelivery } from './audit-delivery';
import { Incidents } from './incidents';
import type { Closing } from './incidents.dto';

/**
 * A person's word that a fault is mended, or (`accept`) that it cannot be and has been dealt with: a mail that
 * left after a no cannot be called back. The fault is looked for once more in the same transaction; when it
 * still stands, a new incident takes this one's place, and not a message leaves in between.
 */
@Injectable()
export class CloseIncident {
  constructor(
    private readonly db: Database,
    private readonly incidents: Incidents,
    private readonly delivery: AuditDelivery,
    private readonly audit: Audit,
  ) {}

  async run(
    id: string,
    { note, accept = false }: { note: string; accept?: boolean },
    actor: Actor,
  ): Promise<Closing> {
    return this.db.tx(async (tx) => {
      const incident = isUuid(id) ? await this.incidents.lock(tx, id) : undefined;
      if (!incident) throw new NotFound('incident_not_found');
      if (incident.closedAt) throw new Conflict('incident_closed');
      const standing = accept ? null : await this.delivery.standing(tx, incident);
      await tx.query(
        `UPDATE incident SET closed_at = clock_timestamp(), closed_by = $2, note = $3, accepted = $4 WHERE id = $1`,
        [id, actor.id ?? actor.type, note, accept],
      );
      await this.audit.record(
        tx,
        actor,
        'incident.closed',
        { type: 'incident', id },
        { kind: incident.kind, accepted: accept, stands: standing !== null },
      );
      const closed = (await this.incidents.lock(tx, id))!;
      if (standing) {
        await this.incidents.raise(tx, incident.kind, { ...standing, reopens: id });
        const open = await this.incidents.open(tx);
        return { closed, reopened: open.find(({ kind }) => kind === incident.kind)! };
      }
      await this.incidents.release(tx);
      return { closed, reopened: null };
    });
  }
}
