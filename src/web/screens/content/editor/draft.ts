import type { Block } from '../../../../domain/blocks/block';
import { blocksToMjml } from '../../../../domain/blocks/blocks-to-mjml';

/** What is being written. */
export interface Draft {
  channel: 'email' | 'sms';
  language: 'sv' | 'en';
  subject: string;
  preheader: string;
  /** Counts only when there are no blocks. */
  body: string;
  blocks: Block[] | null;
}

/** The words as a request takes them. */
export function wordsOf({ blocks, body }: Draft): { blocks: Block[] } | { body: string } {
  return blocks ? { blocks } : { body };
}

/** The same mail written as source; there is no way back from it but to undo. */
export function asSource(draft: Draft): Draft {
  return {
    ...draft,
    body: draft.blocks ? blocksToMjml(draft.blocks).body : draft.body,
    blocks: null,
  };
}
