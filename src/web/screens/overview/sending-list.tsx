import { Anchor, Card, Group, Progress, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Answer } from '../../api/client';
import { useNumbers } from '../../parts/numbers';

/** Absent when nothing is sent. */
export function SendingList({ sending }: { sending: Answer<'SendingNow'>[] }) {
  const { t } = useTranslation('overview');
  if (sending.length === 0) return null;
  return (
    <Stack component="section" gap="sm" aria-labelledby="sending">
      <Title order={2} id="sending">
        {t('sending.title')}
      </Title>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        {sending.map((run) => (
          <Run key={run.campaignId} run={run} />
        ))}
      </SimpleGrid>
    </Stack>
  );
}

function Run({ run }: { run: Answer<'SendingNow'> }) {
  const { t } = useTranslation('overview');
  const { count, about } = useNumbers();
  const { campaignId, name, state, left, pending, perMinute } = run;
  const all = left + pending;
  return (
    <Card withBorder>
      <Stack gap="xs">
        <Group justify="space-between">
          <Text fw={600}>{name}</Text>
          <Anchor
            component={Link}
            to={`/utskick/${campaignId}/rapport`}
            aria-label={`${t('sending.open')}: ${name}`}
          >
            {t('sending.open')}
          </Anchor>
        </Group>
        <Progress
          value={all > 0 ? (left / all) * 100 : 0}
          aria-label={t('sending.bar', { name })}
        />
        <Text fz="sm">
          {t('sending.of', { left: count(left), all: count(all) })}
          {state === 'paused'
            ? `. ${t('sending.paused')}.`
            : perMinute > 0 && `, ${t('sending.pace', { n: about(perMinute) })}.`}
        </Text>
      </Stack>
    </Card>
  );
}
