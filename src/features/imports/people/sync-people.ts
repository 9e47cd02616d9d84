import { Injectable } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { POLICY_VERSION } from '../../../domain/policy';
import { Audit } from '../../../platform/audit/audit';
import { Clock } from '../../../platform/clock';
import { Database, type Sql } from '../../../platform/database/database';
import { type FieldFault, Invalid } from '../../../platform/errors';
import type { Actor } from '../../../platform/http/actor';
import { faultsIn } from '../../../platform/http/validation';
import type { UpsertContext, UpsertResult } from '../../contacts/contact-data';
import {
  AttributeValues,
  type ReadAttributes,
} from '../../contacts/learning/attributes/attribute-values';
import { readContact } from '../../contacts/read-contact';
import type { Door } from '../../registry/ledger/ledger-act';
import {
  type ApiSource,
  BatchPersonInput,
  type BatchPersonResult,
  type PersonAttestation,
  type PersonResult,
} from './people.dto';
import { WriteContacts } from './write-contacts';

interface Item {
  index: number;
  input: BatchPersonInput;
}

/** People from a CRM or the learning platform. Stores who they are; what they agreed to is not asked here. */
@Injectable()
export class SyncPeople {
  constructor(
    private readonly db: Database,
    private readonly writes: WriteContacts,
    private readonly attributes: AttributeValues,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  /** Throws Invalid with every fault of the person. */
  async put(input: BatchPersonInput, actor: Actor): Promise<PersonResult> {
    const [result] = await this.write([{ index: 0, input }], actor);
    if (result!.outcome === 'refused')
      throw new Invalid('invalid_fields', { errors: result!.errors });
    const { outcome, id, changed, attributesNotKept } = result!;
    return { outcome, id, changed, attributesNotKept };
  }

  /** One result per item, in their order; a faulty item does not hold the others back. */
  async putMany(items: object[], actor: Actor): Promise<BatchPersonResult[]> {
    const results: BatchPersonResult[] = [];
    const sound: Item[] = [];
    items.forEach((raw, index) => {
      const input = plainToInstance(BatchPersonInput, raw);
      const errors = faultsIn(input);
      const externalId = typeof input.externalId === 'string' ? input.externalId : null;
      if (errors.length > 0) results[index] = { ...refused(errors), index, externalId };
      else sound.push({ index, input });
    });
    for (const result of await this.write(sound, actor)) results[result.index] = result;
    return results;
  }

  private async write(items: Item[], actor: Actor): Promise<BatchPersonResult[]> {
    const now = this.clock.now();
    const groups = new Map<string, { context: UpsertContext; items: Item[] }>();
    for (const item of items) {
      const context = contextOf(item.input, actor, now);
      const key = JSON.stringify([context.source, context.notice, context.attestation]);
      const group = groups.get(key) ?? { context, items: [] };
      group.items.push(item);
      groups.set(key, group);
    }
    return this.db.tx(async (tx) => {
      const given = items.map(({ input }) => input.attributes ?? {});
      const read = await this.attributes.read(tx, given);
      const attributes = new Map(items.map((item, i) => [item, read[i]!]));
      const results: BatchPersonResult[] = [];
      for (const group of groups.values())
        results.push(...(await this.writeGroup(tx, group, attributes)));
      await this.writeAttributes(tx, items, attributes, results, now);
      const written = results.filter(
        ({ outcome }) => outcome === 'created' || outcome === 'changed',
      );
      await this.audit.recordMany(
        tx,
        actor,
        written.map(({ id, outcome, changed }) => ({
          action: `contact.${outcome}`,
          subject: { type: 'contact', id },
          details: { changed },
        })),
      );
      return results;
    });
  }

  private async writeGroup(
    tx: Sql,
    { context, items }: { context: UpsertContext; items: Item[] },
    attributes: ReadonlyMap<Item, ReadAttributes>,
  ): Promise<BatchPersonResult[]> {
    const reads = items.map((item) => {
      const {
        source: _source,
        notice: _notice,
        attestation,
        attributes: _,
        ...contact
      } = item.input;
      const read = readContact(contact, context);
      read.faults.push(...attributes.get(item)!.faults);
      if (attestation) read.faults.push(...faultsOfAttestation(attestation, item.input, context));
      return read;
    });
    const door: Door = context.source === 'crm_sync' ? 'crm_sync' : 'api';
    const results = await this.writes.write(tx, reads, context, door);
    return results.map((result, i) => ({
      ...toResult(result),
      index: items[i]!.index,
      externalId: items[i]!.input.externalId,
    }));
  }

  /** After all people, so that whoever stores values holds every gate row it needs. */
  private async writeAttributes(
    tx: Sql,
    items: Item[],
    read: ReadonlyMap<Item, ReadAttributes>,
    results: BatchPersonResult[],
    now: Date,
  ): Promise<void> {
    const byIndex = new Map(results.map((result) => [result.index, result]));
    for (const [source, own] of bySource(items)) {
      const stored = own.flatMap((item) => {
        const result = byIndex.get(item.index)!;
        return result.id ? [{ result, contactId: result.id, values: read.get(item)!.values }] : [];
      });
      const answers = await this.attributes.store(tx, stored, { source, now });
      answers.forEach(({ changed, notKept }, i) => {
        const { result } = stored[i]!;
        result.changed.push(...changed.map((key) => `attributes.${key}`));
        result.attributesNotKept = notKept;
        if (changed.length > 0 && result.outcome === 'unchanged') result.outcome = 'changed';
      });
    }
  }
}

function bySource(items: readonly Item[]): Map<ApiSource, Item[]> {
  const groups = new Map<ApiSource, Item[]>();
  for (const item of items) {
    const source = sourceOf(item.input);
    groups.set(source, [...(groups.get(source) ?? []), item]);
  }
  return groups;
}

// A learner's data is the employer's to hand over, whichever system it passes through (D-04).
const sourceOf = ({ kind, source }: BatchPersonInput): ApiSource =>
  kind === 'learner' ? 'employer_import' : (source ?? 'crm_sync');

function contextOf(input: BatchPersonInput, actor: Actor, now: Date): UpsertContext {
  const source = sourceOf(input);
  const { attestation } = input;
  const notice = attestation
    ? { version: attestation.policyVersion, at: attestation.at }
    : input.notice;
  return {
    source,
    sourceRef: `${actor.type}:${actor.id ?? ''}`,
    actor,
    now,
    refuseErased: true,
    ...(notice && { notice: { version: notice.version, at: new Date(notice.at) } }),
    ...(attestation && {
      attestation: {
        at: new Date(attestation.at),
        ref: `api:${attestation.reference}`,
        company: attestation.company,
      },
    }),
  };
}

function faultsOfAttestation(
  { at, policyVersion }: PersonAttestation,
  { kind }: BatchPersonInput,
  { now }: UpsertContext,
): FieldFault[] {
  const fault = (path: string, code: string) => ({ path, code, message: code });
  return [
    ...(kind === 'learner' ? [] : [fault('attestation', 'only_of_learners')]),
    // D-04: a new version of the policy needs a new attestation.
    ...(policyVersion === POLICY_VERSION
      ? []
      : [fault('attestation.policyVersion', 'attestation_of_another_policy')]),
    ...(new Date(at) > now ? [fault('attestation.at', 'in_the_future')] : []),
  ];
}

type Judged = Omit<BatchPersonResult, 'index' | 'externalId'>;

function toResult({ outcome, contactId, changed, faults }: UpsertResult): Judged {
  if (faults.some(({ code }) => code === 'erased')) return { ...refused([]), outcome: 'erased' };
  return { outcome, id: contactId, changed: [...changed], attributesNotKept: [], errors: faults };
}

function refused(errors: FieldFault[]): Judged {
  return { outcome: 'refused', id: null, changed: [], attributesNotKept: [], errors };
}
