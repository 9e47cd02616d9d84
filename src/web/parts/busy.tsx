import { Center, Loader, VisuallyHidden } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** While something is fetched. */
export function Busy() {
  const { t } = useTranslation('frame', { useSuspense: false });
  return (
    <Center mih="12rem" role="status">
      <Loader aria-hidden />
      <VisuallyHidden>{t('busy')}</VisuallyHidden>
    </Center>
  );
}
