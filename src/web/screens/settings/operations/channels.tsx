import { Badge, Card, Group, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { answer, api, type Answer } from '../../../api/client';
import { useSession } from '../../../frame/session';
import { ConfirmButton } from '../../../parts/confirm-button';
import { Loaded } from '../../../parts/loaded';
import { When } from '../../../parts/when';
import { CHANNELS } from './operations-queries';

/** Whether each channel sends now, and if not why. */
export function Channels() {
  const { t } = useTranslation('settings');
  const channels = useQuery({
    queryKey: CHANNELS,
    queryFn: ({ signal }) => answer(api.GET('/api/v1/channels', { signal })),
    refetchInterval: 15_000,
  });
  return (
    <Stack component="section" gap="sm" aria-labelledby="channels">
      <Title order={2} id="channels">
        {t('channels.title')}
      </Title>
      <Loaded query={channels}>
        {({ items }) =>
          items.length === 0 ? (
            <Text>{t('channels.none')}</Text>
          ) : (
            items.map((channel) => <Channel key={channel.channel} {...channel} />)
          )
        }
      </Loaded>
    </Stack>
  );
}

function Channel(props: Answer<'ChannelReport'>) {
  const { t, i18n } = useTranslation('settings');
  const { channel, breaker, openedAt, heldBecause, heldAt } = props;
  const mayRelease = useSession().can('operations:manage');
  const queries = useQueryClient();
  const release = useMutation({
    mutationFn: () =>
      api.POST('/api/v1/channels/{channel}/release', { params: { path: { channel } } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: CHANNELS }),
  });
  const state = heldBecause ? 'held' : breaker === 'open' ? 'open' : 'goes';
  const known = heldBecause && i18n.exists(`channels.because.${heldBecause}`, { ns: 'settings' });
  return (
    <Card withBorder>
      <Stack gap="xs">
        <Group justify="space-between">
          <Text fw={500}>{t(`channels.name.${channel}`)}</Text>
          <Badge variant="outline" color={state === 'goes' ? 'green' : 'red'}>
            {t(`channels.${state}`)}
          </Badge>
        </Group>
        {state === 'open' && (
          <Text fz="sm">
            {t('channels.openText')} {openedAt && <When at={openedAt} />}
          </Text>
        )}
        {heldBecause && (
          <Text fz="sm">
            {heldAt && <When at={heldAt} />}:{' '}
            {known ? t(`channels.because.${heldBecause}`) : heldBecause}
          </Text>
        )}
        {/* What holds for an incident is let go by closing the incident, and a full disk by itself. */}
        {heldBecause && !['incident', 'disk_full'].includes(heldBecause) && mayRelease && (
          <div>
            <ConfirmButton
              label={t('channels.release')}
              title={t('channels.releaseTitle')}
              act={() => release.mutateAsync()}
              busy={release.isPending}
              error={release.error}
              button={{ size: 'xs' }}
            >
              {t('channels.releaseText')}
            </ConfirmButton>
          </div>
        )}
      </Stack>
    </Card>
  );
}
