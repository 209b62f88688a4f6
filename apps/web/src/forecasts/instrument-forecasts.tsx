'use client';

import { useMarketRows } from '../workspace/use-market-data.ts';
import { ForecastsPanel } from './forecasts-panel.tsx';
import type { RenderedForecasts } from './load-past.ts';

interface Props {
  readonly symbol: string;
  readonly rendered: RenderedForecasts | undefined;
}

/** The forecasts of a pair on its own page. */
export function InstrumentForecasts({ symbol, rendered }: Props) {
  const row = useMarketRows().find(({ instrument }) => instrument.symbol === symbol);
  return row ? (
    <ForecastsPanel row={row} rendered={rendered} />
  ) : (
    <p>{symbol} has no forecasts: it is not among the pairs that are followed here.</p>
  );
}
