import type { FieldFault } from '../../../platform/errors';
import { t, type Language } from '../../../platform/i18n/i18n';
import type { ProblemView } from '../content.dto';
import type { Problem } from './problems';

/** Problems with their words, as the API answers them. */
export function toProblemViews(problems: readonly Problem[], language: Language): ProblemView[] {
  return problems.map(({ params, ...problem }) => ({
    ...problem,
    message: describe({ ...problem, params }, language),
  }));
}

/** The errors among them, as faults of a refused request. */
export function toFieldFaults(problems: readonly Problem[], language: Language): FieldFault[] {
  return problems
    .filter(({ severity }) => severity === 'error')
    .map((problem) => ({
      path: problem.block === undefined ? problem.path : `blocks.${problem.block}`,
      code: problem.code,
      message: describe(problem, language),
    }));
}

function describe({ code, params, line, suggestion }: Problem, language: Language): string {
  const place = line === undefined ? '' : t(language, 'content:onLine', { line });
  const meant = suggestion === undefined ? '' : t(language, 'content:didYouMean', { suggestion });
  return `${place}${t(language, `content:problem.${code}`, params)}${meant}`;
}
