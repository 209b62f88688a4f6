'use client';

import { useMarketRows } from '../workspace/use-market-data.ts';
import { ForecastsPanel } from './forecasts-panel.tsx';

/** The forecasts of a pair on its own page. */
export function InstrumentForecasts({ symbol }: { readonly symbol: string }) {
  const row = useMarketRows().find(({ instrument }) => instrument.symbol === symbol);
  return row ? <ForecastsPanel row={row} /> : <p>{symbol} has no forecasts: it is not among the pairs that are followed here.</p>;
}
