/** Longer words are not compared: the work grows with the product of the lengths. */
const LONGEST_WORD = 64;

/** A name without what people vary: case, diacritics, spaces, underscores, hyphens and dots. */
export function foldName(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/[\p{M}\p{Cf}]/gu, '')
    .toLowerCase()
    .replace(/[\s_\-–.:]+/g, '');
}

/**
 * Edits from one word to the other: letters put in, taken out, changed, or swapped with their neighbour
 * (optimal string alignment).
 */
export function editDistance(a: string, b: string): number {
  const from = Array.from(a);
  const to = Array.from(b);
  let twoBack: number[] = [];
  let back = Array.from({ length: to.length + 1 }, (_, j) => j);
  for (const [i, letter] of from.entries()) {
    const row = [i + 1];
    for (const [j, other] of to.entries()) {
      const changed = at(back, j) + (letter === other ? 0 : 1);
      let least = Math.min(changed, at(back, j + 1) + 1, at(row, j) + 1);
      if (i > 0 && j > 0 && letter === to[j - 1] && from[i - 1] === other) {
        least = Math.min(least, at(twoBack, j - 1) + 1);
      }
      row.push(least);
    }
    twoBack = back;
    back = row;
  }
  return at(back, to.length);
}

const at = (row: readonly number[], i: number): number => row[i] ?? Number.POSITIVE_INFINITY;

/**
 * The candidate the writer most likely meant, or null when none is near: at most one edit in four letters.
 * Of equally near ones, the first.
 */
export function closest(word: string, candidates: Iterable<string>): string | null {
  const wanted = foldName(word);
  if (wanted === '' || wanted.length > LONGEST_WORD) return null;
  let best: string | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const folded = foldName(candidate);
    if (folded === '' || folded.length > LONGEST_WORD) continue;
    const distance = editDistance(wanted, folded);
    const near = Math.max(1, Math.floor(Math.min(wanted.length, folded.length) / 4));
    if (distance < least && distance <= near) {
      best = candidate;
      least = distance;
    }
  }
  return best;
}
