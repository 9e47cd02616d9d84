import { Checkbox, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { answer, api, type Answer } from '../../../api/client';
import { FormDialog } from '../form-dialog';
import { useSaving } from '../saving';
import { SENDERS } from './senders-query';

export function SenderForm(props: { sender: Answer<'SenderView'> | null; close: () => void }) {
  const { t } = useTranslation('settings');
  const { sender, close } = props;
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: {
      name: sender?.name ?? '',
      email: sender?.email ?? '',
      replyTo: sender?.replyTo ?? '',
      isDefault: sender?.isDefault ?? false,
    },
  });
  const saving = useSaving(
    form,
    ({ name, email, replyTo, isDefault }) => {
      const body = { name, email, replyTo: replyTo || null, isDefault };
      return sender
        ? answer(api.PATCH('/api/v1/senders/{id}', { params: { path: { id: sender.id } }, body }))
        : answer(api.POST('/api/v1/senders', { body }));
    },
    { changes: SENDERS, message: t('saved'), done: close },
  );
  return (
    <FormDialog
      title={sender ? t('senders.changeTitle') : t('senders.add')}
      act={sender ? t('save') : t('senders.add')}
      close={close}
      submit={form.onSubmit(saving.send)}
      busy={saving.busy}
      error={saving.error}
    >
      <TextInput
        {...form.getInputProps('name')}
        key={form.key('name')}
        label={t('senders.name')}
        description={t('senders.nameHint')}
        required
      />
      <TextInput
        {...form.getInputProps('email')}
        key={form.key('email')}
        type="email"
        label={t('senders.email')}
        required
      />
      <TextInput
        {...form.getInputProps('replyTo')}
        key={form.key('replyTo')}
        type="email"
        label={t('senders.replyTo')}
        description={t('senders.replyToHint')}
      />
      {!sender?.isDefault && (
        <Checkbox
          {...form.getInputProps('isDefault', { type: 'checkbox' })}
          key={form.key('isDefault')}
          label={t('senders.makeDefault')}
        />
      )}
    </FormDialog>
  );
}
