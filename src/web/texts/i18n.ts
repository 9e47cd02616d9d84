import i18next, { type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';

export type Language = 'sv' | 'en';

const CHOSEN = 'utskick.language';
const catalogues = import.meta.glob<object>('./{sv,en}/*.json', { import: 'default' });

/** Texts come with the screen that needs them; Swedish unless the person chose English. */
export async function startTexts(): Promise<i18n> {
  await i18next
    .use({
      type: 'backend',
      init: () => {},
      read: (language: Language, namespace: string) =>
        catalogues[`./${language}/${namespace}.json`]!(),
    })
    .use(initReactI18next)
    .init({
      lng: localStorage.getItem(CHOSEN) === 'en' ? 'en' : 'sv',
      ns: ['frame', 'problems'],
      defaultNS: 'frame',
      fallbackLng: false,
      returnNull: false,
      interpolation: { escapeValue: false },
    });
  document.documentElement.lang = i18next.language;
  return i18next;
}

export async function chooseLanguage(language: Language): Promise<void> {
  localStorage.setItem(CHOSEN, language);
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
}

/** Whether somebody chose a language in this browser. */
export function hasChosenLanguage(): boolean {
  return localStorage.getItem(CHOSEN) !== null;
}
