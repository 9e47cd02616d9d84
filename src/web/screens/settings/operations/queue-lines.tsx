import { Alert, Badge, Stack, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { answer, api, type Answer } from '../../../api/client';
import { Loaded } from '../../../parts/loaded';
import { useNumbers } from '../../../parts/numbers';
import { When } from '../../../parts/when';

/** What waits to be done, and since when. */
export function QueueLines() {
  const { t } = useTranslation('settings');
  const queues = useQuery({
    queryKey: ['queues'],
    queryFn: ({ signal }) => answer(api.GET('/api/v1/operations/queues', { signal })),
    refetchInterval: 5_000,
  });
  return (
    <Stack component="section" gap="sm" aria-labelledby="queues">
      <Title order={2} id="queues">
        {t('queues.name')}
      </Title>
      <Text>{t('queues.what')}</Text>
      <Loaded query={queues}>{(overview) => <Overview {...overview} />}</Loaded>
    </Stack>
  );
}

function Overview({ redis, reachable, lines, bells }: Answer<'QueueOverview'>) {
  const { t } = useTranslation('settings');
  const stuck = lines.some((line) => line.stuck > 0);
  const idle = lines.every(({ waiting, running, retrying }) => waiting + running + retrying === 0);
  return (
    <Stack gap="lg">
      <div role="status">
        {stuck ? (
          <Alert color="red" variant="outline" title={t('queues.stuck')}>
            {t('queues.stuckText')}
          </Alert>
        ) : (
          <Text fw={500}>{t(idle ? 'queues.idle' : 'queues.busy')}</Text>
        )}
      </div>
      <Lines lines={lines} />
      <Stack gap="xs">
        <Title order={3}>{t('queues.bells')}</Title>
        <Text>
          {t(!redis ? 'queues.noRedis' : reachable ? 'queues.redis' : 'queues.redisAway')}
        </Text>
        {redis && bells.length > 0 && <Bells bells={bells} />}
      </Stack>
    </Stack>
  );
}

function Lines({ lines }: { lines: Answer<'QueueLine'>[] }) {
  const { t } = useTranslation('settings');
  const { count } = useNumbers();
  return (
    <Table.ScrollContainer
      minWidth={620}
      type="native"
      tabIndex={0}
      role="region"
      aria-label={t('queues.work')}
    >
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('queues.work')}</Table.Th>
            <Table.Th ta="right">{t('queues.waiting')}</Table.Th>
            <Table.Th ta="right">{t('queues.running')}</Table.Th>
            <Table.Th ta="right">{t('queues.retrying')}</Table.Th>
            <Table.Th ta="right">{t('queues.stuckCount')}</Table.Th>
            <Table.Th>{t('queues.oldest')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {lines.map(({ pool, channel, waiting, running, retrying, stuck, oldestAt }) => (
            <Table.Tr key={`${pool} ${channel}`}>
              <Table.Th scope="row" fw={400}>
                {t(`queues.pool.${pool}`)}
                {channel && ` – ${t(`queues.channel.${channel}`)}`}
              </Table.Th>
              <Table.Td ta="right">{count(waiting)}</Table.Td>
              <Table.Td ta="right">{count(running)}</Table.Td>
              <Table.Td ta="right">{count(retrying)}</Table.Td>
              <Table.Td ta="right">
                {stuck > 0 ? <Badge color="red">{count(stuck)}</Badge> : count(0)}
              </Table.Td>
              <Table.Td>{oldestAt ? <When at={oldestAt} /> : '–'}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Bells({ bells }: { bells: Answer<'QueueBells'>[] }) {
  const { t } = useTranslation('settings');
  const { count } = useNumbers();
  return (
    <Table maw="32rem">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('queues.work')}</Table.Th>
          <Table.Th ta="right">{t('queues.waiting')}</Table.Th>
          <Table.Th ta="right">{t('queues.running')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {bells.map(({ pool, waiting, running }) => (
          <Table.Tr key={pool}>
            <Table.Th scope="row" fw={400}>
              {t(`queues.pool.${pool}`)}
            </Table.Th>
            <Table.Td ta="right">{count(waiting)}</Table.Td>
            <Table.Td ta="right">{count(running)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
