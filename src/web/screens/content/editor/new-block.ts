import type { Block, BlockType, Cell, Inline, RichText } from '../../../../domain/blocks/block';

/** Not crypto.randomUUID, which browsers keep from pages without https. */
function newBlockId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

const emptyCell = (): Cell => ({ picture: null, heading: '', text: [], link: null });

export function newBlock(type: BlockType): Block {
  const id = newBlockId();
  switch (type) {
    case 'header':
      return { id, type, picture: null, kicker: '', title: [] };
    case 'heading':
      return { id, type, content: [] };
    case 'text':
    case 'note':
      return { id, type, content: [] };
    case 'image':
      return { id, type, picture: { src: '', alt: '' }, url: '' };
    case 'button':
      return { id, type, label: '', url: '' };
    case 'columns':
      return { id, type, left: emptyCell(), right: emptyCell() };
    case 'course':
      return { id, type, kicker: '', ...emptyCell(), link: { label: '', url: '' } };
    case 'quote':
      return { id, type, content: [], by: '' };
    case 'divider':
      return { id, type };
    case 'social':
      return { id, type, links: [{ network: 'linkedin', url: '' }] };
  }
}

export function copyOf(block: Block): Block {
  return { ...structuredClone(block), id: newBlockId() };
}

/** The first words of a block, to know it by in a list. */
export function wordsIn(block: Block): string {
  switch (block.type) {
    case 'header':
      return plain(block.title);
    case 'heading':
    case 'quote':
      return plain(block.content);
    case 'text':
    case 'note':
      return plainText(block.content);
    case 'image':
      return block.picture.alt;
    case 'button':
      return block.label;
    case 'columns':
      return [block.left.heading, block.right.heading].filter(Boolean).join(' · ');
    case 'course':
      return block.source?.from === 'recommended' ? '' : block.heading;
    case 'social':
    case 'divider':
      return '';
  }
}

function plainText(text: RichText): string {
  const lines = text.flatMap((part) => (part.kind === 'list' ? part.items : [part.content]));
  return lines.map(plain).join(' ');
}

function plain(content: Inline[]): string {
  return content.map((part) => ('field' in part ? part.fallback || '…' : part.text)).join('');
}
