import { Anchor, Button, Group, NativeSelect, Stack, Table, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { answer, api, type Answer } from '../../api/client';
import { Loaded } from '../../parts/loaded';
import { Nothing } from '../../parts/nothing';
import { When } from '../../parts/when';
import { DeskPage } from './desk-page';

type Case = Answer<'CaseView'>;
const STATES = ['open', 'closed'] as const;
const KINDS = ['stop', 'question', 'rights', 'other'] as const;

/** What people told us, the newest first; open ones unless one asks for others. */
export function Cases() {
  const { t } = useTranslation('desk');
  const [params, setParams] = useSearchParams();
  const state = STATES.find((one) => one === (params.get('lage') ?? 'open'));
  const kind = KINDS.find((one) => one === params.get('sort'));
  const cases = useInfiniteQuery({
    queryKey: ['cases', state, kind],
    queryFn: ({ pageParam, signal }) =>
      answer(
        api.GET('/api/v1/service-desk/cases', {
          params: {
            query: {
              ...(state && { state }),
              ...(kind && { kind }),
              ...(pageParam && { cursor: pageParam }),
            },
          },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
  });
  const choose = (name: string) => (event: { currentTarget: { value: string } }) => {
    const { value } = event.currentTarget;
    setParams((now) => (now.set(name, value), now), { replace: true });
  };
  return (
    <DeskPage>
      <Stack>
        <Group gap="sm">
          <NativeSelect
            label={t('cases.state')}
            value={params.get('lage') ?? 'open'}
            onChange={choose('lage')}
            data={[
              ...STATES.map((value) => ({ value, label: t(`cases.states.${value}`) })),
              { value: 'alla', label: t('cases.all') },
            ]}
          />
          <NativeSelect
            label={t('openCase.kind')}
            value={kind ?? ''}
            onChange={choose('sort')}
            data={[
              { value: '', label: t('cases.all') },
              ...KINDS.map((value) => ({ value, label: t(`kind.${value}`) })),
            ]}
          />
        </Group>
        <Loaded query={cases}>
          {({ pages }) => {
            const items = pages.flatMap((page) => page.items);
            if (items.length === 0)
              return <Nothing title={t('cases.none')} text={t('cases.noneText')} />;
            return (
              <>
                <CaseTable cases={items} />
                {cases.hasNextPage && (
                  <Group justify="center">
                    <Button variant="default" onClick={() => void cases.fetchNextPage()}>
                      {t('cases.more')}
                    </Button>
                  </Group>
                )}
              </>
            );
          }}
        </Loaded>
      </Stack>
    </DeskPage>
  );
}

function CaseTable({ cases }: { cases: Case[] }) {
  const { t } = useTranslation('desk');
  return (
    <Table.ScrollContainer minWidth={640}>
      <Table verticalSpacing="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('cases.reference')}</Table.Th>
            <Table.Th>{t('cases.about')}</Table.Th>
            <Table.Th>{t('openCase.kind')}</Table.Th>
            <Table.Th>{t('cases.opened')}</Table.Th>
            <Table.Th>{t('cases.state')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {cases.map((one) => (
            <Table.Tr key={one.id}>
              <Table.Td>
                <Anchor component={Link} to={`/kundtjanst/arenden/${one.id}`}>
                  {one.reference}
                </Anchor>
              </Table.Td>
              <Table.Td>{one.address ?? one.words?.slice(0, 60) ?? '–'}</Table.Td>
              <Table.Td>{t(`kind.${one.kind}`)}</Table.Td>
              <Table.Td>
                <When at={one.openedAt} />
              </Table.Td>
              <Table.Td>
                <Text>{t(one.closedAs ? `closedAs.${one.closedAs}` : `state.${one.state}`)}</Text>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
