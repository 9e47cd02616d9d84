import { Button, Container, PasswordInput, Stack, TextInput, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../api/client';
import { changePerson } from '../api/queries';
import { ProblemNote } from '../parts/problem-note';
import { LanguageChoice } from './language-choice';

/** In the place of what one came for, which shows as soon as one is in. */
export function LogIn() {
  const { t } = useTranslation('frame');
  const queries = useQueryClient();
  const form = useForm({ mode: 'uncontrolled', initialValues: { email: '', password: '' } });
  const logIn = useMutation({
    mutationFn: (body: { email: string; password: string }) =>
      answer(api.POST('/api/v1/session', { body })),
    onSuccess: (me) => {
      changePerson(queries, me);
    },
  });
  useEffect(() => {
    document.title = `${t('logIn.title')} – Utskick`;
  }, [t]);
  return (
    <Container component="main" size="26rem" py="xl">
      <Stack gap="lg">
        <Title order={1}>{t('logIn.title')}</Title>
        {logIn.isError && <ProblemNote error={logIn.error} />}
        <form onSubmit={form.onSubmit((values) => logIn.mutate(values))}>
          <Stack>
            <TextInput
              {...form.getInputProps('email')}
              key={form.key('email')}
              label={t('logIn.email')}
              type="email"
              autoComplete="username"
              required
            />
            <PasswordInput
              {...form.getInputProps('password')}
              key={form.key('password')}
              label={t('logIn.password')}
              autoComplete="current-password"
              visibilityToggleButtonProps={{ 'aria-label': t('logIn.show') }}
              required
            />
            <Button type="submit" loading={logIn.isPending}>
              {t('logIn.enter')}
            </Button>
          </Stack>
        </form>
        <LanguageChoice />
      </Stack>
    </Container>
  );
}
