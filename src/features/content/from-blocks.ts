import { blockAt, blocksToMjml } from '../../domain/blocks/blocks-to-mjml';
import type { Block } from '../../domain/blocks/block';
import { checkBlocks } from '../../domain/blocks/check-blocks';
import { Invalid } from '../../platform/errors';
import { t, type Language } from '../../platform/i18n/i18n';
import type { Problem } from './lint/problems';

/** What a request or a row gives: blocks, or the source itself. */
export interface Written {
  body: string;
  blocks: Block[] | null;
}

/** Blocks go before a body sent with them: one of the two is what the author saw. */
export function writtenFrom(
  input: { body?: string; blocks?: unknown },
  wordsIn: Language = 'sv',
): Written {
  if (input.blocks === undefined || input.blocks === null) {
    return { body: input.body ?? '', blocks: null };
  }
  const errors = checkBlocks(input.blocks).map(({ path, code }) => ({
    path: path ? `blocks.${path}` : 'blocks',
    code,
    message: t(wordsIn, `content:block.${code}`),
  }));
  if (errors.length > 0) throw new Invalid('invalid_fields', { errors });
  const blocks = input.blocks as Block[];
  return { body: blocksToMjml(blocks).body, blocks };
}

/** The block in place of the line, for who never saw the source. */
export function onBlocks(problems: readonly Problem[], blocks: readonly Block[]): Problem[] {
  const written = blocksToMjml(blocks);
  return problems.map((problem) => {
    if (problem.path !== 'body') return problem;
    const { line, column: _, ...rest } = problem;
    const block = line === undefined ? undefined : blockAt(written, line);
    return block === undefined ? rest : { ...rest, block };
  });
}
