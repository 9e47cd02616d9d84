import { Button, Group, Modal, NativeSelect, Radio, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { answer, api, type Answer } from '../../api/client';
import { asProblem } from '../../api/problem';
import { ProblemNote } from '../../parts/problem-note';
import { CAMPAIGNS, templatesQuery, topicsQuery } from './campaign-data';
import { useCampaignWords } from './campaign-words';

/** The few things a campaign begins with; the rest is on its own page. */
export function NewCampaign(props: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation('campaigns');
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title={t('new.title')}
      closeButtonProps={{ 'aria-label': t('act.close') }}
      centered
    >
      <Form onClose={props.onClose} />
    </Modal>
  );
}

function Form({ onClose }: { onClose: () => void }) {
  const { t, i18n } = useTranslation('campaigns');
  const words = useCampaignWords();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const topics = useQuery(topicsQuery);
  const templates = useQuery(templatesQuery);
  const form = useForm({
    initialValues: { name: '', channel: 'email', topicId: '', templateKey: '' },
    validate: { name: (name) => (name.trim() === '' ? t('new.nameMissing') : null) },
  });
  const create = useMutation({
    mutationFn: ({ name, channel, topicId, templateKey }: typeof form.values) =>
      answer(
        api.POST('/api/v1/campaigns', {
          body: {
            name: name.trim(),
            channel: channel as 'email' | 'sms',
            ...(topicId && { topicId }),
            ...(templateKey && { templateKey }),
          } as Answer<'CreateCampaignDto'>,
        }),
      ),
    onSuccess: async ({ id }) => {
      await queries.invalidateQueries({ queryKey: CAMPAIGNS });
      await navigate(`/utskick/${id}`);
    },
    onError: (error) => form.setErrors(asProblem(error).byField(({ message }) => message)),
  });
  const { channel } = form.values;
  const fitting = templates.data?.filter((template) => template.channel === channel) ?? [];
  return (
    <form onSubmit={form.onSubmit((values) => create.mutate(values))}>
      <Stack>
        {create.isError && <ProblemNote error={create.error} />}
        <TextInput
          {...form.getInputProps('name')}
          label={t('new.name')}
          description={t('new.nameHint')}
          maxLength={200}
          data-autofocus
          required
        />
        <Radio.Group
          {...form.getInputProps('channel')}
          label={t('channel')}
          onChange={(channel) => form.setValues({ channel, templateKey: '' })}
        >
          <Group pt="xs">
            <Radio value="email" label={t('channels.email')} />
            <Radio value="sms" label={t('channels.sms')} />
          </Group>
        </Radio.Group>
        <NativeSelect
          {...form.getInputProps('topicId')}
          label={t('topic.label')}
          description={t('topic.hint')}
          data={[
            { value: '', label: t('topic.later') },
            ...(topics.data?.items.map((topic) => ({
              value: topic.id,
              label: words.topic(topic),
            })) ?? []),
          ]}
        />
        <NativeSelect
          {...form.getInputProps('templateKey')}
          label={t('new.template')}
          data={[
            { value: '', label: t('new.empty') },
            ...fitting.map(({ key, nameSv, nameEn }) => ({
              value: key,
              label: i18n.language === 'en' ? nameEn : nameSv,
            })),
          ]}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('act.cancel')}
          </Button>
          <Button type="submit" loading={create.isPending}>
            {t('new.create')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
