import { type Interval, toIso } from '@candlecast/domain';
import type { VisibleSpan } from '../charts/candle-chart.ts';

/** Returns the address of a file of the candles of a span; of all that are stored without one. */
export function exportHref(format: 'csv' | 'parquet', symbol: string, interval: Interval, span: VisibleSpan | undefined): string {
  const query = new URLSearchParams({ symbol, interval, ...(span ? { from: toIso(span.from), to: toIso(span.to) } : {}) });
  return `/export/candles.${format}?${query}`;
}
