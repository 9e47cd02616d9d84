/** One fault in what was sent: where (a path into the request), which, and in words. */
export interface FieldFault {
  path: string;
  code: string;
  message: string;
}

/** A refusal by the server (problem+json), or that it could not be reached (`unreachable`, status 0). */
export class Problem extends Error {
  override readonly name = 'Problem';

  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail?: string,
    readonly faults: readonly FieldFault[] = [],
    /** What the refusal is about, for its words. */
    readonly params: Readonly<Record<string, string | number>> = {},
  ) {
    super(detail ?? code);
  }

  /** By field, for a form that has them; dots as in the path. */
  byField(words: (fault: FieldFault) => string): Record<string, string> {
    return Object.fromEntries(this.faults.map((fault) => [fault.path, words(fault)]));
  }
}

export async function toProblem(response: Response): Promise<Problem> {
  const body = (await response.json().catch(() => ({}))) as {
    code?: string;
    detail?: string;
    errors?: FieldFault[];
    params?: Record<string, string | number>;
  };
  const { code = 'internal_error', detail, errors, params } = body;
  return new Problem(response.status, code, detail, errors, params);
}

export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return new Problem(0, 'internal_error', error instanceof Error ? error.message : String(error));
}
