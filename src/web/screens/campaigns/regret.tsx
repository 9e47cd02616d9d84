import { Button, Group, Text, Title, VisuallyHidden } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { answer, api } from '../../api/client';
import { useSession } from '../../frame/session';
import { ProblemNote } from '../../parts/problem-note';
import { CAMPAIGNS, type Campaign } from './campaign-data';
import { Note } from './note';

/** Launched: for a while it can be taken back, then it is on its way. */
export function Regret({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation('campaigns');
  const { can } = useSession();
  const queries = useQueryClient();
  const heading = useRef<HTMLHeadingElement>(null);
  const left = useSecondsUntil(campaign.leavesAt);
  const isGone = campaign.state === 'launched';
  // The button that was pressed is no longer there.
  useEffect(() => heading.current?.focus(), []);
  const withdraw = useMutation({
    mutationFn: () =>
      answer(
        api.POST('/api/v1/campaigns/{id}/withdraw', { params: { path: { id: campaign.id } } }),
      ),
    onSuccess: () => notifications.show({ message: t('regret.done') }),
    onSettled: () => queries.invalidateQueries({ queryKey: CAMPAIGNS }),
  });
  return (
    <Note>
      <Title order={2} fz="h3" ref={heading} tabIndex={-1}>
        {t(isGone ? 'regret.gone' : 'regret.title')}
      </Title>
      {!isGone && (
        <>
          <Text aria-hidden>
            {left > 0 ? t('regret.left', { count: left }) : t('regret.starting')}
          </Text>
          <VisuallyHidden role="status">
            {left > 0 ? t('regret.left', { count: spoken(left) }) : t('regret.starting')}
          </VisuallyHidden>
        </>
      )}
      <Group>
        {!isGone && can('campaigns:write') && (
          <Button size="md" loading={withdraw.isPending} onClick={() => withdraw.mutate()}>
            {t('regret.button')}
          </Button>
        )}
        {isGone && (
          <Button component={Link} to={`/utskick/${campaign.id}/rapport`}>
            {t('act.report')}
          </Button>
        )}
      </Group>
      {withdraw.isError && <ProblemNote error={withdraw.error} />}
    </Note>
  );
}

/** Said aloud every twenty seconds and at ten, not every second. */
const spoken = (left: number): number => (left <= 10 ? 10 : Math.ceil(left / 20) * 20);

function useSecondsUntil(instant: string | null): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return instant === null ? 0 : Math.max(0, Math.ceil((Date.parse(instant) - now) / 1_000));
}
