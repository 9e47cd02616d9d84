import { Button, PasswordInput, Stack, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../../api/client';
import { asProblem } from '../../api/problem';
import { ProblemNote } from '../../parts/problem-note';
import { SESSIONS } from './open-sessions';

export function ChangePassword() {
  const { t } = useTranslation('account');
  const queries = useQueryClient();
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { currentPassword: '', newPassword: '' },
  });
  const change = useMutation({
    mutationFn: (body: { currentPassword: string; newPassword: string }) =>
      answer(api.PUT('/api/v1/session/password', { body })),
    onSuccess: () => {
      form.reset();
      notifications.show({ message: t('password.changed') });
      return queries.invalidateQueries({ queryKey: SESSIONS });
    },
    onError: (error) =>
      form.setErrors(asProblem(error).byField(({ code }) => t(`password.${code}`))),
  });
  const field = (name: 'currentPassword' | 'newPassword') => ({
    ...form.getInputProps(name),
    key: form.key(name),
    visibilityToggleButtonProps: { 'aria-label': t('password.show') },
    required: true,
  });
  return (
    <form onSubmit={form.onSubmit((values) => change.mutate(values))}>
      <Stack align="stretch" maw="26rem">
        <Title order={2}>{t('password.title')}</Title>
        {change.isError && asProblem(change.error).faults.length === 0 && (
          <ProblemNote error={change.error} />
        )}
        <PasswordInput
          {...field('currentPassword')}
          label={t('password.current')}
          autoComplete="current-password"
        />
        <PasswordInput
          {...field('newPassword')}
          label={t('password.new')}
          description={t('password.hint')}
          autoComplete="new-password"
        />
        <Button type="submit" loading={change.isPending}>
          {t('password.change')}
        </Button>
      </Stack>
    </form>
  );
}
