import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { isReadable } from '../../domain/colour';
import { Audit } from '../audit/audit';
import { Clock } from '../clock';
import { brandOf, keepBrand, type Brand, type Logo } from '../config/brand';
import { Env } from '../config/env';
import { Database } from '../database/database';
import { invalidField, NotFound } from '../errors';
import type { Actor } from '../http/actor';
import { STANDARD_COLOUR } from '../http/page-style';
import type { BrandChange, BrandView } from './brand.dto';
import { pngSize } from './png-size';

const LOGO_BYTES = 100_000;
/** Larger pictures would be fetched by everyone for nothing. */
const LOGO_SIDE = 2_000;
/** The room a logo has, in mails and on pages. */
const SHOWN = { width: 180, height: 44 };

interface BrandRow extends Record<string, unknown> {
  name: string | null;
  colour: string | null;
  footer: string;
  /** The picture's first bytes: its size stands there. */
  head: Buffer | null;
  version: number;
}

/** Name, colour, logo and a line at the foot; one for the whole house. */
@Injectable()
export class Brands implements OnApplicationBootstrap {
  /** Shared by those who ask at the same moment. */
  private reading: Promise<void> | null = null;

  constructor(
    private readonly env: Env,
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
  ) {}

  /** A database that is away is told by others; until it is back, pages look as the product comes. */
  async onApplicationBootstrap(): Promise<void> {
    keepBrand(this.env, brandOf(this.env), () => this.read());
    await this.read().catch(() => undefined);
  }

  /** As it is now, whichever process changed it; what is sent must not look as it did a moment ago. */
  async now(): Promise<Brand> {
    this.reading ??= this.read().finally(() => (this.reading = null));
    await this.reading;
    return brandOf(this.env);
  }

  async view(): Promise<BrandView> {
    const { logo, ...brand } = await this.now();
    return {
      ...brand,
      logo: logo && { url: logo.path, width: logo.width, height: logo.height },
      legalName: this.env.CONTROLLER_NAME,
      standardColour: STANDARD_COLOUR,
    };
  }

  async change(change: BrandChange, actor: Actor): Promise<BrandView> {
    const { name, colour, footer, logo } = change;
    if (colour && !isReadable(colour)) throw invalidField('colour', 'contrast_too_low');
    const picture = logo ? readLogo(logo) : logo;
    await this.db.tx(async (tx) => {
      await tx.query(
        `INSERT INTO brand (id, updated_at) VALUES (1, $1) ON CONFLICT (id) DO NOTHING`,
        [this.clock.now()],
      );
      await tx.query(
        `UPDATE brand SET name = CASE WHEN $1 THEN $2 ELSE name END,
           colour = CASE WHEN $3 THEN $4 ELSE colour END, footer = COALESCE($5, footer),
           logo = CASE WHEN $6 THEN $7 ELSE logo END, version = version + 1, updated_at = $8`,
        [
          name !== undefined,
          name ?? null,
          colour !== undefined,
          colour ?? null,
          footer ?? null,
          picture !== undefined,
          picture ?? null,
          this.clock.now(),
        ],
      );
      const fields = Object.entries(change).flatMap(([key, value]) =>
        value === undefined ? [] : key,
      );
      await this.audit.record(tx, actor, 'brand.changed', { type: 'brand', id: null }, { fields });
    });
    await this.reading;
    return this.view();
  }

  /** Throws NotFound `no_logo`. */
  async logo(): Promise<Buffer> {
    const [row] = await this.db.query<{ logo: Buffer | null }>('SELECT logo FROM brand');
    if (!row?.logo) throw new NotFound('no_logo');
    return row.logo;
  }

  private async read(): Promise<void> {
    const [row] = await this.db.query<BrandRow>(
      `SELECT name, colour, footer, substring(logo FROM 1 FOR 64) AS head, version FROM brand`,
    );
    const brand: Brand = {
      name: row?.name ?? null,
      colour: row?.colour ?? null,
      footer: row?.footer ?? '',
      logo: row?.head ? shown(row.head, row.version) : null,
    };
    keepBrand(this.env, brand, () => this.read());
  }
}

function readLogo(base64: string): Buffer {
  const picture = Buffer.from(base64, 'base64');
  if (picture.length > LOGO_BYTES) throw invalidField('logo', 'logo_too_large');
  const size = pngSize(picture);
  if (!size) throw invalidField('logo', 'logo_not_png');
  if (Math.max(size.width, size.height) > LOGO_SIDE) throw invalidField('logo', 'logo_too_large');
  return picture;
}

function shown(head: Buffer, version: number): Logo | null {
  const size = pngSize(head);
  if (!size) return null;
  const scale = Math.min(1, SHOWN.width / size.width, SHOWN.height / size.height);
  return {
    path: `/brand/logo/${version}`,
    width: Math.max(1, Math.round(size.width * scale)),
    height: Math.max(1, Math.round(size.height * scale)),
  };
}
