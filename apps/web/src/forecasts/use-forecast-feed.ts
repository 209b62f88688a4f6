import { useEffect, useMemo } from 'react';
import { useStore } from 'zustand';
import { useServices } from '../workspace/services.ts';
import { createForecastFeed, type ForecastPanelState } from './forecast-feed.ts';

/** Follows the forecasts of a pair while the part of the page is shown. */
export function useForecastFeed(symbol: string): ForecastPanelState {
  const { client, frames, market } = useServices();
  const feed = useMemo(
    () => createForecastFeed({ client, frames, symbol, venueNow: () => market.state.getState().venueNow }),
    [client, frames, market, symbol],
  );
  useEffect(() => feed.start(), [feed]);
  return useStore(feed.state);
}
