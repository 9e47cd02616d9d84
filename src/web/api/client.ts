import createClient from 'openapi-fetch';
import type { components, paths } from '../generated/api';
import { Problem, toProblem } from './problem';

/** What the server's answers look like: `Answer<'Me'>`. */
export type Answer<Name extends keyof components['schemas']> = components['schemas'][Name];
export type Permission = Answer<'Me'>['permissions'][number];

/** The API, typed by its own description. Refusals are thrown as Problem. */
export const api = createClient<paths>({ baseUrl: location.origin });

api.use({
  async onResponse({ response }) {
    if (!response.ok) throw await toProblem(response);
  },
  onError({ error }) {
    // Ended by ourselves, as a screen was left.
    if (error instanceof DOMException && error.name === 'AbortError') return error;
    return error instanceof Problem ? error : new Problem(0, 'unreachable', String(error));
  },
});

/** What a call answered; nothing for one that answers with 204. */
export async function answer<T>(call: Promise<{ data?: T }>): Promise<T> {
  return (await call).data as T;
}
