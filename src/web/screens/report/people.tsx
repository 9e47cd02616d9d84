import { Anchor, Button, Modal, Stack, Table, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { answer, api, type Answer } from '../../api/client';
import { useSession } from '../../frame/session';
import { Busy } from '../../parts/busy';
import { ProblemNote } from '../../parts/problem-note';
import { useWhen } from '../../parts/when';

/** In the address: which people are shown, as STATE or STATE.reason. */
const SHOWN = 'visa';

/** The way from a number to the people behind it, for whoever may see people. */
export function ShowPeople(props: { id: string; state: string; reason?: string; what: string }) {
  const { t } = useTranslation('report');
  const { can } = useSession();
  if (!can('contacts:read')) return null;
  const shown = [props.state, props.reason].filter(Boolean).join('.');
  return (
    <Anchor
      component={Link}
      to={`?${SHOWN}=${shown}`}
      preventScrollReset
      fz="sm"
      aria-label={`${t('measures.people')}: ${props.what}`}
    >
      {t('measures.people')}
    </Anchor>
  );
}

/** The people that the address asks for, over the report. */
export function People({ id }: { id: string }) {
  const { t, i18n } = useTranslation('report');
  const frame = useTranslation('frame');
  const [params, setParams] = useSearchParams();
  const shown = params.get(SHOWN);
  const [state = '', reason] = (shown ?? '').split('.');
  const close = () =>
    setParams((old) => {
      old.delete(SHOWN);
      return old;
    });
  const known = (key: string) => i18n.exists(`report:${key}`);
  const title =
    reason && known(`withheld.reason.${reason}`)
      ? t('people.withheld', { why: t(`withheld.reason.${reason}`) })
      : t(WORDS[state] ?? 'measures.people');
  return (
    <Modal
      opened={shown !== null}
      onClose={close}
      size="44rem"
      title={title}
      closeButtonProps={{ 'aria-label': frame.t('close') }}
    >
      {shown !== null && <List id={id} state={state} reason={reason} />}
    </Modal>
  );
}

const WORDS: Record<string, string> = {
  DELIVERED: 'measures.delivered',
  BOUNCED: 'measures.bounced',
  UNKNOWN: 'unknown.title',
};

function List({ id, state, reason }: { id: string; state: string; reason?: string }) {
  const { t } = useTranslation('report');
  const people = useInfiniteQuery({
    queryKey: ['campaign', id, 'people', state, reason],
    queryFn: ({ pageParam: after, signal }) =>
      answer(
        api.GET('/api/v1/campaigns/{id}/messages', {
          params: { path: { id }, query: { state, reason, after } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
  });
  if (people.isError) return <ProblemNote error={people.error} retry={people.refetch} />;
  if (people.isPending) return <Busy />;
  const rows = people.data.pages.flatMap(({ items }) => items);
  return (
    <Stack>
      <Text c="dimmed" fz="sm">
        {t('people.logged')}
      </Text>
      {rows.length === 0 ? <Text>{t('people.none')}</Text> : <Rows rows={rows} />}
      {people.hasNextPage && (
        <Button
          variant="default"
          loading={people.isFetchingNextPage}
          onClick={() => void people.fetchNextPage()}
        >
          {t('people.more')}
        </Button>
      )}
    </Stack>
  );
}

function Rows({ rows }: { rows: Answer<'MessageRow'>[] }) {
  const { t, i18n } = useTranslation('report');
  const when = useWhen();
  const why = ({ reasonDoor, reasonAt, outcomeCode }: Answer<'MessageRow'>) => {
    if (!reasonDoor || !reasonAt) return outcomeCode ?? '';
    const known = i18n.exists(`report:optOuts.door.${reasonDoor}`) ? reasonDoor : 'other';
    const door = t(`optOuts.door.${known}`, { code: reasonDoor });
    return t('people.at', { door, at: when(reasonAt, 'day') });
  };
  return (
    <Table.ScrollContainer minWidth={420}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('people.name')}</Table.Th>
            <Table.Th>{t('people.address')}</Table.Th>
            <Table.Th>{t('people.why')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={row.id}>
              <Table.Td>
                {row.contactId ? (
                  <Anchor component={Link} to={`/kontakter/${row.contactId}`}>
                    {row.name ?? t('people.unnamed')}
                  </Anchor>
                ) : (
                  t('people.erased')
                )}
              </Table.Td>
              <Table.Td>{row.address}</Table.Td>
              <Table.Td>{why(row)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
