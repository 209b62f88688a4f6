import { useEffect } from 'react';
import type { CandleChart } from '../charts/candle-chart.ts';
import type { ChartLine, LineUpdate } from '../charts/chart-line.ts';
import type { IndicatorChoice } from '../indicators/indicator-choice.ts';
import type { IndicatorRun } from '../indicators/run-indicators.ts';
import type { ChartCandle } from '../market/chart-candle.ts';
import type { PaneFeed } from './pane-feed.ts';
import type { PaneViewStore } from './pane-view.ts';
import { COMPARE_LINE, type Compared } from './use-compare.ts';

interface Options {
  readonly chart: CandleChart | undefined;
  readonly feed: PaneFeed;
  readonly indicators: readonly IndicatorChoice[];
  /** The series that is drawn beside this one, and its name. */
  readonly compare: Compared | undefined;
  readonly view: PaneViewStore;
}

const COMPARE_COLOUR = 4;

/** Draws the indicators of a chart, its average of volume and the pair beside it. The formulas are loaded after the chart has drawn. */
export function useChartLines({ chart, feed, indicators, compare, view }: Options): void {
  useEffect(() => {
    if (!chart) return;
    let isGone = false;
    let run: IndicatorRun | undefined;

    const drawAll = (candles: readonly ChartCandle[]) => {
      if (!run || isGone) return;
      const lines = run.reset(candles);
      const beside = compare ? [compareLine(compare.label, candles, compare.feed.candles())] : [];
      chart.setLines([...lines, ...beside]);
      view.setState({ values: newestValues([...lines, ...beside]) });
    };
    const drawNews = (updates: readonly LineUpdate[]) => {
      chart.updateLines(updates);
      view.setState(({ values }) => ({ values: { ...values, ...newestValues(updates) } }));
    };

    const stop = feed.listen({
      onReset: drawAll,
      onMerge({ candles, changed }) {
        const updates = changed.map((candle) => run?.advance(candle));
        if (updates.every((update) => update !== undefined)) drawNews(updates.flat());
        else drawAll(candles);
      },
    });
    const stopCompare = compare?.feed.listen({
      onReset: () => drawAll(feed.candles()),
      onMerge({ changed }) {
        const newest = feed.candles().at(-1)?.openTime ?? 0;
        if (changed.some(({ openTime }) => openTime < newest)) drawAll(feed.candles());
        else drawNews([{ id: COMPARE_LINE, points: changed.map(({ openTime, close }) => ({ time: openTime, value: close })) }]);
      },
    });
    import('../indicators/run-indicators.ts').then(({ createIndicatorRun }) => {
      run = createIndicatorRun(indicators, feed.interval);
      drawAll(feed.candles());
    }, console.error);
    return () => {
      isGone = true;
      stop();
      stopCompare?.();
    };
  }, [chart, feed, indicators, compare, view]);
}

/** Only at the times of candles that are there: a chart counts candles. */
function compareLine(label: string, candles: readonly ChartCandle[], beside: readonly ChartCandle[]): ChartLine {
  const times = new Set(candles.map(({ openTime }) => openTime));
  const points = beside.filter(({ openTime }) => times.has(openTime)).map(({ openTime, close }) => ({ time: openTime, value: close }));
  return { id: COMPARE_LINE, label, place: 'price', form: 'line', colour: COMPARE_COLOUR, points };
}

function newestValues(lines: readonly LineUpdate[]): Readonly<Record<string, number>> {
  return Object.fromEntries(
    lines.flatMap(({ id, points }) => {
      const newest = points.at(-1);
      return newest ? [[id, newest.value] as const] : [];
    }),
  );
}
