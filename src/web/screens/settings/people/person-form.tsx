import { Checkbox, Radio, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { answer, api, type Answer } from '../../../api/client';
import { FormDialog } from '../form-dialog';
import { useSaving } from '../saving';
import { PEOPLE, ROLES, type Role } from './people-query';

interface Values {
  name: string;
  email: string;
  roles: Role[];
  language: 'sv' | 'en';
}

export function PersonForm(props: {
  person: Answer<'Staff'> | null;
  close: () => void;
  made: (person: Answer<'NewStaff'>) => void;
}) {
  const { t } = useTranslation('settings');
  const { person, close, made } = props;
  const form = useForm<Values>({
    initialValues: {
      name: person?.name ?? '',
      email: person?.email ?? '',
      roles: person?.roles ?? [],
      language: person?.language ?? 'sv',
    },
  });
  const saving = useSaving(
    form,
    async ({ email, ...fields }) => {
      if (!person)
        return made(await answer(api.POST('/api/v1/staff', { body: { email, ...fields } })));
      await api.PATCH('/api/v1/staff/{id}', { params: { path: { id: person.id } }, body: fields });
    },
    { changes: PEOPLE, done: close },
  );
  return (
    <FormDialog
      title={person ? t('people.changeTitle', { name: person.name }) : t('people.add')}
      act={person ? t('save') : t('people.add')}
      close={close}
      submit={form.onSubmit(saving.send)}
      busy={saving.busy}
      error={saving.error}
    >
      <TextInput {...form.getInputProps('name')} label={t('people.name')} required />
      {!person && (
        <TextInput
          {...form.getInputProps('email')}
          type="email"
          label={t('people.email')}
          description={t('people.emailHint')}
          required
        />
      )}
      <Checkbox.Group {...form.getInputProps('roles')} label={t('people.roles')} required>
        <Stack gap="sm" mt="xs">
          {ROLES.map((role) => (
            <Checkbox
              key={role}
              value={role}
              label={t(`role.${role}`)}
              description={t(`may.${role}`)}
            />
          ))}
        </Stack>
      </Checkbox.Group>
      <Radio.Group {...form.getInputProps('language')} label={t('people.language')}>
        <Stack gap="xs" mt="xs">
          <Radio value="sv" label="Svenska" />
          <Radio value="en" label="English" lang="en" />
        </Stack>
      </Radio.Group>
    </FormDialog>
  );
}
