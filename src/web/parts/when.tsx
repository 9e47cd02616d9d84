import { useTranslation } from 'react-i18next';

/** The controller's own time: staff plan and look back in it wherever they are. */
const ZONE = 'Europe/Stockholm';

const FORMS = {
  day: { day: 'numeric', month: 'long', year: 'numeric' },
  moment: { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' },
  clock: { hour: '2-digit', minute: '2-digit' },
} satisfies Record<string, Intl.DateTimeFormatOptions>;

export type DateForm = keyof typeof FORMS;

/** An instant (ISO 8601) in words of the reader's language, in Swedish time. */
export function useWhen(): (instant: string, form?: DateForm) => string {
  const { i18n } = useTranslation('frame');
  const locale = i18n.language === 'en' ? 'en-GB' : 'sv-SE';
  return (instant, form = 'moment') =>
    new Intl.DateTimeFormat(locale, { ...FORMS[form], timeZone: ZONE }).format(new Date(instant));
}

export function When({ at, form }: { at: string; form?: DateForm }) {
  return <time dateTime={at}>{useWhen()(at, form)}</time>;
}
