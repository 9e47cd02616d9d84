import { Text } from '@mantine/core';
import { useIdle } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../../api/client';

const AGAIN_MS = 20_000;
/** Whoever has not touched anything for so long has left it open, and is no longer at it. */
const AWAY_MS = 5 * 60_000;

/** Tells that I am at this draft, and says who else is. */
export function AlsoHere({ id }: { id: string }) {
  const { t, i18n } = useTranslation('campaigns');
  const isAway = useIdle(AWAY_MS, { initialState: false });
  const { data } = useQuery({
    queryKey: ['campaign-editors', id],
    queryFn: () => answer(api.POST('/api/v1/campaigns/{id}/editors', { params: { path: { id } } })),
    enabled: !isAway,
    refetchInterval: AGAIN_MS,
    staleTime: 0,
    gcTime: 0,
  });
  const names = data?.names ?? [];
  return (
    <Text role="status" fz="sm" fw={600} display={names.length === 0 ? 'none' : undefined}>
      {names.length > 0 &&
        t('alsoHere', {
          count: names.length,
          names: new Intl.ListFormat(i18n.language).format(names),
        })}
    </Text>
  );
}
