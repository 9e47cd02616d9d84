import { Injectable } from '@nestjs/common';
import type { Block } from '../../domain/blocks/block';
import { Audit } from '../../platform/audit/audit';
import { Clock } from '../../platform/clock';
import { Database } from '../../platform/database/database';
import { NotFound } from '../../platform/errors';
import type { Actor } from '../../platform/http/actor';
import { isUuid, newId } from '../../platform/ids';
import { writtenFrom } from './from-blocks';
import type { SaveSnippet, SnippetView } from './snippets.dto';

/** Blocks to use again. They are copied into a mail, so deleting one changes no mail. */
@Injectable()
export class Snippets {
  constructor(
    private readonly db: Database,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  list(): Promise<SnippetView[]> {
    return this.db.query<SnippetView & Record<string, unknown>>(
      `SELECT id, name, blocks, created_at AS "createdAt" FROM snippet ORDER BY name, id LIMIT 500`,
    );
  }

  async save({ name, blocks: given }: SaveSnippet, actor: Actor): Promise<SnippetView> {
    const blocks: Block[] = writtenFrom({ blocks: given }).blocks ?? [];
    const snippet = { id: newId(), name, blocks, createdAt: this.clock.now() };
    await this.db.tx(async (tx) => {
      const createdBy = actor.type === 'staff' ? actor.id : null;
      await tx.query(
        `INSERT INTO snippet (id, name, blocks, created_by, created_at) VALUES ($1, $2, $3, $4, $5)`,
        [snippet.id, name, JSON.stringify(blocks), createdBy, snippet.createdAt],
      );
      const subject = { type: 'snippet', id: snippet.id };
      await this.audit.record(tx, actor, 'snippet.saved', subject);
    });
    return snippet;
  }

  async remove(id: string, actor: Actor): Promise<void> {
    if (!isUuid(id)) throw new NotFound('snippet_not_found');
    await this.db.tx(async (tx) => {
      const gone = await tx.query(`DELETE FROM snippet WHERE id = $1 RETURNING id`, [id]);
      if (gone.length === 0) throw new NotFound('snippet_not_found');
      await this.audit.record(tx, actor, 'snippet.deleted', { type: 'snippet', id });
    });
  }
}
