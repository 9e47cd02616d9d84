import { ApiProperty } from '@nestjs/swagger';
import { plainToInstance, Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import type { FieldFault } from '../../../platform/errors';
import { faultsIn } from '../../../platform/http/validation';

/** How many may come in one call. */
export const MOST = 1000;
export const LONGEST_ID = 200;

/** Ids of other systems: no line ends, nothing unseen. */
export const EXTERNAL_ID = /^[^\p{Cc}\p{Zl}\p{Zp}]{1,200}$/u;

export class PageQuery {
  /** `next` of the page before. */
  @IsOptional()
  @IsString()
  @MaxLength(100)
  cursor?: string;

  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(200)
  limit?: number;
}

export class ItemFault implements FieldFault {
  path: string;
  code: string;
  message: string;
}

const OUTCOMES = ['created', 'changed', 'unchanged', 'refused'] as const;
export type PutOutcome = (typeof OUTCOMES)[number];

export class PutResult {
  id: string | null;
  @ApiProperty({ enum: OUTCOMES })
  outcome: PutOutcome;
}

export class PutItemResult extends PutResult {
  /** Place in the call, from 0. */
  index: number;
  externalId: string | null;
  errors: ItemFault[];
}

export class PutItemsResult {
  /** In the order of the call. */
  items: PutItemResult[];
}

/** One of many that are judged alone. */
export interface Judged<Input> {
  index: number;
  input: Input;
  errors: FieldFault[];
}

/** Each by the rules of its class; a faulty one does not hold the others back. */
export function judgeEach<Input extends object>(
  type: new () => Input,
  items: readonly object[],
): Judged<Input>[] {
  return items.map((raw, index) => {
    const input = plainToInstance(type, raw);
    return { index, input, errors: faultsIn(input) };
  });
}

/** Later ones of the same id in one call are refused: which of them would hold? */
export function refuseRepeated(judged: readonly Judged<{ externalId: string }>[]): void {
  const taken = new Set<string>();
  for (const { input, errors } of judged) {
    if (errors.length > 0) continue;
    if (taken.has(input.externalId)) errors.push(faultOf('externalId', 'repeated'));
    taken.add(input.externalId);
  }
}

export const faultOf = (path: string, code: string): FieldFault => ({ path, code, message: code });

export interface PutRow {
  externalId: string;
  id: string;
  created: boolean;
  changed: boolean;
}

/** What came of each, from the rows that were written or found. */
export function toResults(
  judged: readonly Judged<{ externalId: string }>[],
  rows: readonly PutRow[],
): PutItemResult[] {
  const byId = new Map(rows.map((row) => [row.externalId, row]));
  return judged.map(({ index, input, errors }) => {
    const externalId = typeof input.externalId === 'string' ? input.externalId : null;
    const row = errors.length === 0 ? byId.get(input.externalId)! : undefined;
    const outcome = row ? outcomeOf(row) : 'refused';
    return { index, externalId, id: row?.id ?? null, outcome, errors };
  });
}

function outcomeOf({ created, changed }: PutRow): PutOutcome {
  if (created) return 'created';
  return changed ? 'changed' : 'unchanged';
}
