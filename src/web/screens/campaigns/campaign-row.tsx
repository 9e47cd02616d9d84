import { Anchor, Badge, Button, Group, Paper, Progress, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { IconDeviceMobileMessage, IconMail } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { answer, api, type Answer } from '../../api/client';
import { useSession } from '../../frame/session';
import { useNumbers } from '../../parts/numbers';
import { ProblemNote } from '../../parts/problem-note';
import { useWhen } from '../../parts/when';
import { CAMPAIGNS, type CampaignItem } from './campaign-data';
import { readable, useCampaignWords } from './campaign-words';

const COLOURS: Partial<Record<CampaignItem['state'], string>> = {
  sending: 'blue',
  launching: 'blue',
  finished: 'green',
  paused: 'orange',
  cancelled: 'red',
  expired: 'red',
};

/** One campaign of the list: where it is, for whom, and what one may do with it from here. */
export function CampaignRow({ item }: { item: CampaignItem }) {
  const { t } = useTranslation('campaigns');
  const words = useCampaignWords();
  const Icon = item.channel === 'sms' ? IconDeviceMobileMessage : IconMail;
  return (
    <Paper component="li" withBorder p="md" style={{ listStyle: 'none' }}>
      <Group justify="space-between" align="flex-start" gap="sm">
        <Stack gap={4} style={{ flex: '1 1 16rem', minWidth: 0 }}>
          <Group gap="xs" wrap="nowrap" align="flex-start">
            <Icon size={20} aria-label={t(`channels.${item.channel}`)} style={{ flexShrink: 0 }} />
            <Anchor component={Link} to={linkOf(item)} fw={600}>
              {item.name}
            </Anchor>
          </Group>
          {item.subject !== '' && item.subject !== item.name && (
            <Text fz="sm">{readable(item.subject)}</Text>
          )}
          <Text fz="sm" c="dimmed">
            {words.audience({ ...item, topic: item.topic && words.topic(item.topic) })}
          </Text>
          <Text fz="sm" c="dimmed">
            <TimeOf item={item} />
          </Text>
        </Stack>
        <Stack gap="xs" align="flex-start" style={{ flex: '0 1 16rem' }}>
          <Badge
            variant="outline"
            tt="none"
            color={COLOURS[item.state] ?? 'gray'}
            c="var(--mantine-color-text)"
          >
            {t(`state.${item.state}`)}
          </Badge>
          {item.progress && <HowFar progress={item.progress} active={item.group === 'sending'} />}
          <Actions item={item} />
        </Stack>
      </Group>
    </Paper>
  );
}

const linkOf = ({ id, group, state }: CampaignItem): string =>
  state === 'launching'
    ? `/utskick/${id}/granska`
    : group === 'sending' || group === 'sent'
      ? `/utskick/${id}/rapport`
      : `/utskick/${id}`;

function TimeOf({ item }: { item: CampaignItem }) {
  const { t } = useTranslation('campaigns');
  const words = useCampaignWords();
  const when = useWhen();
  if (item.finishedAt) return t('row.ended', { when: when(item.finishedAt) });
  if (item.launchedAt) return t('row.launched', { when: when(item.launchedAt) });
  if (item.group === 'scheduled' && item.sendAt) {
    return t('row.leaves', { when: words.moment(item.leavesAt ?? item.sendAt, item.timeZone) });
  }
  if (item.group === 'scheduled') return t('row.ready');
  const saved = { when: when(item.updatedAt), name: item.createdByName ?? '' };
  return item.createdByName ? t('row.savedBy', saved) : t('row.saved', saved);
}

function HowFar(props: { progress: Answer<'RunProgress'>; active: boolean }) {
  const { t } = useTranslation('campaigns');
  const { count, share } = useNumbers();
  const { audience, left, withheld } = props.progress;
  const total = Math.max(audience - withheld, 0);
  const words = t('row.sent', { left: count(left), total: count(total) });
  if (!props.active) return <Text fz="sm">{words}</Text>;
  const part = total === 0 ? 1 : left / total;
  return (
    <Stack gap={4} w="100%">
      <Progress.Root size="lg">
        <Progress.Section value={part * 100} aria-label={words} />
      </Progress.Root>
      <Text fz="sm">
        {words} · {share(part)}
      </Text>
    </Stack>
  );
}

function Actions({ item }: { item: CampaignItem }) {
  const { t } = useTranslation('campaigns');
  const { can } = useSession();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const params = { path: { id: item.id } };
  const changed = () => queries.invalidateQueries({ queryKey: CAMPAIGNS });
  const steer = useMutation({
    mutationFn: (what: 'pause' | 'resume') =>
      answer(api.POST(`/api/v1/campaigns/{id}/${what}`, { params })),
    onSettled: changed,
  });
  const duplicate = useMutation({
    mutationFn: () => answer(api.POST('/api/v1/campaigns/{id}/duplicate', { params })),
    onSuccess: async ({ id }) => {
      await changed();
      await navigate(`/utskick/${id}`);
    },
  });
  const about = (what: string) => `${what}: ${item.name}`;
  const error = steer.error ?? duplicate.error;
  return (
    <>
      <Group gap="xs">
        {can('campaigns:send') && item.state === 'sending' && (
          <Button
            size="xs"
            variant="default"
            loading={steer.isPending}
            aria-label={about(t('act.pause'))}
            onClick={() => steer.mutate('pause')}
          >
            {t('act.pause')}
          </Button>
        )}
        {can('campaigns:send') && item.state === 'paused' && (
          <Button
            size="xs"
            variant="default"
            loading={steer.isPending}
            aria-label={about(t('act.resume'))}
            onClick={() => steer.mutate('resume')}
          >
            {t('act.resume')}
          </Button>
        )}
        {can('campaigns:write') && (
          <Button
            size="xs"
            variant="default"
            loading={duplicate.isPending}
            aria-label={about(t('act.duplicate'))}
            onClick={() => duplicate.mutate()}
          >
            {t('act.duplicate')}
          </Button>
        )}
      </Group>
      {error && <ProblemNote error={error} />}
    </>
  );
}
