import { Injectable } from '@nestjs/common';
import { Audit } from '../../../../platform/audit/audit';
import { Clock } from '../../../../platform/clock';
import { Database, type Sql } from '../../../../platform/database/database';
import { Conflict, invalidField, NotFound } from '../../../../platform/errors';
import type { Actor } from '../../../../platform/http/actor';
import { isUuid, newId } from '../../../../platform/ids';
import type { Attribute, ChangeAttribute, CreateAttribute } from './attributes.dto';
import {
  findAttribute,
  hasOtherChoices,
  insertAttribute,
  listAttributes,
  lockAttribute,
  removeValues,
  updateAttribute,
} from './attributes.queries';

/** What more may be known of people than the policy names, each with its type and purpose. */
@Injectable()
export class Attributes {
  constructor(
    private readonly db: Database,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  list(archived: boolean): Promise<Attribute[]> {
    return listAttributes(this.db, archived);
  }

  /** Throws Conflict `attribute_key_taken`; Invalid when the choices do not go with the type. */
  async create(input: CreateAttribute, actor: Actor): Promise<Attribute> {
    assertChoices(input.type, input.choices ?? []);
    const id = newId();
    return this.db.tx(async (tx) => {
      if (!(await insertAttribute(tx, id, input, this.clock.now())))
        throw new Conflict('attribute_key_taken');
      const { key, purpose } = input;
      const subject = { type: 'attribute', id };
      await this.audit.record(tx, actor, 'attribute.created', subject, { key, purpose });
      return get(tx, id);
    });
  }

  /** Throws NotFound `unknown_attribute`, Conflict `attribute_in_use` or `choice_in_use`. */
  async change(id: string, change: ChangeAttribute, actor: Actor): Promise<Attribute> {
    return this.db.tx(async (tx) => {
      if (isUuid(id)) await lockAttribute(tx, id);
      const before = await get(tx, id);
      const { archived, ...fields } = change;
      const after = { ...before, ...fields };
      const isKept = after.type === before.type && after.purpose === before.purpose;
      if (before.values > 0 && !isKept) throw new Conflict('attribute_in_use');
      if (change.type && change.type !== 'choice') after.choices = change.choices ?? [];
      assertChoices(after.type, after.choices);
      if (change.choices && (await hasOtherChoices(tx, id, change.choices)))
        throw new Conflict('choice_in_use');
      if (archived !== undefined)
        after.archivedAt = archived ? (before.archivedAt ?? this.clock.now()) : null;
      if (archived) await removeValues(tx, id);
      await updateAttribute(tx, after);
      const details = {
        changed: Object.keys(change).sort(),
        removed: archived ? before.values : 0,
      };
      await this.audit.record(tx, actor, 'attribute.changed', { type: 'attribute', id }, details);
      return get(tx, id);
    });
  }
}

function assertChoices(type: string, choices: readonly string[]): void {
  if (type === 'choice' && choices.length === 0) throw invalidField('choices', 'choices_missing');
  if (type !== 'choice' && choices.length > 0) throw invalidField('choices', 'not_a_choice');
}

async function get(sql: Sql, id: string): Promise<Attribute> {
  const found = isUuid(id) ? await findAttribute(sql, id) : undefined;
  if (!found) throw new NotFound('unknown_attribute');
  return found;
}
