import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit';
import { Clock } from '../../platform/clock';
import { Database, type Sql } from '../../platform/database/database';
import { Conflict } from '../../platform/errors';
import type { Actor } from '../../platform/http/actor';
import { newId } from '../../platform/ids';
import { getSegment, listSegments, type Segment } from './segment';
import { Sentences } from './segment-names';
import { SegmentQuestions } from './segment-questions';
import type { FreezeInput, SegmentEdit, SegmentInput, SegmentView } from './segments.dto';
import { usesOf, writeMembers } from './segments.queries';

/** Saved questions: made, read, edited, frozen, archived. */
@Injectable()
export class Segments {
  constructor(
    private readonly db: Database,
    private readonly questions: SegmentQuestions,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  async list(): Promise<SegmentView[]> {
    return this.view(this.db, await listSegments(this.db));
  }

  async get(id: string): Promise<SegmentView> {
    return this.viewOf(this.db, id);
  }

  async create({ name, tree }: SegmentInput, actor: Actor): Promise<SegmentView> {
    return this.saving(async (tx) => {
      const read = this.questions.read(tree, null, await this.questions.known(tx));
      const id = await this.insert(tx, { name, kind: 'dynamic', tree: read }, actor);
      await this.audit.record(tx, actor, 'segment.created', { type: 'segment', id });
      return this.viewOf(tx, id);
    });
  }

  /** Saves over the version that was edited; anything else is a conflict. */
  async update(id: string, edit: SegmentEdit, actor: Actor): Promise<SegmentView> {
    return this.saving(async (tx) => {
      const before = await getSegment(tx, id);
      if (before.archivedAt) throw new Conflict('segment_archived');
      if (before.version !== edit.version) {
        const params = { savedAt: before.updatedAt.toISOString() };
        throw new Conflict('segment_changed', { params });
      }
      if (edit.tree && before.kind === 'static') throw new Conflict('segment_is_frozen');
      const tree = edit.tree
        ? this.questions.read(edit.tree, id, await this.questions.known(tx))
        : before.tree;
      await tx.query(
        'UPDATE segment SET name = $2, tree = $3, version = version + 1, updated_at = $4 WHERE id = $1',
        [id, edit.name ?? before.name, JSON.stringify(tree), this.clock.now()],
      );
      const fields = Object.keys(edit).filter((field) => field !== 'version');
      await this.audit.record(tx, actor, 'segment.edited', { type: 'segment', id }, { fields });
      return this.viewOf(tx, id);
    });
  }

  /** Whoever is in it now, as a segment of its own that changes no more. */
  async freeze(id: string, { name }: FreezeInput, actor: Actor): Promise<SegmentView> {
    return this.saving(async (tx) => {
      const original = await getSegment(tx, id);
      if (original.archivedAt) throw new Conflict('segment_archived');
      if (original.kind === 'static') throw new Conflict('segment_is_frozen');
      const condition = this.questions.conditionOf(
        original.tree,
        await this.questions.known(tx),
        2,
      );
      const copy = await this.insert(tx, { name, kind: 'static', tree: original.tree }, actor);
      const people = await writeMembers(tx, copy, condition);
      const subject = { type: 'segment', id: copy };
      await this.audit.record(tx, actor, 'segment.frozen', subject, { from: id, people });
      return this.viewOf(tx, copy);
    });
  }

  /** Refused while a campaign that has not left, or another segment, asks by it. Its list of people goes at once. */
  async archive(id: string, actor: Actor): Promise<void> {
    await this.saving(async (tx) => {
      const segment = await getSegment(tx, id);
      if (segment.archivedAt) return;
      const held = (await usesOf(tx, [id])).find(({ holds }) => holds);
      if (held) throw new Conflict(`segment_used_by_${held.kind}`);
      await tx.query('UPDATE segment SET archived_at = $2, updated_at = $2 WHERE id = $1', [
        id,
        this.clock.now(),
      ]);
      // After it: a count that was under way has then come to its end.
      await tx.query('DELETE FROM segment_member WHERE segment_id = $1', [id]);
      await this.audit.record(tx, actor, 'segment.archived', { type: 'segment', id });
    });
  }

  /** One at a time, or two could be saved at once that name each other. */
  private saving<T>(work: (tx: Sql) => Promise<T>): Promise<T> {
    return this.db.tx(async (tx) => {
      await tx.query(`SELECT pg_advisory_xact_lock(hashtext('segment'))`);
      return work(tx);
    });
  }

  private async insert(
    tx: Sql,
    { name, kind, tree }: Pick<Segment, 'name' | 'kind' | 'tree'>,
    actor: Actor,
  ): Promise<string> {
    const id = newId();
    const now = this.clock.now();
    await tx.query(
      `INSERT INTO segment (id, name, kind, tree, created_by, created_at, updated_at, counted_at)
       VALUES ($1, $2, $3, $4, $5, $6, $6, CASE WHEN $3 = 'static' THEN $6::timestamptz END)`,
      [id, name, kind, JSON.stringify(tree), actor.id, now],
    );
    return id;
  }

  private async viewOf(sql: Sql, id: string): Promise<SegmentView> {
    const [view] = await this.view(sql, [await getSegment(sql, id)]);
    return view!;
  }

  private async view(sql: Sql, segments: Segment[]): Promise<SegmentView[]> {
    const known = await this.questions.known(sql);
    const trees = segments.map(({ tree }) => tree);
    const sentences = await Sentences.of(sql, trees, known.attributes);
    const uses = await usesOf(
      sql,
      segments.map(({ id }) => id),
    );
    return segments.map((segment) => ({
      ...segment,
      usedBy: uses
        .filter(({ segmentId }) => segmentId === segment.id)
        .map(({ kind, id, name, holds }) => ({ kind, id, name, holds })),
      sentence: sentences.tree(segment.tree),
      names: sentences.names(segment.tree),
      profiling: this.questions.isProfiling(segment.tree, known),
    }));
  }
}
