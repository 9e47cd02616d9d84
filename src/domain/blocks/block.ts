import type { MergeField } from '../merge-fields';

/** Words with one look. In texts of several lines a line feed is a line break. */
export interface Words {
  text: string;
  bold?: boolean;
  italic?: boolean;
  link?: string;
}

/** A merge field in a text, and what stands there for a person whose own is not known. */
export interface FieldChip {
  field: MergeField;
  fallback: string;
  bold?: boolean;
  italic?: boolean;
  link?: string;
}

export type Inline = Words | FieldChip;

export type RichText = Paragraph[];

/** A paragraph, or a list with a bullet for each of its lines. */
export type Paragraph =
  { kind: 'paragraph'; content: Inline[] } | { kind: 'list'; items: Inline[][] };

export interface Picture {
  src: string;
  alt: string;
  /** Says nothing that the words do not: read out by nobody, and needs no alternative text. */
  decorative?: boolean;
}

export interface Link {
  label: string;
  url: string;
}

/** One half of two columns. */
export interface Cell {
  picture: Picture | null;
  heading: string;
  text: RichText;
  link: Link | null;
}

/**
 * Where the words of a course card come from; without one they are written by hand. Of `catalogue` the card holds them as
 * they were last taken; of `recommended` there are as many cards as courses are found for the reader.
 */
export type CourseSource =
  | { from: 'catalogue'; /** Id in the learning platform. */ course: string }
  | { from: 'recommended'; most: number };

/** Whom a block is for; everybody without one. */
export type Condition =
  | { about: 'language'; is: (typeof LANGUAGES)[number] }
  | { about: 'kind'; is: (typeof KINDS)[number] };

interface Placed {
  /** Its own in the content; stays when it is moved. */
  id: string;
  condition?: Condition;
}

export type Block = Placed &
  (
    | { type: 'header'; picture: Picture | null; kicker: string; title: Inline[] }
    | { type: 'heading'; content: Inline[] }
    | { type: 'text'; content: RichText; lead?: boolean }
    | { type: 'image'; picture: Picture; url: string }
    | { type: 'button'; label: string; url: string; quiet?: boolean }
    | { type: 'columns'; left: Cell; right: Cell }
    | ({ type: 'course'; kicker: string; source?: CourseSource } & Cell)
    | { type: 'quote'; content: Inline[]; by: string }
    | { type: 'divider' }
    | { type: 'social'; links: SocialLink[] }
    | { type: 'note'; content: RichText }
  );

export interface SocialLink {
  network: (typeof NETWORKS)[number];
  url: string;
}

export type BlockType = Block['type'];

export const LANGUAGES = ['sv', 'en'] as const;
export const KINDS = [
  'company_contact',
  'learner',
  'newsletter_subscriber',
  'support_contact',
] as const;
export const NETWORKS = ['facebook', 'instagram', 'linkedin', 'youtube', 'tiktok', 'x'] as const;

/** In the order they are offered. */
export const BLOCK_TYPES = [
  'header',
  'heading',
  'text',
  'image',
  'button',
  'columns',
  'course',
  'quote',
  'divider',
  'social',
  'note',
] as const satisfies readonly BlockType[];
