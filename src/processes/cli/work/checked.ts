import { validationPipe } from '../../../platform/http/validation';

/** The checks of the API, so that the tool takes nothing that the API would not; what was not given is no field. */
export async function checked<T>(type: new () => T, fields: Record<string, unknown>): Promise<T> {
  const given = Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  );
  return (await validationPipe().transform(given, { type: 'body', metatype: type })) as T;
}
