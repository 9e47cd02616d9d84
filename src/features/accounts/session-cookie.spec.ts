import type { CookieOptions, Request, Response } from 'express';
import { Env } from '../../platform/config/env';
import { SessionCookie } from './session-cookie';

function cookieAt(publicUrl: string): SessionCookie {
  return new SessionCookie(Object.assign(new Env(), { PUBLIC_URL: publicUrl }));
}

describe('the session cookie', () => {
  it.each([
    ['https://utskick.example', '__Host-utskick', true],
    ['http://localhost:3000', 'utskick', false],
  ])('at %s is called %s', (publicUrl, name, secure) => {
    const set: { name: string; options: CookieOptions }[] = [];
    const response = {
      cookie: (name: string, _: string, options: CookieOptions) => set.push({ name, options }),
    };
    cookieAt(publicUrl).set(response as unknown as Response, 'token');
    const options = { secure, httpOnly: true, sameSite: 'lax', path: '/' };
    expect(set).toMatchObject([{ name, options }]);
  });

  it.each([
    [`utskick=${'a'.repeat(43)}`, 'a'.repeat(43)],
    [`x=1; utskick=${'a'.repeat(43)}; y=2`, 'a'.repeat(43)],
    [`xutskick=${'a'.repeat(43)}`, null],
    [`utskick=${'a'.repeat(44)}`, null],
    ['utskick=', null],
    [undefined, null],
  ])('is read from %j', (cookie, token) => {
    const request = { headers: { cookie } } as Request;
    expect(cookieAt('http://localhost:3000').read(request)).toBe(token);
  });
});
