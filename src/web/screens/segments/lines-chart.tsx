import '@mantine/charts/styles.css';
import { LineChart } from '@mantine/charts';

/** Colours that are told apart, and from the ground, in light and in dark (3:1). */
const COLOURS = ['green.5', 'orange.8'];

export function LinesChart(props: {
  points: Record<string, string | number | null>[];
  lines: readonly { key: string; name: string }[];
}) {
  return (
    <LineChart
      h={220}
      data={props.points}
      dataKey="at"
      series={props.lines.map(({ key, name }, n) => ({
        name: key,
        label: name,
        color: COLOURS[n]!,
        strokeDasharray: n === 0 ? undefined : '6 4',
      }))}
      withLegend={props.lines.length > 1}
      withDots={props.points.length < 32}
      curveType="linear"
      yAxisProps={{ allowDecimals: false }}
      xAxisProps={{ minTickGap: 40 }}
      // The table below is for whoever does not look; the picture takes no focus.
      lineChartProps={{ accessibilityLayer: false }}
      aria-hidden
    />
  );
}
