import { useEffect, useMemo } from 'react';
import { useStore } from 'zustand';
import { useServices } from '../workspace/services.ts';
import { createForecastFeed, type ForecastPanelState } from './forecast-feed.ts';
import type { RenderedForecasts } from './load-past.ts';

/** Follows the forecasts of a pair while the part of the page is shown; `rendered` is what the server knew of them. */
export function useForecastFeed(symbol: string, rendered?: RenderedForecasts): ForecastPanelState {
  const { client, frames, market } = useServices();
  const feed = useMemo(
    () => createForecastFeed({ client, frames, symbol, rendered, venueNow: () => market.state.getState().venueNow }),
    [client, frames, market, symbol, rendered],
  );
  useEffect(() => feed.start(), [feed]);
  return useStore(feed.state);
}
