import { Skeleton, Stack, Text, Title } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import type { Answer } from '../../api/client';
import { ChartTable } from '../../parts/chart-table';
import { useWhen } from '../../parts/when';

const HoursChart = lazy(async () => ({ default: (await import('./hours-chart')).HoursChart }));

const HOUR = 3_600_000;
const SHOWN = 72;

type Hour = Answer<'HourCount'>;

/** What happened hour by hour, from the first to the last in which something did. */
export function Hours({ report }: { report: Answer<'CampaignReport'> }) {
  const { t, i18n } = useTranslation('report');
  const when = useWhen();
  const shortly = new Intl.DateTimeFormat(i18n.language === 'en' ? 'en-GB' : 'sv-SE', {
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    timeZone: 'Europe/Stockholm',
  });
  const hours = withoutGaps(report.hours);
  // Without word from the provider, what was sent is the best that is known.
  const first = report.measures?.delivered ? ('delivered' as const) : ('sent' as const);
  const columns = ([first, ...(report.links ? (['clicks'] as const) : [])] as const).map((key) => ({
    key,
    name: t(`hours.${key}`),
  }));
  return (
    <Stack component="section" gap="sm" aria-labelledby="hours">
      <Title order={2} id="hours">
        {t('hours.title')}
      </Title>
      {hours.length === 0 ? (
        <Text>{t('hours.none')}</Text>
      ) : (
        <>
          <Suspense fallback={<Skeleton h={260} />}>
            <HoursChart
              hours={hours.map((hour) => ({ ...hour, at: shortly.format(new Date(hour.at)) }))}
              lines={columns}
            />
          </Suspense>
          <ChartTable
            name={t('hours.table')}
            first={t('hours.hour')}
            columns={columns}
            rows={hours}
            label={({ at }) => when(at)}
          />
        </>
      )}
    </Stack>
  );
}

function withoutGaps(hours: Hour[]): Hour[] {
  const times = hours.map(({ at }) => new Date(at).getTime());
  if (times.length === 0) return [];
  const [begin, end] = [Math.min(...times), Math.max(...times)];
  // At least some hours, since a single point is no line.
  const count = Math.min(SHOWN, Math.max(6, (end - begin) / HOUR + 1));
  const known = new Map(times.map((time, n) => [time, hours[n]!]));
  return Array.from({ length: count }, (_, n) => {
    const at = begin + n * HOUR;
    return known.get(at) ?? { at: new Date(at).toISOString(), sent: 0, delivered: 0, clicks: 0 };
  });
}
