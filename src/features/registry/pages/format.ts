import type { Language } from '../../../platform/i18n/i18n';

const TIME_ZONE = 'Europe/Stockholm';
const LOCALE: Record<Language, string> = { sv: 'sv-SE', en: 'en-GB' };

export function formatDay(language: Language, at: Date): string {
  return new Intl.DateTimeFormat(LOCALE[language], {
    timeZone: TIME_ZONE,
    dateStyle: 'long',
  }).format(at);
}

export function formatMoment(language: Language, at: Date): string {
  return new Intl.DateTimeFormat(LOCALE[language], {
    timeZone: TIME_ZONE,
    dateStyle: 'long',
    timeStyle: 'short',
  }).format(at);
}
