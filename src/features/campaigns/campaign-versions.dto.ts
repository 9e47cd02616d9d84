import { ApiProperty } from '@nestjs/swagger';
import { IsInt, Min } from 'class-validator';
import type { Block } from '../../domain/blocks/block';
import { BLOCKS } from '../content/content.dto';
import { AudienceView } from './campaign-views.dto';

export class VersionItem {
  version: number;
  savedAt: Date;
  /** Name of who saved it; null when it was a program or the command line. */
  savedBy: string | null;
  /** Fields that differ from the version before; none of the first. */
  changed: string[];
}

export class VersionList {
  /** Newest first. */
  items: VersionItem[];
}

/** All that staff write in a campaign. */
export class VersionFields {
  name: string;
  topicId: string | null;
  language: 'sv' | 'en';
  audience: AudienceView;
  templateKey: string | null;
  subject: string;
  preheader: string;
  body: string;
  /** What the body was made from; null = written as source. */
  @ApiProperty({ ...BLOCKS, nullable: true })
  blocks: Block[] | null;
  senderName: string | null;
  senderEmail: string | null;
  replyTo: string | null;
  timeZone: string;
  sendAtLocal: string | null;
  windowHours: number;
  publicArchive: boolean;
}

export class VersionDetail {
  version: number;
  savedAt: Date;
  savedBy: string | null;
  fields: VersionFields;
}

export class RestoreInput {
  /** The version on your screen; if it is no longer the newest the answer is 409 and nothing is restored. */
  @IsInt()
  @Min(1)
  over: number;
}
