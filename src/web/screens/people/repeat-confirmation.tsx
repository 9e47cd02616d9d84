import { Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client';
import { ConfirmButton } from '../../parts/confirm-button';
import { useRefreshPerson } from '../../api/person-queries';

/** For somebody whose sign-up waits, and who cannot find the mail. */
export function RepeatConfirmation({ id }: { id: string }) {
  const { t } = useTranslation('people');
  const refresh = useRefreshPerson();
  const repeat = useMutation({
    mutationFn: () => api.POST('/api/v1/contacts/{id}/confirmation', { params: { path: { id } } }),
    onSuccess: () => {
      notifications.show({ message: t('repeat.done') });
      return refresh(id);
    },
  });
  return (
    <ConfirmButton
      label={t('repeat.act')}
      title={t('repeat.title')}
      act={() => repeat.mutateAsync()}
      busy={repeat.isPending}
      error={repeat.error}
    >
      <Text>{t('repeat.text')}</Text>
    </ConfirmButton>
  );
}
