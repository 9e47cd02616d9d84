/** One fault in what the caller sent: where, which, and in words. */
export interface FieldFault {
  path: string;
  code: string;
  message: string;
}

interface Details {
  detail?: string;
  errors?: FieldFault[];
  /** Values for the translated text of `code`. */
  params?: Record<string, string | number>;
  retryAfterSeconds?: number;
}

/** A refusal to a caller, with a code that stays the same between versions. */
export abstract class Refusal extends Error {
  abstract readonly status: number;
  readonly detail?: string;
  readonly errors?: FieldFault[];
  readonly params?: Record<string, string | number>;
  readonly retryAfterSeconds?: number;

  constructor(
    readonly code: string,
    details: Details = {},
  ) {
    super(details.detail ?? code);
    Object.assign(this, details);
  }
}

export class Malformed extends Refusal {
  readonly status = 400;
}
export class Unauthorized extends Refusal {
  readonly status = 401;
}
export class Forbidden extends Refusal {
  readonly status = 403;
}
export class NotFound extends Refusal {
  readonly status = 404;
}
export class Conflict extends Refusal {
  readonly status = 409;
}
export class TooLarge extends Refusal {
  readonly status = 413;
}
export class Invalid extends Refusal {
  readonly status = 422;
}
export class TooMany extends Refusal {
  readonly status = 429;
}
export class Unavailable extends Refusal {
  readonly status = 503;
}

/** A fault in one field, whose code says all there is to say. */
export function invalidField(path: string, code: string): Invalid {
  return new Invalid('invalid_fields', { errors: [{ path, code, message: code }] });
}
