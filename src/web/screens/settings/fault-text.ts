import { useTranslation } from 'react-i18next';
import type { FieldFault } from '../../api/problem';

/** What is wrong with a field, by its code; what has no words of its own shows the server's. */
export function useFaultText(): (fault: FieldFault) => string {
  const { t, i18n } = useTranslation('settings');
  return ({ code, message }) =>
    i18n.exists(`fault.${code}`, { ns: 'settings' }) ? t(`fault.${code}`) : message;
}
