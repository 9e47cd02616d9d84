import { Checkbox, Group, NativeSelect, Radio, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Arithmetic } from './arithmetic';
import { topicsQuery, type Campaign } from './campaign-data';
import { useCampaignWords } from './campaign-words';
import { Card } from './card';
import type { CardProps } from './card-props';
import { OrganisationChoice } from './organisation-choice';
import { SegmentChoice } from './segment-choice';

const KINDS = ['company_contact', 'learner', 'newsletter_subscriber', 'support_contact'];

/** Whom it is for, and who of them gets it. `campaign` is what is saved: that is what was counted. */
export function RecipientsCard({ campaign, draft, faults }: CardProps & { campaign: Campaign }) {
  const { t } = useTranslation('campaigns');
  const words = useCampaignWords();
  const topics = useQuery(topicsQuery);
  const { topicId, audience } = draft.values;
  const ask = (changes: Partial<typeof audience>) =>
    draft.change({ audience: { ...audience, ...changes } });
  const topic = topics.data?.items.find(({ id }) => id === topicId);
  return (
    <Card title={t('card.recipients')} help="topic" faults={faults}>
      <Stack>
        <NativeSelect
          label={t('topic.label')}
          description={t('topic.hint')}
          maw="32rem"
          value={topicId ?? ''}
          onChange={({ currentTarget }) => draft.change({ topicId: currentTarget.value || null })}
          data={[
            { value: '', label: t('topic.choose') },
            ...(topics.data?.items.map((topic) => ({
              value: topic.id,
              label: words.topic(topic),
            })) ?? []),
          ]}
        />
        <Radio.Group
          label={t('audience.label')}
          value={audience.members}
          onChange={(members) => ask({ members: members as 'topic' | 'everyone' })}
        >
          <Stack gap="xs" pt="xs">
            <Radio
              value="topic"
              label={t('audience.topic', { topic: topic ? words.topic(topic) : '…' })}
            />
            <Radio
              value="everyone"
              label={t('audience.everyone')}
              description={t('audience.everyoneHint')}
            />
          </Stack>
        </Radio.Group>
        <Checkbox.Group
          label={t('audience.kinds')}
          description={t('audience.all')}
          value={audience.kinds}
          onChange={(kinds) => ask({ kinds })}
        >
          <Group pt="xs">
            {KINDS.map((kind) => (
              <Checkbox key={kind} value={kind} label={t(`kind.${kind}`)} />
            ))}
          </Group>
        </Checkbox.Group>
        <Checkbox.Group
          label={t('audience.languages')}
          description={t('audience.all')}
          value={audience.languages}
          onChange={(languages) => ask({ languages })}
        >
          <Group pt="xs">
            <Checkbox value="sv" label={t('language.sv')} />
            <Checkbox value="en" label={t('language.en')} />
          </Group>
        </Checkbox.Group>
        <OrganisationChoice
          chosen={audience.organisationIds}
          known={campaign.organisations}
          onChange={(organisationIds) => ask({ organisationIds })}
        />
        <SegmentChoice
          chosen={audience.segments}
          known={campaign.segments}
          onChange={(segments) => ask({ segments })}
        />
        <Arithmetic campaign={campaign} />
      </Stack>
    </Card>
  );
}
