import type { EpochMs } from '@candlecast/domain';
import type { CandleChart } from '../charts/candle-chart.ts';
import type { SyncSwitches } from './sync-switches.ts';
import type { TimeSpan } from './workspace-url.ts';

/** What charts need to be moved together. */
export type SyncedChart = Pick<CandleChart, 'visibleSpan' | 'showSpan' | 'showUntil' | 'setCrosshair'>;

/** Moves charts together, by time: each finds the candles of that time in its own interval. Only the chart that a person touches leads. */
export interface ChartSync<T extends SyncedChart> {
  /** Takes a pane's chart in. Returns how to take it out. */
  add(index: number, chart: T): () => void;
  chartOf(index: number): T | undefined;
  /** From now on the others follow this pane. */
  lead(index: number): void;
  /** A chart shows other times; passed on if it leads. */
  moved(index: number, span: TimeSpan): void;
  /** The crosshair of a chart is at a time, or has left; passed on if it leads. */
  pointed(index: number, time: EpochMs | undefined): void;
  /** Brings the others to where this pane is: after a switch was turned on. */
  align(index: number): void;
}

/** Makes the sync of a page; `read` tells which switches are on now. */
export function createChartSync<T extends SyncedChart>(read: () => SyncSwitches): ChartSync<T> {
  const charts = new Map<number, T>();
  let leader: number | undefined;

  const others = (index: number) => [...charts].flatMap(([at, chart]) => (at === index ? [] : [chart]));

  function pass(index: number, span: TimeSpan): void {
    const { range, time } = read();
    if (range) for (const chart of others(index)) chart.showSpan(span);
    else if (time) for (const chart of others(index)) chart.showUntil(span.to);
  }

  return {
    add(index, chart) {
      charts.set(index, chart);
      return () => {
        if (charts.get(index) === chart) charts.delete(index);
      };
    },
    chartOf: (index) => charts.get(index),
    lead(index) {
      if (leader !== undefined && leader !== index && read().crosshair) for (const chart of others(index)) chart.setCrosshair(undefined);
      leader = index;
    },
    moved(index, span) {
      if (index === leader) pass(index, span);
    },
    pointed(index, time) {
      if (index === leader && read().crosshair) for (const chart of others(index)) chart.setCrosshair(time);
    },
    align(index) {
      leader = index;
      const span = charts.get(index)?.visibleSpan();
      if (span) pass(index, span);
    },
  };
}
