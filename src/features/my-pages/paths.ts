import { toLanguage, type Language } from '../../platform/i18n/i18n';

/** Undefined: the person's own. */
export function chosenLanguage(lang: unknown): Language | undefined {
  return lang === undefined ? undefined : toLanguage(lang);
}

/** A page of ours in the language that was chosen for the one before. */
export function pathIn(path: string, language: Language | undefined, news?: string): string {
  const query = new URLSearchParams({ ...(language && { lang: language }), ...(news && { news }) });
  return query.size > 0 ? `${path}?${query.toString()}` : path;
}
