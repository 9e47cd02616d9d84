import { Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../../api/client';
import { useRefreshPerson } from '../../api/person-queries';
import { ConfirmButton } from '../../parts/confirm-button';

/** For somebody who asks that what we know of them is kept and not used. */
export function RestrictPerson({ id }: { id: string }) {
  const { t } = useTranslation('people');
  const refresh = useRefreshPerson();
  const restrict = useMutation({
    mutationFn: () =>
      answer(api.PUT('/api/v1/contacts/{id}/restriction', { params: { path: { id } } })),
    onSuccess: () => {
      notifications.show({ message: t('restrict.done') });
      return refresh(id);
    },
  });
  return (
    <ConfirmButton
      label={t('restrict.act')}
      title={t('restrict.title')}
      act={() => restrict.mutateAsync()}
      busy={restrict.isPending}
      error={restrict.error}
    >
      <Text>{t('restrict.text')}</Text>
    </ConfirmButton>
  );
}
