import { Badge, Button, Card, Group, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Answer } from '../../../api/client';
import { ConfirmButton } from '../../../parts/confirm-button';
import { ProblemNote } from '../../../parts/problem-note';
import { When } from '../../../parts/when';
import { Deliveries, Outcome } from './deliveries';
import { ENDPOINTS, textOf } from './endpoints-query';

interface EndpointProps {
  endpoint: Answer<'WebhookEndpoint'>;
  showSecret: (secret: string) => void;
}

/** One system that is told: how that goes, and what can be done about it. */
export function Endpoint({ endpoint, showSecret }: EndpointProps) {
  const { t } = useTranslation('settings');
  const [looking, setLooking] = useState(false);
  const { id, url, events, failingSince, pausedAt, previousUntil, waiting, last } = endpoint;
  const path = { params: { path: { id } } };
  const queries = useQueryClient();
  const after = { onSettled: () => queries.invalidateQueries({ queryKey: ENDPOINTS }) };
  const test = useMutation({
    mutationFn: () => answer(api.POST('/api/v1/webhook-endpoints/{id}/test', path)),
    ...after,
  });
  const pause = useMutation({
    mutationFn: (paused: boolean) =>
      answer(api.PATCH('/api/v1/webhook-endpoints/{id}', { ...path, body: { paused } })),
    ...after,
  });
  const rotate = useMutation({
    mutationFn: () => answer(api.POST('/api/v1/webhook-endpoints/{id}/secret', path)),
    onSuccess: ({ secret }) => showSecret(secret),
    ...after,
  });
  const remove = useMutation({
    mutationFn: () => api.DELETE('/api/v1/webhook-endpoints/{id}', path),
    ...after,
  });
  const answers = last?.deliveredAt ? 'works' : 'untried';
  const state = pausedAt ? 'paused' : failingSince ? 'failing' : answers;
  const colour = { paused: 'gray', failing: 'red', works: 'green', untried: 'gray' }[state];
  const problem = test.error ?? pause.error;
  return (
    <Card withBorder component="section" aria-label={url}>
      <Stack gap="xs">
        <Group justify="space-between">
          <Title order={2} fz="h4" style={{ overflowWrap: 'anywhere' }}>
            {url}
          </Title>
          <Badge variant="outline" color={colour}>
            {t(`endpoints.state.${state}`)}
          </Badge>
        </Group>
        <Text fz="sm" c="dimmed">
          {events.map((event) => t(`endpoints.event.${textOf(event)}`)).join(' · ')}
        </Text>
        {failingSince && (
          <Text fz="sm" c="var(--mantine-color-error)">
            {t('endpoints.failing')} <When at={failingSince} />.
          </Text>
        )}
        {last ? <Outcome delivery={last} /> : <Text fz="sm">{t('endpoints.never')}</Text>}
        {waiting > 0 && <Text fz="sm">{t('endpoints.waiting', { count: waiting })}</Text>}
        {previousUntil && (
          <Text fz="sm">
            {t('endpoints.oldSecret')} <When at={previousUntil} />.
          </Text>
        )}
        {problem !== null && <ProblemNote error={problem} />}
        <Group gap="xs">
          <Button
            variant="default"
            size="xs"
            loading={test.isPending}
            onClick={() => test.mutate()}
          >
            {t('endpoints.test')}
          </Button>
          <Button variant="default" size="xs" onClick={() => setLooking(true)}>
            {t('endpoints.log')}
          </Button>
          <Button
            variant="default"
            size="xs"
            loading={pause.isPending}
            onClick={() => pause.mutate(!pausedAt)}
          >
            {t(pausedAt ? 'endpoints.resume' : 'endpoints.pause')}
          </Button>
          <ConfirmButton
            label={t('endpoints.rotate')}
            title={t('endpoints.rotateTitle')}
            act={() => rotate.mutateAsync()}
            busy={rotate.isPending}
            error={rotate.error}
            button={{ size: 'xs' }}
          >
            {t('endpoints.rotateText')}
          </ConfirmButton>
          <ConfirmButton
            label={t('endpoints.remove')}
            title={t('endpoints.removeTitle')}
            act={() => remove.mutateAsync()}
            busy={remove.isPending}
            error={remove.error}
            button={{ size: 'xs' }}
          >
            {t('endpoints.removeText', { url })}
          </ConfirmButton>
        </Group>
      </Stack>
      {looking && <Deliveries endpointId={id} close={() => setLooking(false)} />}
    </Card>
  );
}
