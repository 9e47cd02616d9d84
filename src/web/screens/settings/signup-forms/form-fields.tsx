import { Button, Checkbox, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { answer, api, type Answer } from '../../../api/client';
import { Loaded } from '../../../parts/loaded';
import { ProblemNote } from '../../../parts/problem-note';
import { useSaving } from '../saving';
import { slug } from '../slug';
import { TOPICS } from '../topics/topics-query';
import { FORMS } from './forms-query';

type Form = Answer<'SignupFormWithCode'>;

const KEY_LENGTH = 50;

/** The words of a form, and what one may choose in it. */
export function FormFields({
  form: saved,
  done,
}: {
  form: Form | null;
  done?: (form: Form) => void;
}) {
  const { t } = useTranslation('settings');
  const topics = useQuery({
    queryKey: TOPICS,
    queryFn: ({ signal }) => answer(api.GET('/api/v1/topics', { signal })),
  });
  const form = useForm({
    initialValues: {
      key: '',
      nameSv: saved?.nameSv ?? '',
      nameEn: saved?.nameEn ?? '',
      introSv: saved?.introSv ?? '',
      introEn: saved?.introEn ?? '',
      consentSv: saved?.consentSv ?? '',
      consentEn: saved?.consentEn ?? '',
      topicIds: saved?.topicIds ?? [],
      asksTracking: saved?.asksTracking ?? false,
    },
  });
  const saving = useSaving(
    form,
    ({ key, consentSv, consentEn, ...fields }) => {
      const body = {
        ...fields,
        ...(consentSv && { consentSv }),
        ...(consentEn && { consentEn }),
      };
      return saved
        ? answer(
            api.PATCH('/api/v1/signup-forms/{id}', { params: { path: { id: saved.id } }, body }),
          )
        : answer(
            api.POST('/api/v1/signup-forms', {
              body: { ...body, key: key || slug(fields.nameSv, KEY_LENGTH) },
            }),
          );
    },
    { changes: FORMS, message: t('saved'), done },
  );
  return (
    <form onSubmit={form.onSubmit(saving.send)} noValidate>
      <Stack>
        {saving.error !== null && <ProblemNote error={saving.error} />}
        <TextInput {...form.getInputProps('nameSv')} label={t('nameSv')} required />
        <TextInput {...form.getInputProps('nameEn')} label={t('nameEn')} lang="en" required />
        {!saved && (
          <TextInput
            {...form.getInputProps('key')}
            label={t('forms.key')}
            description={t('forms.keyHint')}
            placeholder={slug(form.getValues().nameSv, KEY_LENGTH)}
          />
        )}
        <Textarea {...form.getInputProps('introSv')} label={t('forms.introSv')} autosize />
        <Textarea
          {...form.getInputProps('introEn')}
          label={t('forms.introEn')}
          lang="en"
          autosize
        />
        <Checkbox.Group
          {...form.getInputProps('topicIds')}
          label={t('forms.topics')}
          description={t('forms.topicsHint')}
          required
        >
          <Loaded query={topics}>
            {({ items }) => (
              <Stack gap="xs" mt="xs">
                {items.length === 0 && <Text>{t('forms.noTopics')}</Text>}
                {items.map(({ id, nameSv, descriptionSv }) => (
                  <Checkbox key={id} value={id} label={nameSv} description={descriptionSv} />
                ))}
              </Stack>
            )}
          </Loaded>
        </Checkbox.Group>
        <Checkbox
          {...form.getInputProps('asksTracking', { type: 'checkbox' })}
          label={t('forms.asksTracking')}
          description={t('forms.asksTrackingHint')}
        />
        <Textarea
          {...form.getInputProps('consentSv')}
          label={t('forms.consentSv')}
          description={t(saved ? 'forms.consentChangeHint' : 'forms.consentHint')}
          autosize
        />
        <Textarea
          {...form.getInputProps('consentEn')}
          label={t('forms.consentEn')}
          lang="en"
          autosize
        />
        <div>
          <Button type="submit" loading={saving.busy}>
            {saved ? t('save') : t('forms.add')}
          </Button>
        </div>
      </Stack>
    </form>
  );
}
