import { useTranslation } from 'react-i18next';
import type { Problem } from '../api/problem';

/** A refusal in the reader's language, by its code; one without words of its own shows the code. */
export function useProblemText(): (problem: Problem) => string {
  const { t, i18n } = useTranslation('problems');
  return ({ code, status, params }) => {
    if (i18n.exists(code, { ns: 'problems' })) return t(code, params);
    if (status === 403) return t('forbidden');
    if (status === 404) return t('not_found');
    return t('other', { code });
  };
}
