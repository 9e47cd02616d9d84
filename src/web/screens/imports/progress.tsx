import { Alert, Button, Group, Progress as Bar, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { ConfirmButton } from '../../parts/confirm-button';
import { useNumbers } from '../../parts/numbers';
import { ProblemNote } from '../../parts/problem-note';
import { When } from '../../parts/when';
import { Counts } from './counts';
import { isMoving, useStep, type Detail } from './import-queries';

/** What comes of an import that was started: how far it is, and what can still be done about it. */
export function Progress({ detail }: { detail: Detail }) {
  const { t } = useTranslation('imports');
  const { count } = useNumbers();
  const step = useStep(detail.id);
  const { id, state, position, totalRows, progress, counts, fault } = detail;
  const queries = useQueryClient();
  useEffect(() => {
    // Whoever goes on to the contacts sees them with what the file brought, or no longer.
    void queries.invalidateQueries({ queryKey: ['people'] });
  }, [state, queries]);
  const percent = Math.round((progress ?? 0) * 100);
  return (
    <Stack gap="lg">
      <Text role="status" fz="lg">
        {t(`progress.${state}`)}
      </Text>
      {(isMoving(detail) || state === 'paused') && (
        <div>
          <Bar.Root size="lg">
            <Bar.Section value={percent} aria-label={t('progress.bar')} />
          </Bar.Root>
          <Text c="dimmed" mt={4}>
            {t('progress.rows', { done: count(position), all: count(totalRows ?? position) })}
          </Text>
        </div>
      )}
      {fault && (
        <Alert color="red" variant="outline" title={t('state.failed')}>
          {t('progress.fault', { code: fault })}
        </Alert>
      )}
      {step.isError && <ProblemNote error={step.error} />}
      <Counts counts={counts} id={id} />
      <Group>
        {state === 'running' && (
          <Button variant="default" loading={step.isPending} onClick={() => step.mutate('pause')}>
            {t('progress.pause')}
          </Button>
        )}
        {state === 'paused' && (
          <Button loading={step.isPending} onClick={() => step.mutate('resume')}>
            {t('progress.resume')}
          </Button>
        )}
        {state === 'finished' && (
          <Button component={Link} to="/kontakter">
            {t('progress.people')}
          </Button>
        )}
        <Undo detail={detail} step={step} />
      </Group>
    </Stack>
  );
}

function Undo({ detail, step }: { detail: Detail; step: ReturnType<typeof useStep> }) {
  const { t } = useTranslation('imports');
  const { state, undoUntil } = detail;
  if (!['finished', 'failed', 'paused'].includes(state)) return null;
  if (undoUntil && new Date(undoUntil) <= new Date()) return null;
  return (
    <>
      <ConfirmButton
        label={t('undo.act')}
        title={t('undo.title')}
        act={() => step.mutateAsync('undo')}
        busy={step.isPending}
        error={step.error}
      >
        {t('undo.text')}
      </ConfirmButton>
      {undoUntil && (
        <Text c="dimmed" fz="sm">
          {t('undo.until')} <When at={undoUntil} />
        </Text>
      )}
    </>
  );
}
