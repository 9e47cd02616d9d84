import { Matches } from 'class-validator';

/** A picture that mails can show. */
export class AssetView {
  hash: string;
  /** For the picture's address in a block or a source. */
  url: string;
  /** As the file was called. */
  name: string;
  width: number;
  height: number;
  bytes: number;
  createdAt: Date;
}

export class AssetFile {
  @Matches(/^[0-9a-f]{64}\.(jpg|png|gif)$/)
  file: string;
}
