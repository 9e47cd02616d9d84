import { Injectable } from '@nestjs/common';
import { Audit } from '../../../platform/audit/audit';
import { Clock } from '../../../platform/clock';
import { Env } from '../../../platform/config/env';
import { Database } from '../../../platform/database/database';
import type { Actor } from '../../../platform/http/actor';
import { AssetStore } from './asset-store';
import type { AssetView } from './assets.dto';
import { insertAsset, newestAssets, type AssetRow } from './assets.queries';
import { toPicture } from './picture';

const SHOWN = 60;

/** Pictures for mails. What has been in a mail stays: it may be opened years later. */
@Injectable()
export class Assets {
  constructor(
    private readonly env: Env,
    private readonly db: Database,
    private readonly store: AssetStore,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  /** The same picture twice is one picture, by its first name. */
  async add(name: string, upload: Buffer, actor: Actor): Promise<AssetView> {
    const { bytes, ...picture } = await toPicture(upload);
    const { hash, extension } = picture;
    // Bytes first: a row whose bytes are missing would be a hole in a mail.
    await this.store.put(`${hash}.${extension}`, bytes, `image/${typeOf(extension)}`);
    const row = {
      ...picture,
      bytes: bytes.length,
      name: name.replace(/\p{Cc}/gu, '').slice(0, 200),
      createdBy: actor.type === 'staff' ? actor.id : null,
      createdAt: this.clock.now(),
    };
    const saved = await this.db.tx(async (tx) => {
      await this.audit.record(tx, actor, 'asset.added', { type: 'asset', id: hash });
      return insertAsset(tx, row);
    });
    return this.toView(saved);
  }

  async newest(): Promise<AssetView[]> {
    const rows = await newestAssets(this.db, SHOWN);
    return rows.map((row) => this.toView(row));
  }

  async read(file: string): Promise<{ bytes: Buffer; type: string } | undefined> {
    const bytes = await this.store.get(file);
    return bytes && { bytes, type: `image/${typeOf(file.slice(file.indexOf('.') + 1))}` };
  }

  private toView({ extension, ...row }: AssetRow): AssetView {
    return { ...row, url: this.env.link(`/assets/${row.hash}.${extension}`) };
  }
}

function typeOf(extension: string): string {
  return extension === 'jpg' ? 'jpeg' : extension;
}
