import { Checkbox, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { answer, api, type Answer } from '../../../api/client';
import { FormDialog } from '../form-dialog';
import { useSaving } from '../saving';
import { ENDPOINTS, EVENTS, textOf } from './endpoints-query';

/** Where another system wants to be told, and of what. */
export function EndpointForm(props: {
  close: () => void;
  made: (endpoint: Answer<'NewWebhookEndpoint'>) => void;
}) {
  const { t } = useTranslation('settings');
  const form = useForm<{ url: string; events: (typeof EVENTS)[number][] }>({
    initialValues: { url: '', events: [] },
  });
  const saving = useSaving(
    form,
    (body) => answer(api.POST('/api/v1/webhook-endpoints', { body })),
    {
      changes: ENDPOINTS,
      done: (endpoint) => {
        props.close();
        props.made(endpoint);
      },
    },
  );
  return (
    <FormDialog
      title={t('endpoints.add')}
      act={t('endpoints.add')}
      close={props.close}
      submit={form.onSubmit(saving.send)}
      busy={saving.busy}
      error={saving.error}
    >
      <TextInput
        {...form.getInputProps('url')}
        type="url"
        label={t('endpoints.url')}
        description={t('endpoints.urlHint')}
        required
      />
      <Checkbox.Group {...form.getInputProps('events')} label={t('endpoints.events')} required>
        <Stack gap="xs" mt="xs">
          {EVENTS.map((event) => (
            <Checkbox key={event} value={event} label={t(`endpoints.event.${textOf(event)}`)} />
          ))}
        </Stack>
      </Checkbox.Group>
    </FormDialog>
  );
}
