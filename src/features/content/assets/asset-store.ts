import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { S3Client } from '@aws-sdk/client-s3';
import type { Env } from '../../../platform/config/env';

/** Keeps bytes under a name made from them: written once, never changed. */
export abstract class AssetStore {
  abstract put(name: string, bytes: Buffer, type: string): Promise<void>;
  /** Undefined when there is nothing by that name. */
  abstract get(name: string): Promise<Buffer | undefined>;
}

export function assetStoreFrom(env: Env): AssetStore {
  return env.ASSET_STORE === 's3'
    ? new S3Assets(env)
    : new DiskAssets(join(env.DATA_DIR, 'assets'));
}

class DiskAssets extends AssetStore {
  constructor(private readonly folder: string) {
    super();
  }

  async put(name: string, bytes: Buffer): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    // Whole or not there: a reader in between, or a full disk, must not leave half a picture under a name for good.
    const half = join(this.folder, `.${randomUUID()}`);
    await writeFile(half, bytes);
    await rename(half, join(this.folder, name));
  }

  async get(name: string): Promise<Buffer | undefined> {
    try {
      return await readFile(join(this.folder, name));
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw cause;
    }
  }
}

/** Loaded with the first picture: most installations have none there. */
const sdk = () => require('@aws-sdk/client-s3') as typeof import('@aws-sdk/client-s3');

class S3Assets extends AssetStore {
  private client?: S3Client;

  constructor(private readonly env: Env) {
    super();
  }

  async put(name: string, bytes: Buffer, type: string): Promise<void> {
    const { PutObjectCommand } = sdk();
    const object = { ...this.place(name), Body: bytes, ContentType: type };
    await this.connect().send(new PutObjectCommand(object));
  }

  async get(name: string): Promise<Buffer | undefined> {
    const { GetObjectCommand, NoSuchKey } = sdk();
    try {
      const { Body } = await this.connect().send(new GetObjectCommand(this.place(name)));
      return Body && Buffer.from(await Body.transformToByteArray());
    } catch (cause) {
      if (cause instanceof NoSuchKey) return undefined;
      throw cause;
    }
  }

  private place(name: string): { Bucket: string; Key: string } {
    return { Bucket: this.env.S3_BUCKET!, Key: `assets/${name}` };
  }

  private connect(): S3Client {
    const { S3_ENDPOINT: endpoint, S3_REGION: region } = this.env;
    this.client ??= new (sdk().S3Client)({
      region,
      endpoint,
      // Stores other than Amazon's rarely have a host name for each bucket.
      forcePathStyle: endpoint !== undefined,
      // They rarely know Amazon's newer checksums either.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      credentials: {
        accessKeyId: this.env.S3_ACCESS_KEY_ID!,
        secretAccessKey: this.env.S3_SECRET_ACCESS_KEY!,
      },
    });
    return this.client;
  }
}
