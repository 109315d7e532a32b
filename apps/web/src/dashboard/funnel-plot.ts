import { LineChart, ScatterChart } from 'echarts/charts';
import { GridComponent, TooltipComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { labelPlaces } from './label-places.ts';

use([ScatterChart, LineChart, GridComponent, TooltipComponent, SVGRenderer]);

export interface FunnelPoint {
  name: string;
  /** How many have fallen due. */
  size: number;
  /** Per cent. */
  rate: number;
  outside: boolean;
}
export interface FunnelLook {
  ink: string;
  quiet: string;
  line: string;
  low: string;
  words: { size: string; rate: string };
}

/** Of the words beside a point, in pixels: rather too much than too little. */
const LETTER_WIDE = 8;

/** Draws the plot into `holder`; what it answers changes it, follows the size of the holder, and takes it away. */
export function drawFunnel(holder: HTMLElement, points: readonly FunnelPoint[], mean: number, limits: (size: number) => [number, number], look: FunnelLook): () => void {
  const chart = init(holder, null, { renderer: 'svg' });
  const most = Math.max(20, ...points.map((point) => point.size)) * 1.05;
  const sizes = Array.from({ length: 60 }, (_, n) => 3 + ((most - 3) * n) / 59);
  const curve = (side: 0 | 1) => ({
    type: 'line' as const,
    silent: true,
    showSymbol: false,
    smooth: true,
    lineStyle: { color: look.quiet, type: 'dashed' as const, width: 1 },
    data: sizes.map((size) => [size, limits(size)[side]]),
  });
  const axis = {
    nameTextStyle: { color: look.ink, fontSize: 14, fontFamily: 'inherit' },
    axisLabel: { color: look.ink, fontSize: 14, fontFamily: 'inherit' },
    axisLine: { lineStyle: { color: look.quiet } },
    splitLine: { lineStyle: { color: look.line } },
  };
  const marked = (outside: boolean) => ({
    type: 'scatter' as const,
    ...(outside && { id: 'named' }),
    symbol: outside ? 'diamond' : 'circle',
    symbolSize: outside ? 14 : 9,
    itemStyle: { color: outside ? look.low : look.ink, opacity: 0.85 },
    data: points.filter((point) => point.outside === outside).map((point) => ({ name: point.name, value: [point.size, point.rate] })),
  });
  chart.setOption({
    animation: false,
    grid: { left: 56, right: 150, top: 36, bottom: 52 },
    tooltip: { trigger: 'item', formatter: ({ name, value }: { name: string; value: number[] }) => `${name}: ${String(value[1]).replace('.', ',')} % · ${String(value[0])}` },
    xAxis: { ...axis, type: 'value', name: look.words.size, nameLocation: 'middle', nameGap: 32, min: 0, max: Math.ceil(most) },
    yAxis: { ...axis, type: 'value', name: look.words.rate, nameLocation: 'end', min: 0, max: 100 },
    series: [
      curve(0),
      curve(1),
      { type: 'line', silent: true, showSymbol: false, lineStyle: { color: look.quiet, width: 1 }, data: [[0, mean], [most, mean]] },
      marked(false),
      marked(true),
    ],
  });
  const named = points.filter(({ outside }) => outside);
  // Where the points have come to stand is known now, and anew at every size.
  const name = (): void => {
    const places = labelPlaces(
      named.map(({ name: words, size, rate }) => {
        const [x = 0, y = 0] = chart.convertToPixel({ gridIndex: 0 }, [size, rate]);
        return { x, y, width: words.length * LETTER_WIDE };
      }),
    );
    chart.setOption({
      series: [
        {
          id: 'named',
          data: named.map(({ name: words, size, rate }, n) => ({
            name: words,
            value: [size, rate],
            label: { show: true, position: places[n]!.side, offset: [0, places[n]!.down], color: look.ink, fontSize: 14, formatter: words },
          })),
        },
      ],
    });
  };
  name();
  const watch = new ResizeObserver(() => {
    chart.resize();
    name();
  });
  watch.observe(holder);
  return () => {
    watch.disconnect();
    chart.dispose();
  };
}
