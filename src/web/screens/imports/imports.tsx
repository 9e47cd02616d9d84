import { Anchor, Button, Group, Stack, Table, Text } from '@mantine/core';
import { IconUpload } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { answer, api } from '../../api/client';
import { Loaded } from '../../parts/loaded';
import { Nothing } from '../../parts/nothing';
import { useNumbers } from '../../parts/numbers';
import { Page } from '../../parts/page';
import { When } from '../../parts/when';
import { IMPORTS, isMoving, type Import } from './import-queries';

/** Files of people that were brought in, the newest first. */
export function Imports() {
  const { t } = useTranslation('imports');
  const imports = useInfiniteQuery({
    queryKey: IMPORTS,
    queryFn: ({ pageParam, signal }) =>
      answer(
        api.GET('/api/v1/imports', {
          params: { query: pageParam ? { cursor: pageParam } : {} },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
    refetchInterval: ({ state: { data } }) =>
      data?.pages.some(({ items }) => items.some(isMoving)) ? 2_000 : false,
  });
  const begin = (
    <Button
      component={Link}
      to="/kontakter/import/ny"
      leftSection={<IconUpload size={18} aria-hidden />}
    >
      {t('list.new')}
    </Button>
  );
  return (
    <Page title={t('title')} back={{ to: '/kontakter', name: t('people') }} actions={begin}>
      <Loaded query={imports}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0)
            return <Nothing title={t('list.none')} text={t('list.noneText')} />;
          return (
            <Stack>
              <ImportTable imports={items} />
              {imports.hasNextPage && (
                <Group justify="center">
                  <Button variant="default" onClick={() => void imports.fetchNextPage()}>
                    {t('list.more')}
                  </Button>
                </Group>
              )}
            </Stack>
          );
        }}
      </Loaded>
    </Page>
  );
}

function ImportTable({ imports }: { imports: Import[] }) {
  const { t } = useTranslation('imports');
  const { count, share } = useNumbers();
  return (
    <Table.ScrollContainer minWidth={680}>
      <Table verticalSpacing="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('list.file')}</Table.Th>
            <Table.Th>{t('list.kind')}</Table.Th>
            <Table.Th>{t('list.when')}</Table.Th>
            <Table.Th>{t('list.rows')}</Table.Th>
            <Table.Th>{t('list.state')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {imports.map((one) => (
            <Table.Tr key={one.id}>
              <Table.Td>
                <Anchor component={Link} to={`/kontakter/import/${one.id}`}>
                  {one.fileName}
                </Anchor>
              </Table.Td>
              <Table.Td>{t(`kind.${one.kind}.name`)}</Table.Td>
              <Table.Td>
                <When at={one.createdAt} />
              </Table.Td>
              <Table.Td>{one.totalRows !== null && count(one.totalRows)}</Table.Td>
              <Table.Td>
                <Text>
                  {t(`state.${one.state}`)}
                  {isMoving(one) && one.progress !== null && ` ${share(one.progress)}`}
                </Text>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
