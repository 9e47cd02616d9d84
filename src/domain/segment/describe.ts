import { type Names, phraseOf, type Phrases } from './phrases';
import { type Group, isGroup, type Rule, type TreeNode } from './tree';
import { ENGLISH } from './words-en';
import { SWEDISH } from './words-sv';

const WORDS: Readonly<Record<'sv' | 'en', Phrases>> = { sv: SWEDISH, en: ENGLISH };

/** "Personer som är kursdeltagare och har gått klart ”Spanska A1” de senaste 12 månaderna" */
export function describeTree(tree: Group, names: Names, language: 'sv' | 'en'): string {
  const words = WORDS[language];
  const text = inWords(tree, true, names, words);
  return `${words.people} ${isWrapped(tree) ? text.slice(1, -1) : text}`;
}

/** One rule in words, as it stands after "people who". */
export function describeRule(rule: Rule, names: Names, language: 'sv' | 'en'): string {
  return phraseOf(rule, true, names, WORDS[language]);
}

// A no is said of each part, as it is asked of each: "none of A and B" is "not A and not B".
function inWords(node: TreeNode, meant: boolean, names: Names, words: Phrases): string {
  if (!isGroup(node)) return phraseOf(node, meant, names, words);
  const inside = node.match === 'none' ? !meant : meant;
  const together = node.match === 'any' ? !meant : meant;
  const parts = node.rules.map((rule) => inWords(rule, inside, names, words));
  const text = parts.join(` ${together ? words.and : words.or} `);
  return isWrapped(node) ? `(${text})` : text;
}

const isWrapped = (group: Group): boolean => group.rules.length > 1;
