import type { CookieOptions, Request, Response } from 'express';

/** A cookie that only we can set and read: a secret of 32 bytes as base64url, out of reach of scripts. */
export class HostCookie {
  readonly name: string;
  private readonly options: CookieOptions;
  private readonly pattern: RegExp;

  constructor(
    publicUrl: string,
    name: string,
    private readonly lifeMs: number,
  ) {
    const secure = publicUrl.startsWith('https:');
    // The prefix keeps sibling domains from planting one (RFC 6265bis); browsers take it over https only.
    this.name = secure ? `__Host-${name}` : name;
    this.options = { httpOnly: true, sameSite: 'lax', path: '/', secure };
    this.pattern = new RegExp(`(?:^|; ?)${this.name}=([\\w-]{43})(?:;|$)`);
  }

  read(request: Request): string | null {
    return this.pattern.exec(request.headers.cookie ?? '')?.[1] ?? null;
  }

  set(response: Response, token: string): void {
    response.cookie(this.name, token, { ...this.options, maxAge: this.lifeMs });
  }

  clear(response: Response): void {
    response.clearCookie(this.name, this.options);
  }
}
