import type { VisibleSpan } from '../charts/candle-chart.ts';
import type { ChartCandle } from '../market/chart-candle.ts';
import type { ForecastFan } from '../market/forecast-fan.ts';
import type { PaneFeed } from './pane-feed.ts';
import type { Services } from './services.ts';

declare global {
  interface Window {
    /** What the page shows, for tests; only there when it was opened with `?debug=1`. */
    __candlecast?: DebugHandle;
  }
}

export interface DebugHandle {
  readonly panes: readonly {
    readonly symbol: string;
    readonly interval: string;
    /** The candles that the chart holds, oldest first. */
    bars(): readonly ChartCandle[];
    /** The times in view; undefined before the chart has drawn. */
    span(): VisibleSpan | undefined;
    /** The price at a height in CSS pixels. */
    priceAt(y: number): number | undefined;
    forecast(): ForecastFan | undefined;
  }[];
}

/** Puts a read-only handle on the window. Returns how to take it away. */
export function exposeDebugHandle({ workspace, feeds, charts }: Services): () => void {
  window.__candlecast = {
    get panes() {
      return workspace.getState().panes.map(({ symbol, interval }, index) => {
        const feed: PaneFeed | undefined = feeds.get(index);
        return {
          symbol,
          interval,
          bars: () => structuredClone(feed?.candles() ?? []),
          span: () => charts.chartOf(index)?.visibleSpan(),
          priceAt: (y: number) => charts.chartOf(index)?.priceAt(y),
          forecast: () => feed?.state.getState().fan,
        };
      });
    },
  };
  return () => {
    delete window.__candlecast;
  };
}
