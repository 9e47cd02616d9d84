import type { Env } from './env';

/** How we look to those we write to; null: as the product comes. */
export interface Brand {
  /** What we are called; the legal name stands at the foot all the same. */
  name: string | null;
  /** #rrggbb, readable under white. */
  colour: string | null;
  /** A line of our own at the foot of mails and pages. */
  footer: string;
  logo: Logo | null;
}

export interface Logo {
  /** Public address, a new one for each new picture. */
  path: string;
  /** In pixels, as they are shown. */
  width: number;
  height: number;
}

const PLAIN: Brand = { name: null, colour: null, footer: '', logo: null };

/** How long a process may show what was before; the one where it was changed knows at once. */
const FRESH_MS = 15_000;

interface Kept {
  brand: Brand;
  readAt: number;
  read: () => Promise<void>;
}

// Pages are made without waiting for anything, so what they look like is kept beside the settings of their process.
const kept = new WeakMap<Env, Kept>();

export function keepBrand(env: Env, brand: Brand, read: () => Promise<void>): void {
  kept.set(env, { brand, readAt: performance.now(), read });
}

export function brandOf(env: Env): Brand {
  const now = kept.get(env);
  if (!now) return PLAIN;
  if (performance.now() - now.readAt > FRESH_MS) {
    now.readAt = performance.now();
    // With the database away the last look stands.
    now.read().catch(() => undefined);
  }
  return now.brand;
}
