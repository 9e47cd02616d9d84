import { median, ratiosOf, swing, type Comparison } from './harness';

/** A baseline that moves more than this says more about the machine than about the product. */
const MOST_SWING = 0.3;

/** A comparison in a few lines, for a person. */
export function asText(comparison: Comparison): string {
  const { goal, what, unit, product, baseline, target, met, note } = comparison;
  const head = goal === 'info' ? what : `#${goal} ${what}`;
  const lines = [head, `    ${summary(product)} ${unit}`];
  if (baseline) {
    lines.push(`    baseline ${summary(baseline)} ${unit}`);
    lines.push(`    ratio ${summary(ratiosOf(comparison))} (${comparison.ratio ?? DEFAULT})`);
    if (isRestless(baseline))
      lines.push(`    the baseline swings by ${percent(swing(baseline))}: a restless machine`);
  }
  if (target)
    lines.push(`    goal ${target}${met === undefined ? '' : met ? ': reached' : ': NOT reached'}`);
  if (note) lines.push(`    ${note}`);
  return lines.join('\n');
}

/** The same as one JSON object on one line. */
export function asJson(bench: string, comparison: Comparison): string {
  const { goal, what, unit, product, baseline, target, met, note } = comparison;
  const ratios = ratiosOf(comparison);
  return JSON.stringify({
    name: `${bench}: ${what}`,
    value: median(product),
    unit,
    ratio: baseline ? median(ratios) : null,
    baseline: baseline ? median(baseline) : null,
    goal,
    range: rangeOf(product),
    ...(baseline && {
      ratioRange: rangeOf(ratios),
      ratioOf: comparison.ratio ?? DEFAULT,
      restless: isRestless(baseline),
    }),
    ...(target && { target }),
    ...(met !== undefined && { met }),
    ...(note && { note }),
  });
}

const DEFAULT = 'product/baseline';

function isRestless(baseline: readonly number[]): boolean {
  return swing(baseline) > MOST_SWING;
}

function rangeOf(figures: readonly number[]): [number, number] {
  return [Math.min(...figures), Math.max(...figures)];
}

function summary(figures: readonly number[]): string {
  const middle = number(median(figures));
  if (figures.length === 1) return middle;
  const [low, high] = rangeOf(figures);
  return `${middle} (${number(low)} – ${number(high)})`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** Three digits that count, thousands apart. */
function number(figure: number): string {
  if (!Number.isFinite(figure)) return String(figure);
  if (Math.abs(figure) >= 1000) return Math.round(figure).toLocaleString('en').replaceAll(',', ' ');
  return String(Number(figure.toPrecision(3)));
}
