import { Badge, Button, Card, Group, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Answer } from '../../../api/client';
import { useSession } from '../../../frame/session';
import { ConfirmButton } from '../../../parts/confirm-button';
import { Loaded } from '../../../parts/loaded';
import { Page } from '../../../parts/page';
import { ProblemNote } from '../../../parts/problem-note';
import { ShownOnce } from '../shown-once';
import { PEOPLE } from './people-query';
import { PersonForm } from './person-form';

type Staff = Answer<'Staff'>;

/** Who works here, and what they may do. */
export function People() {
  const { t } = useTranslation('settings');
  const [form, setForm] = useState<Staff | 'new' | null>(null);
  const [fresh, setFresh] = useState<Answer<'NewStaff'> | null>(null);
  const people = useQuery({
    queryKey: PEOPLE,
    queryFn: ({ signal }) => answer(api.GET('/api/v1/staff', { signal })),
  });
  return (
    <Page
      title={t('section.people')}
      actions={<Button onClick={() => setForm('new')}>{t('people.add')}</Button>}
      size="52rem"
    >
      <Text>{t('people.what')}</Text>
      <Loaded query={people}>
        {({ items }) => (
          <Stack>
            {items.map((person) => (
              <Person
                key={person.id}
                person={person}
                edit={() => setForm(person)}
                renewed={setFresh}
              />
            ))}
          </Stack>
        )}
      </Loaded>
      {form && (
        <PersonForm
          person={form === 'new' ? null : form}
          close={() => setForm(null)}
          made={(made) => setFresh(made)}
        />
      )}
      {fresh && (
        <ShownOnce
          title={t('people.passwordTitle', { name: fresh.name })}
          text={t('people.passwordText', { name: fresh.name, email: fresh.email })}
          name={t('people.password')}
          secret={fresh.password}
          close={() => setFresh(null)}
        />
      )}
    </Page>
  );
}

function Person(props: {
  person: Staff;
  edit: () => void;
  renewed: (person: Answer<'NewStaff'>) => void;
}) {
  const { t, i18n } = useTranslation('settings');
  const { me } = useSession();
  const queries = useQueryClient();
  const { id, name, email, roles, disabledAt } = props.person;
  const path = { params: { path: { id } } };
  const refresh = () => queries.invalidateQueries({ queryKey: PEOPLE });
  const disable = useMutation({
    mutationFn: (disabled: boolean) =>
      api.PATCH('/api/v1/staff/{id}', { ...path, body: { disabled } }),
    onSuccess: refresh,
  });
  const renew = useMutation({
    mutationFn: () => answer(api.POST('/api/v1/staff/{id}/password', path)),
    onSuccess: props.renewed,
  });
  const named = new Intl.ListFormat(i18n.language).format(roles.map((role) => t(`role.${role}`)));
  return (
    <Card withBorder>
      <Stack gap="xs">
        <Group justify="space-between">
          <Title order={2} fz="h4">
            {name}
          </Title>
          {disabledAt && <Badge color="gray">{t('people.disabled')}</Badge>}
        </Group>
        <Text>{email}</Text>
        <Text c="dimmed">{named}</Text>
        <Group gap="sm">
          <Button variant="default" size="xs" onClick={props.edit}>
            {t('change')}
          </Button>
          {me.id !== id && !disabledAt && (
            <>
              <ConfirmButton
                label={t('people.renew')}
                title={t('people.renewTitle', { name })}
                act={() => renew.mutateAsync()}
                busy={renew.isPending}
                error={renew.error}
                button={{ size: 'xs' }}
              >
                {t('people.renewText')}
              </ConfirmButton>
              <ConfirmButton
                label={t('people.disable')}
                title={t('people.disableTitle', { name })}
                act={() => disable.mutateAsync(true)}
                busy={disable.isPending}
                error={disable.error}
                button={{ size: 'xs' }}
              >
                {t('people.disableText')}
              </ConfirmButton>
            </>
          )}
          {disabledAt && (
            <Button
              variant="default"
              size="xs"
              loading={disable.isPending}
              onClick={() => disable.mutate(false)}
            >
              {t('people.enable')}
            </Button>
          )}
        </Group>
        {disable.isError && disabledAt && <ProblemNote error={disable.error} />}
      </Stack>
    </Card>
  );
}
