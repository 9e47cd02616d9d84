import { Injectable } from '@nestjs/common';
import type { CookieOptions, Request, Response } from 'express';
import { Env } from '../../platform/config/env';
import { LIFETIME_MS } from './sessions.service';

/** Where the browser keeps the session token. */
@Injectable()
export class SessionCookie {
  readonly name: string;
  private readonly options: CookieOptions;
  private readonly pattern: RegExp;

  constructor(env: Env) {
    const secure = env.PUBLIC_URL.startsWith('https:');
    // The prefix keeps sibling domains from planting one (RFC 6265bis); browsers take it over https only.
    this.name = secure ? '__Host-utskick' : 'utskick';
    this.options = { httpOnly: true, sameSite: 'lax', path: '/', secure };
    this.pattern = new RegExp(`(?:^|; ?)${this.name}=([\\w-]{43})(?:;|$)`);
  }

  read(request: Request): string | null {
    return this.pattern.exec(request.headers.cookie ?? '')?.[1] ?? null;
  }

  set(response: Response, token: string): void {
    response.cookie(this.name, token, { ...this.options, maxAge: LIFETIME_MS });
  }

  clear(response: Response): void {
    response.clearCookie(this.name, this.options);
  }
}
