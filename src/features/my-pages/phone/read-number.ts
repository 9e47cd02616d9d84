import { normaliseAddress } from '../../../domain/address';
import { Invalid } from '../../../platform/errors';

/** One spelling of a mobile number, in E.164 (P-58). Throws Invalid `invalid_number`. */
export function readNumber(raw: string): string {
  const number = normaliseAddress('sms', raw);
  if (!number.ok) {
    const errors = [{ path: 'number', code: number.code, message: number.code }];
    throw new Invalid('invalid_number', { errors });
  }
  return number.canonical;
}
