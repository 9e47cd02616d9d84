import { ValidationPipe, type ValidationError } from '@nestjs/common';
import { ValidateIf, validateSync, type ValidatorOptions } from 'class-validator';
import { Invalid, type FieldFault } from '../errors';

const STRICT = { whitelist: true, forbidNonWhitelisted: true, stopAtFirstError: false };

/** A field that may be left out; unlike with IsOptional, null is not the same. */
export const Optional = () => ValidateIf((_, value) => value !== undefined);

/** Unknown fields are refused (mass assignment), and every fault is told at once with its path. */
export function validationPipe(): ValidationPipe {
  return new StrictPipe({
    ...STRICT,
    transform: true,
    exceptionFactory: (faults) => new Invalid('invalid_fields', { errors: toFieldFaults(faults) }),
  });
}

/** By the same rules, the faults of one item of many that are judged one by one. */
export function faultsIn(item: object): FieldFault[] {
  const unstorable = unstorableTexts(item);
  return unstorable.length > 0 ? unstorable : toFieldFaults(validateSync(item, STRICT));
}

class StrictPipe extends ValidationPipe {
  protected override validate(object: object, options?: ValidatorOptions) {
    // Before the rules of the fields: some of those throw on half a sign.
    const errors = unstorableTexts(object);
    if (errors.length > 0) throw new Invalid('invalid_fields', { errors });
    return super.validate(object, options);
  }
}

/**
 * Texts that Postgres cannot hold (NUL) or that are no Unicode (half a surrogate pair), wherever a DTO has them.
 * Objects that no DTO describes are for those who read them.
 */
function unstorableTexts(value: unknown, path = ''): FieldFault[] {
  if (typeof value === 'string') {
    if (!/\0|\p{Surrogate}/u.test(value)) return [];
    const code = 'unstorable_text';
    return [{ path, code, message: `${path} must be text without NUL and half signs` }];
  }
  const isPlain = path !== '' && Object.getPrototypeOf(value ?? {}) === Object.prototype;
  if (typeof value !== 'object' || value === null || isPlain) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    unstorableTexts(inner, path ? `${path}.${name}` : name),
  );
}

function toFieldFaults(faults: ValidationError[], parent = ''): FieldFault[] {
  return faults.flatMap((fault) => {
    const path = parent ? `${parent}.${fault.property}` : fault.property;
    const own = Object.entries(fault.constraints ?? {}).map(([code, message]) => ({
      path,
      code: code === 'whitelistValidation' ? 'unknown_field' : snake(code),
      message,
    }));
    return [...own, ...toFieldFaults(fault.children ?? [], path)];
  });
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
