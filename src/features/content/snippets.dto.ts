import { ApiProperty } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsString, Length } from 'class-validator';
import type { Block } from '../../domain/blocks/block';
import { MOST_BLOCKS } from '../../domain/blocks/check-blocks';
import { BLOCKS } from './content.dto';

export class SnippetView {
  id: string;
  name: string;
  @ApiProperty(BLOCKS)
  blocks: Block[];
  createdAt: Date;
}

export class SaveSnippet {
  @IsString()
  @Length(1, 100)
  name: string;

  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_BLOCKS)
  @ApiProperty(BLOCKS)
  blocks: unknown[];
}
