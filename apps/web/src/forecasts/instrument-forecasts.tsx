'use client';

import { lazy, Suspense } from 'react';
import { useMarketRows } from '../workspace/use-market-data.ts';
import type { RenderedForecasts } from './load-past.ts';

/** Rendered on the server like all else, and brought to life after it. */
const ForecastsPanel = lazy(() => import('./forecasts-panel.tsx').then((part) => ({ default: part.ForecastsPanel })));

interface Props {
  readonly symbol: string;
  readonly rendered: RenderedForecasts | undefined;
}

/** The forecasts of a pair on its own page. */
export function InstrumentForecasts({ symbol, rendered }: Props) {
  const row = useMarketRows().find(({ instrument }) => instrument.symbol === symbol);
  return row ? (
    <Suspense>
      <ForecastsPanel row={row} rendered={rendered} />
    </Suspense>
  ) : (
    <p>{symbol} has no forecasts: it is not among the pairs that are followed here.</p>
  );
}
