import { closeTimeOf, type EpochMs, MINUTE_MS } from '@candlecast/domain';
import { useStore } from 'zustand';
import { toInstant } from '../market/chart-candle.ts';
import { isStale } from '../market/duration-text.ts';
import type { PaneFeed } from './pane-feed.ts';
import { useMarket } from './services.ts';
import type { MarketRow } from './use-market-data.ts';

/**
 * Returns the age in milliseconds of something that is due every `cadenceMs` and was known at `at`, once it is older than
 * twice that; else undefined. A recording that has ended makes nothing overdue.
 */
export function useOverdue(at: EpochMs | undefined, cadenceMs: number): number | undefined {
  return useMarket(({ venueNow, feedState }) => {
    if (at === undefined || venueNow === undefined || feedState === 'ENDED') return undefined;
    return isStale(venueNow - at, cadenceMs) ? venueNow - at : undefined;
  });
}

/** Returns the age of a pane's newest data once it is overdue: prices move, or a minute closes, at least once a minute. */
export function useOverdueCandle(feed: PaneFeed, { freshness }: MarketRow): number | undefined {
  const newest = useStore(feed.state, (state) => state.newest);
  const openTime = feed.candles().at(-1)?.openTime;
  const eventAt = newest?.knownAt ?? freshness?.lastEventAt;
  const closeTime = openTime !== undefined ? closeTimeOf(openTime, feed.interval) : undefined;
  return useOverdue(eventAt ? toInstant(eventAt) : closeTime, MINUTE_MS);
}
