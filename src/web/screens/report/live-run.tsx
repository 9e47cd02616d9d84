import {
  Alert,
  Button,
  Card,
  Group,
  Progress,
  Stack,
  Text,
  Title,
  VisuallyHidden,
} from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Answer } from '../../api/client';
import { useSession } from '../../frame/session';
import { ConfirmButton } from '../../parts/confirm-button';
import { Loaded } from '../../parts/loaded';
import { useNumbers } from '../../parts/numbers';
import { ProblemNote } from '../../parts/problem-note';
import { useWhen } from '../../parts/when';

type Live = Answer<'LiveProgress'>;

const EVERY_MS = 2_000;
const MOVING = ['launching', 'launched', 'sending'];

const isMoving = ({ state, counts }: Live) =>
  MOVING.includes(state) || (counts?.buckets.in_flight ?? 0) > 0;

/** A run while it goes: how far, how fast, how long, and the brakes. Gone when it has ended. */
export function LiveRun({ id }: { id: string }) {
  const queries = useQueryClient();
  const live = useQuery({
    queryKey: ['campaign', id, 'progress'],
    queryFn: ({ signal }) =>
      answer(api.GET('/api/v1/campaigns/{id}/progress', { params: { path: { id } }, signal })),
    refetchInterval: ({ state: { data } }) => (data && isMoving(data) ? EVERY_MS : false),
  });
  // With the phase the report's numbers change: also when what was on its way at a stop has arrived.
  const phase = live.data && `${live.data.state} ${isMoving(live.data)}`;
  useEffect(() => {
    if (phase) void queries.invalidateQueries({ queryKey: ['campaign', id, 'report'] });
  }, [phase, id, queries]);
  return (
    <Loaded query={live}>
      {(data) => (isMoving(data) || data.state === 'paused') && <Run id={id} live={data} />}
    </Loaded>
  );
}

function Run({ id, live }: { id: string; live: Live }) {
  const { t } = useTranslation('report');
  const { count } = useNumbers();
  const { can } = useSession();
  const moment = useWhen();
  const { state, counts, heldBecause, providerAway, waits } = live;
  if (!counts) {
    return (
      <Card withBorder component="section">
        <Text role="status">{t('live.starting')}</Text>
      </Card>
    );
  }
  const { pending, withheld, cancelled, in_flight: inFlight } = counts.buckets;
  const all = counts.audience - withheld - cancelled;
  const left = all - pending;
  const percent = all > 0 ? Math.floor((left / all) * 100) : 0;
  // Spoken at every tenth only, or nobody could listen to anything else.
  const spoken = t('live.spoken', {
    state: t(`state.${state}`),
    percent: Math.floor(percent / 10) * 10,
  });
  return (
    <Card withBorder component="section" aria-labelledby="live">
      <Stack gap="sm">
        <Title order={2} id="live">
          {t('live.title')}
        </Title>
        {heldBecause && <Held why={heldBecause} />}
        {providerAway && <Alert color="orange">{t('live.away')}</Alert>}
        {waits && (
          <Alert color="blue">
            {t('live.waits', { from: waits.from, to: waits.to, when: moment(waits.until) })}
          </Alert>
        )}
        <Progress value={percent} size="lg" aria-label={t('live.bar')} />
        <VisuallyHidden role="status">{spoken}</VisuallyHidden>
        <Text fz="lg">{t('live.of', { count: left, left: count(left), all: count(all) })}</Text>
        <Text c="dimmed">
          {state === 'paused' ? t('live.paused') : <Pace live={live} />}
          {inFlight > 0 && ` ${t('live.inFlight', { count: inFlight, n: count(inFlight) })}.`}
        </Text>
        {can('campaigns:send') && <Brakes id={id} live={live} left={left} />}
      </Stack>
    </Card>
  );
}

function Held({ why }: { why: string }) {
  const { t, i18n } = useTranslation('report');
  const key = i18n.exists(`report:live.heldBecause.${why}`) ? why : 'other';
  return (
    <Alert color="red">
      {t('live.held', { why: t(`live.heldBecause.${key}`, { code: why }) })}
    </Alert>
  );
}

function Pace({ live: { perMinute, secondsLeft } }: { live: Live }) {
  const { t } = useTranslation('report');
  const { about } = useNumbers();
  if (perMinute === 0) return null;
  const parts = [t('live.pace', { n: about(perMinute) })];
  if (secondsLeft !== null) parts.push(t('live.left', { time: inWords(secondsLeft, t) }));
  return `${parts.join(', ')}.`;
}

/** Rounded up, as one says it. */
function inWords(seconds: number, t: (key: string, values: { count: number }) => string): string {
  if (seconds < 60) return t('live.seconds', { count: Math.ceil(seconds / 10) * 10 });
  if (seconds < 5_400) return t('live.minutes', { count: Math.ceil(seconds / 60) });
  return t('live.hours', { count: Math.ceil(seconds / 3_600) });
}

function Brakes({ id, live, left }: { id: string; live: Live; left: number }) {
  const { t } = useTranslation('report');
  const { count } = useNumbers();
  const queries = useQueryClient();
  const steer = useMutation({
    mutationFn: async (act: 'pause' | 'resume' | 'cancel') => {
      const params = { params: { path: { id } } };
      if (act === 'pause') await api.POST('/api/v1/campaigns/{id}/pause', params);
      else if (act === 'resume') await api.POST('/api/v1/campaigns/{id}/resume', params);
      else await api.POST('/api/v1/campaigns/{id}/cancel', params);
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['campaign', id] }),
  });
  const pending = live.counts?.buckets.pending ?? 0;
  const next = live.state === 'paused' ? 'resume' : 'pause';
  return (
    <Stack gap="sm">
      {steer.isError && steer.variables !== 'cancel' && <ProblemNote error={steer.error} />}
      <Group gap="sm">
        {['sending', 'paused'].includes(live.state) && (
          <Button
            variant={next === 'resume' ? 'filled' : 'default'}
            loading={steer.isPending && steer.variables !== 'cancel'}
            onClick={() => steer.mutate(next)}
          >
            {t(`live.${next}`)}
          </Button>
        )}
        <ConfirmButton
          label={t('live.cancel')}
          title={t('live.cancelTitle')}
          act={() => steer.mutateAsync('cancel')}
          busy={steer.isPending}
          error={steer.variables === 'cancel' ? steer.error : null}
        >
          <p>{t('live.cancelGone', { count: left, n: count(left) })}</p>
          <p>{t('live.cancelRest', { count: pending, n: count(pending) })}</p>
        </ConfirmButton>
      </Group>
    </Stack>
  );
}
