import { Checkbox, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { answer, api, type Answer } from '../../../api/client';
import { FormDialog } from '../form-dialog';
import { useSaving } from '../saving';
import { KEYS, PERMISSION_GROUPS, textKeyOf, type Grantable } from './permission-groups';

export function ApiKeyForm(props: { close: () => void; made: (key: Answer<'NewApiKey'>) => void }) {
  const { t } = useTranslation('settings');
  const form = useForm<{ name: string; permissions: Grantable[] }>({
    initialValues: { name: '', permissions: [] },
  });
  const saving = useSaving(form, (body) => answer(api.POST('/api/v1/api-keys', { body })), {
    changes: KEYS,
    done: (key) => {
      props.close();
      props.made(key);
    },
  });
  return (
    <FormDialog
      title={t('keys.add')}
      act={t('keys.add')}
      close={props.close}
      submit={form.onSubmit(saving.send)}
      busy={saving.busy}
      error={saving.error}
    >
      <TextInput
        {...form.getInputProps('name')}
        label={t('keys.name')}
        description={t('keys.nameHint')}
        required
      />
      <Checkbox.Group
        {...form.getInputProps('permissions')}
        label={t('keys.may')}
        description={t('keys.mayHint')}
        required
      >
        <Stack gap="md" mt="sm">
          {Object.entries(PERMISSION_GROUPS).map(([group, permissions]) => (
            <Stack key={group} gap="xs" role="group" aria-label={t(`keys.group.${group}`)}>
              <Text fz="sm" c="dimmed" aria-hidden>
                {t(`keys.group.${group}`)}
              </Text>
              {permissions.map((permission) => (
                <Checkbox
                  key={permission}
                  value={permission}
                  label={t(`permission.${textKeyOf(permission)}`)}
                />
              ))}
            </Stack>
          ))}
        </Stack>
      </Checkbox.Group>
    </FormDialog>
  );
}
