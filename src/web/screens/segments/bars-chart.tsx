import '@mantine/charts/styles.css';
import { BarChart } from '@mantine/charts';

/** Colours that are told apart, and from the ground, in light and in dark (3:1). */
const COLOURS = ['green.5', 'orange.8'];

export function BarsChart(props: {
  points: Record<string, string | number | null>[];
  bars: readonly { key: string; name: string }[];
}) {
  return (
    <BarChart
      h={80 + props.points.length * 44}
      data={props.points}
      dataKey="at"
      orientation="vertical"
      series={props.bars.map(({ key, name }, n) => ({
        name: key,
        label: name,
        color: COLOURS[n]!,
      }))}
      withLegend
      xAxisProps={{ allowDecimals: false }}
      yAxisProps={{ width: 110 }}
      // The table below is for whoever does not look; the picture takes no focus.
      barChartProps={{ accessibilityLayer: false }}
      aria-hidden
    />
  );
}
