import { Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { answer, api } from '../../api/client';
import { ConfirmButton } from '../../parts/confirm-button';
import { segmentQuery, segmentsQuery, type Segment } from './segment-data';

/** Puts it away; not while somebody asks by it, and then it says who does. */
export function ArchiveSegment({ segment }: { segment: Segment }) {
  const { t } = useTranslation('segments');
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { id, usedBy } = segment;
  const archive = useMutation({
    mutationFn: () => answer(api.DELETE('/api/v1/segments/{id}', { params: { path: { id } } })),
    onSuccess: async () => {
      await navigate('/malgrupper');
      queries.removeQueries({ queryKey: segmentQuery(id).queryKey });
      await queries.invalidateQueries({ queryKey: segmentsQuery.queryKey });
    },
    onError: () => queries.invalidateQueries({ queryKey: segmentQuery(id).queryKey, exact: true }),
  });
  const holding = usedBy.filter(({ holds }) => holds);
  if (holding.length > 0) {
    const names = holding.map(({ name }) => `”${name}”`).join(', ');
    return <Text c="dimmed">{t('archive.held', { names })}</Text>;
  }
  return (
    <ConfirmButton
      label={t('archive.act')}
      title={t('archive.title')}
      act={() => archive.mutateAsync()}
      busy={archive.isPending}
      error={archive.error}
    >
      {t('archive.what')}
    </ConfirmButton>
  );
}
