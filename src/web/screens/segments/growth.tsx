import { Skeleton, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import type { Answer } from '../../api/client';
import { ChartTable } from '../../parts/chart-table';
import { Loaded } from '../../parts/loaded';
import { useNumbers } from '../../parts/numbers';
import { growthQuery, type Segment } from './segment-data';

const LinesChart = lazy(async () => ({ default: (await import('./lines-chart')).LinesChart }));

/** How many it held, day by day. */
export function Growth({ segment }: { segment: Segment }) {
  const { t } = useTranslation('segments');
  const query = useQuery(growthQuery(segment.id));
  return (
    <Stack component="section" aria-labelledby="growth" gap="sm">
      <Title order={2} id="growth">
        {t('growth.title')}
      </Title>
      <Loaded query={query}>
        {(growth) =>
          growth.days.length === 0 ? (
            <Text>{t('growth.none')}</Text>
          ) : (
            <Days growth={growth} isFrozen={segment.kind === 'static'} />
          )
        }
      </Loaded>
    </Stack>
  );
}

function Days({ growth, isFrozen }: { growth: Answer<'SegmentGrowth'>; isFrozen: boolean }) {
  const { t, i18n } = useTranslation('segments');
  const { count } = useNumbers();
  const locale = i18n.language === 'en' ? 'en-GB' : 'sv-SE';
  const form = new Intl.DateTimeFormat(locale, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone: 'UTC',
  });
  const label = ({ day }: { day: string }) => form.format(new Date(day));
  const columns = [{ key: 'people' as const, name: t('growth.people') }];
  const { days, came, went } = growth;
  return (
    <>
      {!isFrozen && <Text>{t('growth.changed', { came: count(came), went: count(went) })}</Text>}
      {days.length > 1 && (
        <Suspense fallback={<Skeleton h={220} />}>
          <LinesChart
            points={days.toReversed().map((day) => ({ at: label(day), people: day.people }))}
            lines={columns}
          />
        </Suspense>
      )}
      <ChartTable
        name={t('table')}
        first={t('growth.day')}
        columns={columns}
        rows={days}
        label={label}
      />
    </>
  );
}
