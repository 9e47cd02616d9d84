import { SegmentedControl } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { chooseLanguage, type Language } from '../texts/i18n';

const LANGUAGES = [
  { value: 'sv', label: 'Svenska' },
  { value: 'en', label: 'English' },
];

/** The language of the screens, kept in this browser. */
export function LanguageChoice() {
  const { t, i18n } = useTranslation('frame');
  return (
    <SegmentedControl
      aria-label={t('language')}
      data={LANGUAGES}
      value={i18n.language}
      onChange={(value) => void chooseLanguage(value as Language)}
    />
  );
}
