import { Injectable } from '@nestjs/common';
import { AttributeValues } from '../../features/contacts/learning/attributes/attribute-values';
import { Attributes } from '../../features/contacts/learning/attributes/attributes.service';
import { Clock } from '../../platform/clock';
import { Database, type Sql } from '../../platform/database/database';
import { SYSTEM } from '../../platform/http/actor';

const INDUSTRIES = ['Bygg och fastighet', 'Handel', 'Industri', 'Tjänster', 'Vård och skola'];
const SUBJECTS = ['Excel', 'Spanska', 'Engelska', 'Ledarskap', 'Dataskydd'];

const ATTRIBUTES = [
  {
    key: 'bransch',
    type: 'choice',
    nameSv: 'Bransch',
    nameEn: 'Industry',
    purpose: 'R-08',
    choices: INDUSTRIES,
  },
  {
    key: 'anstallda',
    type: 'number',
    nameSv: 'Antal anställda',
    nameEn: 'Employees',
    purpose: 'R-08',
  },
  {
    key: 'intresse',
    type: 'choice',
    nameSv: 'Intresserad av',
    nameEn: 'Interested in',
    purpose: 'R-10',
    choices: SUBJECTS,
  },
] as const satisfies readonly object[];

/** What the company of the demo wants to know of its customers' people, declared and filled in. */
@Injectable()
export class DemoAttributes {
  constructor(
    private readonly db: Database,
    private readonly attributes: Attributes,
    private readonly values: AttributeValues,
    private readonly clock: Clock,
  ) {}

  async load(): Promise<void> {
    await this.declare();
    await this.db.tx((tx) => this.fillIn(tx, this.clock.now()));
  }

  private async declare(): Promise<void> {
    const declared = new Set((await this.attributes.list(true)).map(({ key }) => key));
    for (const attribute of ATTRIBUTES)
      if (!declared.has(attribute.key)) await this.attributes.create({ ...attribute }, SYSTEM);
  }

  private async fillIn(tx: Sql, now: Date): Promise<void> {
    const people = await tx.query<{ id: string; organisation: string }>(
      `SELECT c.id, o.name AS organisation FROM contact c JOIN organisation o ON o.id = c.organisation_id
       WHERE 'company_contact' = ANY (c.kinds) ORDER BY c.id FOR UPDATE OF c`,
    );
    const companies = [...new Set(people.map(({ organisation }) => organisation))].sort();
    const given = people.map(({ organisation }, n) => ({
      bransch: INDUSTRIES[companies.indexOf(organisation) % INDUSTRIES.length],
      anstallda: 12 + ((companies.indexOf(organisation) * 37) % 400),
      ...(n % 3 === 0 && { intresse: SUBJECTS[n % SUBJECTS.length] }),
    }));
    const read = await this.values.read(tx, given);
    const stored = people.map(({ id }, n) => ({ contactId: id, values: read[n]!.values }));
    await this.values.store(tx, stored, { source: 'crm_sync', now });
  }
}
