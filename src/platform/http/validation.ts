import { ValidationPipe, type ValidationError } from '@nestjs/common';
import { Invalid, type FieldFault } from '../errors';

/** Unknown fields are refused (mass assignment), and every fault is told at once with its path. */
export function validationPipe(): ValidationPipe {
  return new ValidationPipe({
    whitelist: true,
    forbidNonWhitelisted: true,
    transform: true,
    stopAtFirstError: false,
    exceptionFactory: (faults) => new Invalid('invalid_fields', { errors: toFieldFaults(faults) }),
  });
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
