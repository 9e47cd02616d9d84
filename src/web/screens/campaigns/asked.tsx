import { Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { topicsQuery, type Campaign } from './campaign-data';
import { useCampaignWords } from './campaign-words';

/** Whom a campaign asks for, in words; once it has left, as it was then. */
export function Asked({ campaign }: { campaign: Campaign }) {
  const { i18n } = useTranslation('campaigns');
  const words = useCampaignWords();
  const topics = useQuery(topicsQuery);
  const topic = topics.data?.items.find(({ id }) => id === campaign.topicId);
  return (
    <Stack gap={4}>
      <Text>{words.audience({ ...campaign, topic: topic ? words.topic(topic) : null })}</Text>
      {campaign.segments.map(({ id, name, sentence }) => (
        <Text key={id} fz="sm">
          <strong>{name}:</strong> {i18n.language === 'en' ? sentence.en : sentence.sv}
        </Text>
      ))}
    </Stack>
  );
}
