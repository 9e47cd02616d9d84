import { LANGUAGES } from '../../../platform/i18n/i18n';
import { MERGE_FIELDS } from '../../../domain/merge-fields';
import { t } from '../../../platform/i18n/i18n';
import { toFieldFaults, toProblemViews } from './problem-texts';
import { PROBLEM_CODES } from './problems';

describe('the words of the lint', () => {
  it.each(LANGUAGES)('exist for every problem and every field (%s)', (language) => {
    for (const code of PROBLEM_CODES) {
      const problem = { severity: 'error' as const, code, path: 'body' as const, params: {} };
      expect(toProblemViews([problem], language)[0]!.message).toMatch(/\.$|\S/);
    }
    for (const field of MERGE_FIELDS) {
      expect(t(language, `content:field.${field.replace('.', '_')}`)).toMatch(/^\p{Lu}/u);
    }
  });

  it('print what an author wrote literally, whatever it looks like', () => {
    const field = '{{ $t(content:problem.line_break) }} <b>';
    const [view] = toProblemViews(
      [{ severity: 'error', code: 'unknown_field', path: 'body', line: 3, params: { field } }],
      'sv',
    );
    expect(view!.message).toBe(`Rad 3: Okänt fält ${field}.`);
  });

  it('leave warnings out of a refusal', () => {
    const warning = {
      severity: 'warning' as const,
      code: 'preheader_empty' as const,
      path: 'preheader' as const,
      params: {},
    };
    expect(toFieldFaults([warning], 'sv')).toEqual([]);
  });
});
