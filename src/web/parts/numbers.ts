import { useTranslation } from 'react-i18next';

interface Numbers {
  /** 4 020 */
  count: (value: number) => string;
  /** 4 000: two digits that mean something, of what is only known about. */
  about: (value: number) => string;
  /** A share of 1 as 12,3 %; one decimal below ten per cent. */
  share: (value: number) => string;
}

/** Numbers as the reader's language writes them. */
export function useNumbers(): Numbers {
  const { i18n } = useTranslation('frame');
  const locale = i18n.language === 'en' ? 'en-GB' : 'sv-SE';
  return {
    count: (value) => new Intl.NumberFormat(locale).format(value),
    about: (value) => new Intl.NumberFormat(locale, { maximumSignificantDigits: 2 }).format(value),
    share: (value) =>
      new Intl.NumberFormat(locale, {
        style: 'percent',
        maximumFractionDigits: value < 0.1 ? 1 : 0,
      }).format(value),
  };
}
