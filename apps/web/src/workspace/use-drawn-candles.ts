import { useEffect, useRef } from 'react';
import type { CandleChart } from '../charts/candle-chart.ts';
import type { PaneFeed } from './pane-feed.ts';
import { seekSpan } from './seek-span.ts';
import { useServices } from './services.ts';

interface Options {
  readonly index: number;
  readonly chart: CandleChart;
  readonly feed: PaneFeed;
  readonly decimals: number;
  readonly isActive: boolean;
  /** Called when the chart shows the feed's candles. */
  readonly onDrawn: () => void;
}

/** Keeps the chart at what its feed holds: candles go from the feed to the chart without React. */
export function useDrawnCandles({ index, chart, feed, decimals, isActive, onDrawn }: Options): void {
  const { charts, frames, market, workspace } = useServices();
  const activity = useRef(isActive);
  activity.current = isActive;
  useEffect(() => {
    const { interval } = feed;
    let isGone = false;
    // The address tells of the active pane; with the range in sync, of all.
    const { range, sync } = workspace.getState();
    let wanted = activity.current || sync.range ? range : undefined;
    const stopCandles = feed.listen({
      onReset: (candles) => {
        chart.setSeries({ interval, decimals, candles }, feed.state.getState().fan);
        onDrawn();
        if (wanted) void seekSpan(chart, feed, wanted, () => isGone);
        wanted = undefined;
      },
      onMerge: (merged) => chart.update(merged),
    });
    const stopFan = feed.state.subscribe((state, before) => {
      if (state.fan !== before.fan) chart.setFan(state.fan);
    });
    const showNow = () => {
      const { venueNow } = market.state.getState();
      if (venueNow !== undefined) chart.setNow(venueNow);
    };
    showNow();
    // By turns: the time moves in all charts at once, and each paints itself anew.
    const stopNow = market.state.subscribe((state, before) => {
      if (state.venueNow !== before.venueNow) frames.request(showNow);
    });
    const leave = charts.add(index, chart);
    return () => {
      isGone = true;
      stopCandles();
      stopFan();
      stopNow();
      frames.cancel(showNow);
      leave();
    };
  }, [chart, feed, decimals, frames, market, workspace, charts, index, onDrawn]);
}
