import { VisuallyHidden } from '@mantine/core';
import { useIdle } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../api/client';
import { WAITING } from '../api/queries';
import { useNumbers } from '../parts/numbers';

interface Waits {
  count: number;
  words: string;
}

/** Whoever has touched nothing for so long is not asked for: an open window must not keep a session alive. */
const AWAY_MS = 5 * 60_000;

/** What waits for the person, by the entry of the menu that leads to it. */
export function useWaiting(): Partial<Record<string, Waits>> {
  const { t } = useTranslation('frame');
  const isAway = useIdle(AWAY_MS, { initialState: false });
  const { data } = useQuery({
    queryKey: WAITING,
    queryFn: ({ signal }) => answer(api.GET('/api/v1/overview/waiting', { signal })),
    enabled: !isAway,
    refetchInterval: 60_000,
  });
  const waits = (...names: ('approvals' | 'replies' | 'cases')[]) => {
    const some = names.flatMap((name) => (data?.[name] ? [{ name, count: data[name] }] : []));
    if (some.length === 0) return undefined;
    return {
      count: some.reduce((sum, { count }) => sum + count, 0),
      words: some.map(({ name, count }) => t(`waiting.${name}`, { count })).join(', '),
    };
  };
  return { campaigns: waits('approvals'), desk: waits('replies', 'cases') };
}

export function WaitingCount({ count, words }: Waits) {
  const number = useNumbers().count(count);
  return (
    <span className="waiting" title={words}>
      <span aria-hidden>{number}</span>
      <VisuallyHidden>{words}</VisuallyHidden>
    </span>
  );
}
