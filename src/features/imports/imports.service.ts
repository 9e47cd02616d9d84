import { Injectable } from '@nestjs/common';
import { POLICY_VERSION } from '../../domain/policy';
import { Audit } from '../../platform/audit/audit';
import { Clock } from '../../platform/clock';
import { Database, type Sql } from '../../platform/database/database';
import { Conflict, Invalid, NotFound } from '../../platform/errors';
import type { Actor } from '../../platform/http/actor';
import { isUuid } from '../../platform/ids';
import { JobQueue } from '../../platform/queues/job-queue';
import { type Column, guessUses, isColumnUse, TopicNames, withRefusal } from './columns';
import type { StoredFile } from './import-files';
import {
  type ImportRecord,
  type ImportState,
  NO_COUNTS,
  SOURCES_OF,
  UNDO_HOURS,
  writeActor,
} from './import-record';
import type { MappingInput, UploadInput } from './imports.dto';
import * as queries from './imports.queries';

/** What people do with an import; the rows themselves are RunImport's. */
@Injectable()
export class Imports {
  constructor(
    private readonly db: Database,
    private readonly queue: JobQueue,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  /** A stored file becomes an import, with its columns guessed. */
  async create(
    file: StoredFile & { name: string },
    input: UploadInput,
    actor: Actor,
  ): Promise<ImportRecord> {
    const source = input.source ?? SOURCES_OF[input.kind][0];
    if (!(SOURCES_OF[input.kind] as readonly string[]).includes(source)) {
      throw invalid('source', 'source_not_for_kind');
    }
    const topics = new TopicNames(await queries.listTopics(this.db));
    const record: ImportRecord = {
      id: file.id,
      fileName: file.name.replace(/\p{Cc}/gu, '').slice(0, 200),
      state: 'uploaded',
      kind: input.kind,
      source,
      bytes: file.bytes,
      encoding: file.dialect.encoding,
      delimiter: file.dialect.delimiter,
      header: file.header,
      mapping: { columns: guessUses(file.header, topics, { kind: input.kind, source }) },
      options: {
        newline: file.dialect.newline,
        topics: knownTopics(input.topics ?? [], topics),
        consent: null,
        notice: null,
      },
      attestation: null,
      counts: NO_COUNTS,
      position: 0,
      totalRows: Math.max(1, file.rows - 1),
      fault: null,
      createdBy: writeActor(actor),
      createdAt: this.clock.now(),
      finishedAt: null,
      undoneAt: null,
    };
    await this.db.tx(async (tx) => {
      await queries.insertImport(tx, record);
      await this.note(tx, actor, 'import.uploaded', record.id);
    });
    return record;
  }

  async get(id: string): Promise<ImportRecord> {
    return found(isUuid(id) ? await queries.findImport(this.db, id) : null);
  }

  list(before: string | null, limit: number): Promise<ImportRecord[]> {
    return queries.listImports(this.db, before, limit);
  }

  /** Corrects how the file is read, until it has been started. */
  async change(id: string, input: MappingInput, actor: Actor): Promise<ImportRecord> {
    const topics = new TopicNames(await queries.listTopics(this.db));
    return this.locked(id, async (tx, record) => {
      requireState(record, ['uploaded']);
      const changed: ImportRecord = {
        ...record,
        mapping: {
          columns: input.columns ? mapped(record, input.columns, topics) : record.mapping.columns,
        },
        options: {
          ...record.options,
          ...(input.topics && { topics: knownTopics(input.topics, topics) }),
          ...(input.consent !== undefined && { consent: input.consent }),
          ...(input.notice !== undefined && { notice: input.notice }),
        },
        attestation: input.attestation === undefined ? record.attestation : input.attestation,
      };
      this.check(changed);
      await queries.saveSettings(tx, changed);
      await this.note(tx, actor, 'import.mapped', id);
      return changed;
    });
  }

  /** Refuses what cannot be started: `missing_email_column`. */
  requireReadable(record: ImportRecord): void {
    if (!record.mapping.columns.some(({ use }) => use === 'email')) {
      throw new Invalid('missing_email_column');
    }
  }

  start(id: string, actor: Actor): Promise<ImportRecord> {
    return this.move(id, actor, 'import.started', async (tx, record) => {
      requireState(record, ['uploaded']);
      this.requireReadable(record);
      this.check(record);
      await queries.restartImport(tx, id, 'running');
      return 'running';
    });
  }

  pause(id: string, actor: Actor): Promise<ImportRecord> {
    return this.move(id, actor, 'import.paused', async (_, record) => {
      requireState(record, ['running']);
      return 'paused';
    });
  }

  resume(id: string, actor: Actor): Promise<ImportRecord> {
    return this.move(id, actor, 'import.resumed', async (_, record) => {
      requireState(record, ['paused']);
      return 'running';
    });
  }

  undo(id: string, actor: Actor): Promise<ImportRecord> {
    return this.move(id, actor, 'import.undo_started', async (_, record) => {
      requireState(record, ['finished', 'paused', 'failed']);
      const until = undoUntil(record);
      if (until && until <= this.clock.now()) throw new Conflict('undo_time_has_passed');
      return 'undoing';
    });
  }

  private async move(
    id: string,
    actor: Actor,
    action: string,
    decide: (tx: Sql, record: ImportRecord) => Promise<ImportState>,
  ): Promise<ImportRecord> {
    const moved = await this.locked(id, async (tx, record) => {
      const state = await decide(tx, record);
      await queries.setState(tx, id, state);
      await this.note(tx, actor, action, id);
      return found(await queries.findImport(tx, id));
    });
    // After the commit: the job must find what it was rung for.
    if (moved.state !== 'paused') await this.queue.enqueue('imports.run', [id]);
    return moved;
  }

  private check({ attestation, options }: ImportRecord): void {
    const now = this.clock.now();
    if (attestation && attestation.policyVersion !== POLICY_VERSION) {
      // D-04: a new version of the policy needs a new attestation.
      throw invalid('attestation.policyVersion', 'attestation_of_another_policy');
    }
    const times = {
      'attestation.at': attestation?.at,
      'notice.at': options.notice?.at,
      'consent.collectedAt': options.consent?.collectedAt,
    };
    for (const [path, at] of Object.entries(times)) {
      if (at && new Date(at) > now) throw invalid(path, 'in_the_future');
    }
  }

  private locked<T>(id: string, work: (tx: Sql, record: ImportRecord) => Promise<T>): Promise<T> {
    return this.db.tx(async (tx) =>
      work(tx, found(isUuid(id) ? await queries.lockImport(tx, id) : null)),
    );
  }

  private note(tx: Sql, actor: Actor, action: string, id: string): Promise<void> {
    return this.audit.record(tx, actor, action, { type: 'import', id });
  }
}

/** Null: it has not ended, so its time has not begun to run. */
export function undoUntil({ finishedAt }: ImportRecord): Date | null {
  return finishedAt && new Date(finishedAt.getTime() + UNDO_HOURS * 3_600_000);
}

function found(record: ImportRecord | null): ImportRecord {
  if (!record) throw new NotFound('import_not_found');
  return record;
}

function requireState(record: ImportRecord, states: ImportState[]): void {
  if (!states.includes(record.state)) {
    throw new Conflict('wrong_import_state', { detail: `The import is ${record.state}.` });
  }
}

function mapped(
  record: ImportRecord,
  input: { index: number; use: string | null }[],
  topics: TopicNames,
): Column[] {
  const chosen = new Map(input.map(({ index, use }) => [index, use]));
  const columns = record.mapping.columns.map((column): Column => {
    const use = chosen.get(column.index);
    if (use === undefined) return column;
    const { index, header } = column;
    if (use === null) return { index, header, use };
    if (!isColumnUse(use, topics)) throw invalid(`columns.${index}`, 'unknown_field');
    return withRefusal({ index, header, use }, record);
  });
  const refused = columns.find(({ index, problem }) => chosen.has(index) && problem);
  if (refused) throw invalid(`columns.${refused.index}`, 'field_not_allowed');
  const uses = columns.flatMap(({ use }) => use ?? []);
  const twice = columns.findLast(({ use }) => use && uses.filter((one) => one === use).length > 1);
  if (twice) throw invalid(`columns.${twice.index}`, 'field_mapped_twice');
  return columns;
}

function knownTopics(keys: string[], topics: TopicNames): string[] {
  return keys.map((name, i) => {
    const topic = topics.find(name);
    if (!topic) throw invalid(`topics.${i}`, 'unknown_topic', topics.suggest(name));
    return topic.key;
  });
}

function invalid(path: string, code: string, suggestion?: string | null): Invalid {
  const message = suggestion ? `${code}: ${suggestion}?` : code;
  return new Invalid('invalid_fields', { errors: [{ path, code, message }] });
}
