import '@mantine/charts/styles.css';
import { LineChart } from '@mantine/charts';

/** Colours that are told apart, and from the ground, in light and in dark (3:1). */
const COLOURS = ['green.5', 'orange.8'];

export function HoursChart(props: {
  hours: Record<string, string | number>[];
  lines: readonly { key: string; name: string }[];
}) {
  return (
    <LineChart
      h={260}
      data={props.hours}
      dataKey="at"
      series={props.lines.map(({ key, name }, n) => ({
        name: key,
        label: name,
        color: COLOURS[n]!,
        strokeDasharray: n === 0 ? undefined : '6 4',
      }))}
      withLegend
      withDots={false}
      curveType="monotone"
      yAxisProps={{ allowDecimals: false }}
      xAxisProps={{ minTickGap: 60 }}
      // The table below is for whoever does not look; the picture takes no focus.
      lineChartProps={{ accessibilityLayer: false }}
      aria-hidden
    />
  );
}
