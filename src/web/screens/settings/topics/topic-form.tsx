import { Checkbox, Group, Radio, Stack, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { MARKETING_PURPOSES } from '../../../../domain/policy';
import { answer, api, type Answer } from '../../../api/client';
import { Help } from '../../../parts/help';
import { FormDialog } from '../form-dialog';
import { useSaving } from '../saving';
import { slug } from '../slug';
import { TOPICS } from './topics-query';

const KEY_LENGTH = 40;

export function TopicForm({ topic, close }: { topic: Answer<'Topic'> | null; close: () => void }) {
  const { t, i18n } = useTranslation('settings');
  const form = useForm({
    initialValues: {
      key: '',
      nameSv: topic?.nameSv ?? '',
      nameEn: topic?.nameEn ?? '',
      descriptionSv: topic?.descriptionSv ?? '',
      descriptionEn: topic?.descriptionEn ?? '',
      purpose: topic?.purpose ?? 'R-05',
      softOptIn: topic?.softOptIn ?? false,
      assessedToday: false,
    },
  });
  const saving = useSaving(
    form,
    ({ key, assessedToday, ...fields }) => {
      const body = { ...fields, ...(assessedToday && { assessedAt: new Date().toISOString() }) };
      return topic
        ? answer(api.PATCH('/api/v1/topics/{id}', { params: { path: { id: topic.id } }, body }))
        : answer(
            api.POST('/api/v1/topics', {
              body: { ...body, key: key || slug(fields.nameSv, KEY_LENGTH) },
            }),
          );
    },
    { changes: TOPICS, message: t('saved'), done: close },
  );
  return (
    <FormDialog
      title={topic ? t('topics.changeTitle') : t('topics.add')}
      act={topic ? t('save') : t('topics.add')}
      close={close}
      submit={form.onSubmit(saving.send)}
      busy={saving.busy}
      error={saving.error}
    >
      <TextInput {...form.getInputProps('nameSv')} label={t('nameSv')} required />
      <TextInput {...form.getInputProps('nameEn')} label={t('nameEn')} required lang="en" />
      <Textarea
        {...form.getInputProps('descriptionSv')}
        label={t('topics.lineSv')}
        description={t('topics.lineHint')}
        maxLength={200}
        autosize
      />
      <Textarea
        {...form.getInputProps('descriptionEn')}
        label={t('topics.lineEn')}
        maxLength={200}
        autosize
        lang="en"
      />
      <Radio.Group
        {...form.getInputProps('purpose')}
        label={t('topics.purpose')}
        description={t('topics.purposeHint')}
      >
        <Stack gap="xs" mt="xs">
          {MARKETING_PURPOSES.map(({ id, sv, en }) => (
            <Radio key={id} value={id} label={`${id}: ${i18n.language === 'en' ? en : sv}`} />
          ))}
        </Stack>
      </Radio.Group>
      <Group gap={4} wrap="nowrap" align="flex-start">
        <Checkbox
          {...form.getInputProps('softOptIn', { type: 'checkbox' })}
          label={t('topics.softLabel')}
          description={t('topics.softHint')}
        />
        <Help about="softOptIn" />
      </Group>
      <Checkbox
        {...form.getInputProps('assessedToday', { type: 'checkbox' })}
        label={t('topics.assessedToday')}
        description={t('topics.assessedHint')}
      />
      {!topic && (
        <TextInput
          {...form.getInputProps('key')}
          label={t('topics.key')}
          description={t('topics.keyHint')}
          placeholder={slug(form.getValues().nameSv, KEY_LENGTH)}
        />
      )}
    </FormDialog>
  );
}
