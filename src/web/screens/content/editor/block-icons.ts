import {
  IconAlignLeft,
  IconColumns2,
  IconHeading,
  IconLayoutNavbar,
  IconLetterCase,
  IconMinus,
  IconPhoto,
  IconPointer,
  IconQuote,
  IconSchool,
  IconShare,
  type Icon,
} from '@tabler/icons-react';
import type { BlockType } from '../../../../domain/blocks/block';

export const BLOCK_ICONS: Record<BlockType, Icon> = {
  header: IconLayoutNavbar,
  heading: IconHeading,
  text: IconAlignLeft,
  image: IconPhoto,
  button: IconPointer,
  columns: IconColumns2,
  course: IconSchool,
  quote: IconQuote,
  divider: IconMinus,
  social: IconShare,
  note: IconLetterCase,
};
