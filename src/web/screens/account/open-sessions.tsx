import { Button, Stack, Table, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../../api/client';
import { Loaded } from '../../parts/loaded';
import { ProblemNote } from '../../parts/problem-note';
import { When } from '../../parts/when';

export const SESSIONS = ['sessions'] as const;

/** Every browser one is logged in with, and the way to end it there. */
export function OpenSessions() {
  const { t } = useTranslation('account');
  const queries = useQueryClient();
  const sessions = useQuery({
    queryKey: SESSIONS,
    queryFn: ({ signal }) => answer(api.GET('/api/v1/sessions', { signal })),
  });
  const end = useMutation({
    mutationFn: (id: string) => api.DELETE('/api/v1/sessions/{id}', { params: { path: { id } } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: SESSIONS }),
  });
  return (
    <Stack>
      <Title order={2}>{t('sessions.title')}</Title>
      {end.isError && <ProblemNote error={end.error} />}
      <Loaded query={sessions}>
        {({ items }) => (
          <Table.ScrollContainer
            minWidth={460}
            type="native"
            tabIndex={0}
            role="region"
            aria-label={t('sessions.title')}
          >
            <Table>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t('sessions.since')}</Table.Th>
                  <Table.Th>{t('sessions.seen')}</Table.Th>
                  <Table.Th>{t('sessions.act')}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {items.map(({ id, createdAt, lastSeenAt, current }) => (
                  <Table.Tr key={id}>
                    <Table.Td>
                      <When at={createdAt} />
                    </Table.Td>
                    <Table.Td>
                      <When at={lastSeenAt} />
                    </Table.Td>
                    <Table.Td>
                      {current ? (
                        t('sessions.this')
                      ) : (
                        <Button
                          variant="default"
                          size="xs"
                          loading={end.isPending && end.variables === id}
                          onClick={() => end.mutate(id)}
                        >
                          {t('sessions.end')}
                        </Button>
                      )}
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        )}
      </Loaded>
    </Stack>
  );
}
