import { IsIn, IsOptional, IsString, IsUrl } from 'class-validator';

/** Where the pictures of mails are kept. A part of Env. */
export class AssetSettings {
  /** Where pictures of mails are kept: disk (assets in DATA_DIR, which every web process must share) or s3. */
  @IsIn(['disk', 's3'])
  ASSET_STORE: 'disk' | 's3' = 'disk';
  /** Address of an S3-compatible store; unset: Amazon's own, by S3_REGION. */
  @IsOptional()
  @IsUrl({ require_tld: false, require_protocol: true })
  S3_ENDPOINT?: string;
  /** Region of the bucket. */
  @IsString()
  S3_REGION: string = 'eu-north-1';
  /** Bucket for the pictures; nobody but Utskick needs to read it. */
  @IsOptional()
  @IsString()
  S3_BUCKET?: string;
  /** Access key that may get and put objects there. */
  @IsOptional()
  @IsString()
  S3_ACCESS_KEY_ID?: string;
  /** Secret of the access key. */
  @IsOptional()
  @IsString()
  S3_SECRET_ACCESS_KEY?: string;
}
