import type { Language } from '../../../platform/i18n/i18n';

const TIME_ZONE = 'Europe/Stockholm';
const LOCALE: Record<Language, string> = { sv: 'sv-SE', en: 'en-GB' };

const formats = (timeStyle?: 'short'): Record<Language, Intl.DateTimeFormat> => {
  const format = (language: Language) =>
    new Intl.DateTimeFormat(LOCALE[language], {
      timeZone: TIME_ZONE,
      dateStyle: 'long',
      timeStyle,
    });
  return { sv: format('sv'), en: format('en') };
};

// Making one is dearer than all else on the page.
const DAY = formats();
const MOMENT = formats('short');

export function formatDay(language: Language, at: Date): string {
  return DAY[language].format(at);
}

export function formatMoment(language: Language, at: Date): string {
  return MOMENT[language].format(at);
}
