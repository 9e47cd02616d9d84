import type { Response } from 'supertest';

export function setCookie(response: Response): string {
  return String(response.headers['set-cookie'] ?? '');
}

/** What the browser sends back: name and value. */
export function cookieOf(response: Response): string {
  return setCookie(response).split(';')[0]!;
}
