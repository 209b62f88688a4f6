import type { CandleChart } from '../charts/candle-chart.ts';
import { useOutlook } from '../forecasts/use-outlook.ts';
import type { PaneFeed } from './pane-feed.ts';
import type { PaneViewStore } from './pane-view.ts';
import { useChartLines } from './use-chart-lines.ts';
import type { Compared } from './use-compare.ts';
import { useDrawnCandles } from './use-drawn-candles.ts';
import { useGaps } from './use-gaps.ts';
import type { PaneChoice } from './workspace-url.ts';

const NO_INDICATORS: NonNullable<PaneChoice['indicators']> = [];

interface Props {
  readonly index: number;
  readonly decimals: number;
  readonly onDrawn: () => void;
  readonly chart: CandleChart;
  readonly feed: PaneFeed;
  readonly choice: PaneChoice;
  readonly compare: Compared | undefined;
  readonly instrumentId: string;
  readonly view: PaneViewStore;
  readonly isActive: boolean;
}

/** What is drawn on a chart: candles, indicators, the pair beside, gaps, earlier forecasts. Loaded when there is a chart to draw on. */
export function ChartParts({ index, chart, feed, choice, compare, instrumentId, view, decimals, isActive, onDrawn }: Props) {
  useDrawnCandles({ index, chart, feed, decimals, isActive, onDrawn });
  useChartLines({ chart, feed, indicators: choice.indicators ?? NO_INDICATORS, compare, view });
  useGaps(chart, feed, instrumentId, view);
  useOutlook(chart, instrumentId, choice.interval, isActive);
  return null;
}
