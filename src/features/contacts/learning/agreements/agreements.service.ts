import { Injectable } from '@nestjs/common';
import { Audit } from '../../../../platform/audit/audit';
import { Clock } from '../../../../platform/clock';
import { Database, type Sql } from '../../../../platform/database/database';
import { Invalid, NotFound } from '../../../../platform/errors';
import type { Actor } from '../../../../platform/http/actor';
import {
  EXTERNAL_ID,
  faultOf,
  type Judged,
  judgeEach,
  type PutItemResult,
  type PutResult,
  refuseRepeated,
  toResults,
} from '../batch.dto';
import { type AgreementInput, AgreementItem, type OrganisationDetail } from './agreements.dto';
import { findOrganisation, knownOrganisations, putAgreements } from './agreements.queries';

/** What customer companies have agreed with us, as the CRM tells it. */
@Injectable()
export class Agreements {
  constructor(
    private readonly db: Database,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  /** Throws NotFound `organisation_not_found`. */
  async organisation(externalId: string): Promise<OrganisationDetail> {
    const isId = EXTERNAL_ID.test(externalId);
    const found = isId ? await findOrganisation(this.db, externalId) : undefined;
    if (!found) throw new NotFound('organisation_not_found');
    return found;
  }

  /** Throws Invalid with every fault. */
  async put(externalId: string, input: AgreementInput, actor: Actor): Promise<PutResult> {
    const [result] = await this.putMany([{ ...input, externalId }], actor);
    const { id, outcome, errors } = result!;
    if (errors.length > 0) throw new Invalid('invalid_fields', { errors });
    return { id, outcome };
  }

  /** One result per item, in their order; a faulty item does not hold the others back. */
  async putMany(items: readonly object[], actor: Actor): Promise<PutItemResult[]> {
    const judged = judgeEach(AgreementItem, items);
    refuseRepeated(judged);
    return this.db.tx(async (tx) => {
      await refuseUnsound(tx, judged);
      const sound = judged.filter(({ errors }) => errors.length === 0).map(({ input }) => input);
      const rows = sound.length > 0 ? await putAgreements(tx, sound, this.clock.now()) : [];
      const results = toResults(judged, rows);
      await this.audit.recordMany(
        tx,
        actor,
        results
          .filter(({ outcome }) => outcome === 'created' || outcome === 'changed')
          .map(({ id, outcome }) => ({
            action: `agreement.${outcome}`,
            subject: { type: 'agreement', id },
          })),
      );
      return results;
    });
  }
}

async function refuseUnsound(tx: Sql, judged: Judged<AgreementItem>[]): Promise<void> {
  const sound = judged.filter(({ errors }) => errors.length === 0);
  const named = sound.map(({ input }) => input.organisation);
  const known = named.length > 0 ? await knownOrganisations(tx, named) : new Set<string>();
  for (const { input, errors } of sound) {
    if (!known.has(input.organisation))
      errors.push(faultOf('organisation', 'unknown_organisation'));
    if (input.endsOn && input.endsOn < input.startsOn)
      errors.push(faultOf('endsOn', 'before_start'));
  }
}
