import { ValidationPipe, type ValidationError } from '@nestjs/common';
import { validateSync } from 'class-validator';
import { Invalid, type FieldFault } from '../errors';

const STRICT = { whitelist: true, forbidNonWhitelisted: true, stopAtFirstError: false };

/** Unknown fields are refused (mass assignment), and every fault is told at once with its path. */
export function validationPipe(): ValidationPipe {
  return new ValidationPipe({
    ...STRICT,
    transform: true,
    exceptionFactory: (faults) => new Invalid('invalid_fields', { errors: toFieldFaults(faults) }),
  });
}

/** By the same rules, the faults of one item of many that are judged one by one. */
export function faultsIn(item: object): FieldFault[] {
  return toFieldFaults(validateSync(item, STRICT));
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
