/** A condition over the alias `r` (reach), with what its parameters `$1`, `$2` … stand for. */
export interface Condition {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** All of them at once; of none, everybody. */
export function allOf(conditions: readonly Condition[]): Condition {
  const values: unknown[] = [];
  const parts = conditions.map((condition) => {
    const { text } = after(values.length, condition);
    values.push(...condition.values);
    return `(${text})`;
  });
  return { text: parts.length > 0 ? parts.join(' AND ') : 'true', values };
}

/** The same condition where `taken` parameters come before its own. */
export function after(taken: number, { text, values }: Condition): Condition {
  return { text: text.replace(/\$(\d+)/g, (_, n: string) => `$${Number(n) + taken}`), values };
}
