import { Skeleton, Stack, Text, Title } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import type { Answer } from '../../api/client';
import { ChartTable } from '../../parts/chart-table';
import { useNumbers } from '../../parts/numbers';

const GrowthChart = lazy(async () => ({ default: (await import('./growth-chart')).GrowthChart }));

type Week = Answer<'GrowthWeek'>;

/** How many said yes and how many said no, week by week. */
export function Growth({ growth }: { growth: Week[] }) {
  const { t, i18n } = useTranslation('overview');
  const { count } = useNumbers();
  const sum = (what: 'consents' | 'optOuts') => growth.reduce((all, week) => all + week[what], 0);
  const locale = i18n.language === 'en' ? 'en-GB' : 'sv-SE';
  const monday = ({ week }: Week) =>
    new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' }).format(
      new Date(week),
    );
  const columns = (['consents', 'optOuts'] as const).map((key) => ({
    key,
    name: t(`growth.${key}`),
  }));
  return (
    <Stack component="section" gap="sm" aria-labelledby="growth">
      <Title order={2} id="growth">
        {t('growth.title')}
      </Title>
      <Text>{t('growth.sum', { yes: count(sum('consents')), no: count(sum('optOuts')) })}</Text>
      <Suspense fallback={<Skeleton h={220} />}>
        <GrowthChart
          weeks={growth.map((week) => ({ ...week, week: monday(week) }))}
          bars={columns}
        />
      </Suspense>
      <ChartTable
        name={t('growth.table')}
        first={t('growth.week')}
        columns={columns}
        rows={growth}
        label={monday}
      />
    </Stack>
  );
}
