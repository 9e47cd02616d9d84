import '@mantine/charts/styles.css';
import { BarChart } from '@mantine/charts';

/** Colours that are told apart, and from the ground, in light and in dark (3:1). */
const COLOURS = ['green.5', 'orange.8'];

export function GrowthChart(props: {
  weeks: Record<string, string | number>[];
  bars: readonly { key: string; name: string }[];
}) {
  return (
    <BarChart
      h={220}
      data={props.weeks}
      dataKey="week"
      series={props.bars.map(({ key, name }, n) => ({
        name: key,
        label: name,
        color: COLOURS[n]!,
      }))}
      withLegend
      yAxisProps={{ allowDecimals: false }}
      xAxisProps={{ minTickGap: 24 }}
      // The table below is for whoever does not look; the picture takes no focus.
      barChartProps={{ accessibilityLayer: false }}
      aria-hidden
    />
  );
}
