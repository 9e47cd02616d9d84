import { describeRule, describeTree } from '../../domain/segment/describe';
import type { DeclaredAttributes } from '../../domain/segment/fields';
import type { NamedKind, Names } from '../../domain/segment/phrases';
import { type Group, type Rule, rulesOf } from '../../domain/segment/tree';
import type { Sql } from '../../platform/database/database';

/** The same in the languages of staff. */
export interface InWords {
  sv: string;
  en: string;
}

interface Named {
  kind: NamedKind;
  id: string;
  sv: string;
  en: string;
}

/** Says trees in words, with the names of all that they point at. */
export class Sentences {
  private constructor(
    private readonly sv: Names,
    private readonly en: Names,
    private readonly named: readonly Named[],
  ) {}

  static async of(
    sql: Sql,
    trees: readonly Group[],
    attributes: DeclaredAttributes,
  ): Promise<Sentences> {
    const ids = trees.flatMap(rulesOf).flatMap(idsIn);
    const named =
      ids.length === 0
        ? []
        : await sql.query<Named & Record<string, unknown>>(
            `SELECT 'course' AS kind, id, name AS sv, name AS en FROM course WHERE id = ANY ($1::uuid[])
             UNION ALL SELECT 'organisation', id, name, name FROM organisation WHERE id = ANY ($1::uuid[])
             UNION ALL SELECT 'segment', id, name, name FROM segment WHERE id = ANY ($1::uuid[])
             UNION ALL SELECT 'campaign', id, name, name FROM campaign WHERE id = ANY ($1::uuid[])
             UNION ALL SELECT 'topic', id, name_sv, name_en FROM topic WHERE id = ANY ($1::uuid[])`,
            [ids],
          );
    const inLanguage = (language: 'sv' | 'en'): Names => {
      const names = new Map(named.map((one) => [`${one.kind} ${one.id}`, one[language]]));
      return { attributes, of: (kind, id) => names.get(`${kind} ${id}`) };
    };
    return new Sentences(inLanguage('sv'), inLanguage('en'), named);
  }

  tree(tree: Group): InWords {
    return { sv: describeTree(tree, this.sv, 'sv'), en: describeTree(tree, this.en, 'en') };
  }

  /** What the ids in it stand for; of what is gone, nothing. */
  names(tree: Group): { id: string; name: InWords }[] {
    const ids = new Set(rulesOf(tree).flatMap(idsIn));
    return this.named
      .filter(({ id }) => ids.has(id))
      .map(({ id, sv, en }) => ({ id, name: { sv, en } }));
  }

  rule(rule: Rule): InWords {
    return { sv: describeRule(rule, this.sv, 'sv'), en: describeRule(rule, this.en, 'en') };
  }
}

const POINTING = ['organisation', 'topic', 'segment', 'campaign', 'clicks'];

function idsIn(rule: Rule): string[] {
  if (rule.field === 'learning') return 'courses' in rule ? (rule.courses ?? []) : [];
  return POINTING.includes(rule.field) && 'value' in rule && Array.isArray(rule.value)
    ? rule.value
    : [];
}
