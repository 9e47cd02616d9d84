import { Injectable } from '@nestjs/common';
import { type AttributeValue, readAttributeValue } from '../../../../domain/learning';
import type { Sql } from '../../../../platform/database/database';
import type { FieldFault } from '../../../../platform/errors';
import { KEY } from './attributes.dto';
import {
  type DeclaredAttribute,
  declaredAttributes,
  storeValues,
  type ValueRow,
} from './attribute-values.queries';

/** What somebody says of a person, by the attribute's key; null removes the value. */
export type AttributesGiven = Readonly<Record<string, unknown>>;

export interface ReadAttribute {
  attribute: DeclaredAttribute;
  value: AttributeValue | null;
}

export interface ReadAttributes {
  values: ReadAttribute[];
  /** With the path attributes.key. */
  faults: FieldFault[];
}

export interface StoredAttributes {
  /** Keys of those that are different now. */
  changed: string[];
  /** Keys of those that may not be kept of this person (L-10, L-22, L-42). */
  notKept: string[];
}

/** Values of declared attributes, written in the transaction of the contacts they are of. */
@Injectable()
export class AttributeValues {
  /** One answer per person. Until the end of the transaction the declarations stay as they were read. */
  async read(tx: Sql, given: readonly AttributesGiven[]): Promise<ReadAttributes[]> {
    const keys = new Set(given.flatMap((one) => Object.keys(one)).filter((key) => KEY.test(key)));
    const declared = keys.size > 0 ? await declaredAttributes(tx, [...keys]) : [];
    const byKey = new Map(declared.map((attribute) => [attribute.key, attribute]));
    return given.map((one) => readOne(one, byKey));
  }

  /** One answer per person, in order; the contacts are locked already. */
  async store(
    tx: Sql,
    people: readonly { contactId: string; values: readonly ReadAttribute[] }[],
    origin: { source: string; now: Date },
  ): Promise<StoredAttributes[]> {
    const results = people.map((): StoredAttributes => ({ changed: [], notKept: [] }));
    const places: { result: StoredAttributes; key: string }[] = [];
    const rows: ValueRow[] = [];
    people.forEach(({ contactId, values }, i) => {
      for (const { attribute, value } of values) {
        const n = places.push({ result: results[i]!, key: attribute.key }) - 1;
        rows.push({ n, contactId, attributeId: attribute.id, type: attribute.type, value });
      }
    });
    if (rows.length === 0) return results;
    for (const { n, changed, notKept } of await storeValues(tx, rows, origin)) {
      const { result, key } = places[n]!;
      if (changed) result.changed.push(key);
      if (notKept) result.notKept.push(key);
    }
    return results;
  }
}

function readOne(
  given: AttributesGiven,
  declared: ReadonlyMap<string, DeclaredAttribute>,
): ReadAttributes {
  const read: ReadAttributes = { values: [], faults: [] };
  for (const [key, raw] of Object.entries(given)) {
    const attribute = declared.get(key);
    const checked =
      attribute && raw !== null ? readAttributeValue(attribute, raw) : { value: null };
    const code = attribute ? ('fault' in checked ? checked.fault : null) : 'undeclared_attribute';
    if (code) read.faults.push({ path: `attributes.${key}`, code, message: code });
    else if (attribute && 'value' in checked) read.values.push({ attribute, value: checked.value });
  }
  return read;
}
