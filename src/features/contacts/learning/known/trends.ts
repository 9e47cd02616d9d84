import { Injectable } from '@nestjs/common';
import { Database } from '../../../../platform/database/database';
import { invalidField } from '../../../../platform/errors';
import type { TrendAnswer, TrendGroup, TrendQuery, TrendRow } from './trends.dto';

const FEWEST = 5;

const GROUPS: Record<TrendGroup, { key: string; name: string; join: string; order: string }> = {
  month: {
    key: `to_char(m.month, 'YYYY-MM')`,
    name: 'NULL::text',
    join: '',
    order: '1, 3',
  },
  course: {
    key: 'named.id::text',
    name: 'named.name',
    join: 'LEFT JOIN course named ON named.id = m.course_id',
    order: '4 DESC, 1, 3',
  },
  organisation: {
    key: 'named.id::text',
    name: 'named.name',
    join: 'LEFT JOIN organisation named ON named.id = m.organisation_id',
    order: '4 DESC, 1, 3',
  },
};

/** How much was learned, from counts that nobody is in. */
@Injectable()
export class Trends {
  constructor(private readonly db: Database) {}

  async read({ from, to, by, kind }: TrendQuery): Promise<TrendAnswer> {
    if (to < from) throw invalidField('to', 'before_from');
    const { key, name, join, order } = GROUPS[by];
    const rows = await this.db.query<TrendRow & { events: number }>(
      `SELECT ${key} AS key, ${name} AS name, m.kind, sum(m.events)::int AS events
       FROM learning_month m ${join}
       WHERE m.month BETWEEN $1::date AND $2::date AND ($3::text IS NULL OR m.kind = $3)
       GROUP BY 1, 2, 3 ORDER BY ${order}`,
      [`${from}-01`, `${to}-01`, kind ?? null],
    );
    return {
      items: rows.map((row) => {
        const fewerThanFive = row.events < FEWEST;
        return { ...row, events: fewerThanFive ? null : row.events, fewerThanFive };
      }),
    };
  }
}
