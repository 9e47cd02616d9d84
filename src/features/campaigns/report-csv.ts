import { CSV_BEGIN, csvLine } from '../../platform/csv';
import { t, type Language } from '../../platform/i18n/i18n';
import type { CampaignReport, Measure } from './campaign-report.dto';

/** All numbers of a report, a part under the other, as a spreadsheet takes them. */
export function reportCsv(report: CampaignReport, language: Language): string {
  const word = (key: string, values = {}) => t(language, `campaigns:report.${key}`, values);
  const number = new Intl.NumberFormat(language, { useGrouping: false, maximumFractionDigits: 3 });
  const percent = (share: number | null) => (share === null ? '' : number.format(share * 100));
  const line = (part: string, what: string, count: number, share = '', median = '') =>
    csvLine([word(`part.${part}`), what, number.format(count), share, median]);
  const { counts, measures, optOuts, faults, links, hours, unknown } = report;
  const measureLines = Object.entries(measures ?? {}) as [string, Measure | null][];
  return [
    CSV_BEGIN,
    csvLine([word('campaign'), report.name, report.launchedAt?.toISOString() ?? '', '', '']),
    csvLine(['part', 'what', 'count', 'share', 'median'].map((key) => word(`column.${key}`))),
    ...(counts
      ? [
          line('people', word('audience'), counts.audience),
          ...Object.entries(counts.buckets).map(([bucket, count]) =>
            line('people', t(language, `cli:bucket.${bucket}`), count),
          ),
        ]
      : []),
    ...measureLines.flatMap(([name, measure]) =>
      measure
        ? line(
            'measure',
            word(`measure.${name}`),
            measure.count,
            percent(measure.share),
            percent(measure.median),
          )
        : [],
    ),
    ...(counts?.withheld ?? []).map(({ reason, count }) =>
      line('withheld', t(language, `cli:reason.${reason}`), count),
    ),
    ...optOuts.map(({ door, count }) =>
      line('optOuts', t(language, `registry:doors.${door}`), count),
    ),
    ...faults.map(({ state, code, count }) =>
      line('faults', [word(`fault.${state}`), code].filter(Boolean).join(': '), count),
    ),
    line('unknown', word('unknown.open'), unknown.open),
    line('unknown', word('unknown.closed'), unknown.closed),
    ...(links ?? []).map(({ number: place, url, clicks }) =>
      line('links', `${place}. ${url}`, clicks),
    ),
    ...hours.flatMap(({ at, sent, delivered, clicks }) =>
      Object.entries({ sent, delivered, clicks }).map(([what, count]) =>
        line('hours', `${at.toISOString()} ${word(`hour.${what}`)}`, count),
      ),
    ),
  ].join('');
}
