import { Card, Group, List, Stack, Text, ThemeIcon } from '@mantine/core';
import { IconCheck, IconMail, IconMessage, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Answer } from '../../api/client';
import { When } from '../../parts/when';

type Explained = Answer<'Explanation'>['addresses'][number];

/** For every address: may we write there, in one sentence, and topic by topic. */
export function Standing(props: { standing: Answer<'Explanation'>; contact: Answer<'Contact'> }) {
  const { standing, contact } = props;
  if (standing.addresses.length === 0) return <Text>{standing.sentence}</Text>;
  // Both list the addresses channel by channel; within one the registry's order is another.
  const shown = new Map(standing.addresses.map((one) => [one, wholeAddress(one, contact)]));
  return (
    <Stack>
      {standing.addresses.map((one) => (
        <AddressCard key={one.addressKey} explained={one} address={shown.get(one) ?? null} />
      ))}
    </Stack>
  );
}

/** The registry masks addresses; where a channel has only one, it is that one. */
function wholeAddress(
  { channel, address }: Explained,
  { addresses }: Answer<'Contact'>,
): string | null {
  const held = addresses.filter((one) => one.channel === channel);
  return held.length === 1 ? held[0]!.value : address;
}

function AddressCard({ explained, address }: { explained: Explained; address: string | null }) {
  const { t } = useTranslation('people');
  const { channel, sentence, topics } = explained;
  const gets = topics.some(({ allowed }) => allowed);
  const Icon = channel === 'email' ? IconMail : IconMessage;
  return (
    <Card withBorder padding="md">
      <Stack gap="sm">
        <Group gap="xs" wrap="nowrap">
          <Icon size={18} aria-hidden />
          <Text fw={600}>{address ?? t(`channel.${channel}`)}</Text>
        </Group>
        <Group gap="sm" wrap="nowrap" align="flex-start">
          <ThemeIcon size="sm" radius="xl" variant="light" color={gets ? 'green' : 'red'} mt={2}>
            {gets ? <IconCheck size={14} aria-hidden /> : <IconX size={14} aria-hidden />}
          </ThemeIcon>
          <Text>{sentence}</Text>
        </Group>
        {topics.length > 1 && (
          <details>
            <Text component="summary" c="dimmed" fz="sm" style={{ cursor: 'pointer' }}>
              {t('standing.topics')}
            </Text>
            <List size="sm" mt="xs" spacing={4}>
              {topics.map((topic) => (
                <List.Item key={topic.topicId}>{topic.sentence}</List.Item>
              ))}
            </List>
          </details>
        )}
        <Since topics={topics} />
      </Stack>
    </Card>
  );
}

/** When what stands in the way began, to the minute: what somebody on the phone asks for. */
function Since({ topics }: { topics: Explained['topics'] }) {
  const { t } = useTranslation('people');
  const [since] = topics.flatMap((topic) => topic.since ?? []);
  if (!since) return null;
  return (
    <Text c="dimmed" fz="sm">
      {t('standing.since')} <When at={since} />
    </Text>
  );
}
