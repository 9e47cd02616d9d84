import { Button, Group, NativeSelect, Skeleton, Stack, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconDownload } from '@tabler/icons-react';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { answer, api } from '../../api/client';
import { Loaded } from '../../parts/loaded';
import { Nothing } from '../../parts/nothing';
import { useNumbers } from '../../parts/numbers';
import { Page } from '../../parts/page';
import { csvOf, saveFile } from './csv-file';
import { byKey, monthsBack, SHOWN_KINDS, type TrendLine } from './trend-lines';

const LinesChart = lazy(async () => ({ default: (await import('./lines-chart')).LinesChart }));
const BarsChart = lazy(async () => ({ default: (await import('./bars-chart')).BarsChart }));

const GROUPS = ['month', 'course', 'organisation'] as const;
type GroupName = (typeof GROUPS)[number];
const SPANS = ['6', '12', '24', '36'];
/** A chart of more bars than this is a wall. */
const BARS = 10;

/** How much is learned, in counts that nobody is in. */
export function Trends() {
  const { t } = useTranslation('segments');
  const [search, setSearch] = useSearchParams();
  const by = GROUPS.find((name) => name === search.get('per')) ?? 'month';
  const span = SPANS.find((months) => months === search.get('manader')) ?? '12';
  const { from, to } = monthsBack(Number(span), new Date());
  const trends = useQuery({
    queryKey: ['trends', by, from, to],
    queryFn: ({ signal }) =>
      answer(api.GET('/api/v1/learning/trends', { params: { query: { by, from, to } }, signal })),
  });
  const set = (name: string, value: string) =>
    setSearch(
      (before) => {
        before.set(name, value);
        return before;
      },
      { replace: true },
    );
  return (
    <Page title={t('trends.title')} back={{ to: '/malgrupper', name: t('list.title') }}>
      <Text>{t('trends.what')}</Text>
      <Group align="end">
        <NativeSelect
          label={t('trends.by')}
          value={by}
          onChange={({ currentTarget }) => set('per', currentTarget.value)}
          data={GROUPS.map((value) => ({ value, label: t(`trends.${value}`) }))}
        />
        <NativeSelect
          label={t('trends.span')}
          value={span}
          onChange={({ currentTarget }) => set('manader', currentTarget.value)}
          data={SPANS.map((value) => ({ value, label: t('trends.months', { months: value }) }))}
        />
      </Group>
      <Loaded query={trends}>
        {({ items }) => {
          const lines = byKey(items, by === 'month' ? { from, to } : null);
          return items.length === 0 ? (
            <Nothing title={t('trends.none')} text={t('trends.noneText')} />
          ) : (
            <Shown lines={lines} by={by} />
          );
        }}
      </Loaded>
    </Page>
  );
}

function Shown({ lines, by }: { lines: TrendLine[]; by: GroupName }) {
  const { t } = useTranslation('segments');
  const { count } = useNumbers();
  const nameOf = ({ key, name }: TrendLine) =>
    by === 'month' ? key! : (name ?? t(`trends.no.${by}`));
  const columns = SHOWN_KINDS.map((key) => ({ key, name: t(`trends.kind.${key}`) }));
  const told = (value: number | null) => (value === null ? t('trends.few') : count(value));
  const points = lines.map((line) => ({
    at: nameOf(line),
    enrolled: line.enrolled,
    completed: line.completed,
  }));
  const save = () =>
    saveFile(
      `trender-${by}.csv`,
      csvOf([
        [t(`trends.${by}`), ...columns.map(({ name }) => name)],
        ...lines.map((line) => [
          nameOf(line),
          ...SHOWN_KINDS.map((kind) =>
            line[kind] === null ? t('trends.few') : String(line[kind]),
          ),
        ]),
      ]),
    );
  return (
    <Stack>
      <Suspense fallback={<Skeleton h={220} />}>
        {by === 'month' ? (
          <LinesChart points={points} lines={columns} />
        ) : (
          <BarsChart points={points.slice(0, BARS)} bars={columns} />
        )}
      </Suspense>
      <div>
        <Button
          variant="default"
          leftSection={<IconDownload size={18} aria-hidden />}
          onClick={save}
        >
          {t('trends.csv')}
        </Button>
      </div>
      <Table.ScrollContainer minWidth={280}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t(`trends.${by}`)}</Table.Th>
              {columns.map(({ key, name }) => (
                <Table.Th key={key} ta="right">
                  {name}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {lines.map((line) => (
              <Table.Tr key={line.key ?? ''}>
                <Table.Th scope="row" fw="normal">
                  {nameOf(line)}
                </Table.Th>
                {SHOWN_KINDS.map((kind) => (
                  <Table.Td key={kind} ta="right">
                    {told(line[kind])}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Stack>
  );
}
