import { useQuery } from 'urql';
import { InstrumentDocument } from '../graphql/documents/instruments.ts';
import type { MarketRow } from './use-market-data.ts';

/**
 * Returns a pair's row: of the watchlist, or asked for by itself where many pairs are tracked. `isMissing` once it is known that the pair
 * is not tracked.
 */
export function useMarketRow(
  symbol: string | undefined,
  rows: readonly MarketRow[],
): { readonly row: MarketRow | undefined; readonly isMissing: boolean } {
  const known = rows.find(({ instrument }) => instrument.symbol === symbol);
  const [{ data, fetching, error }] = useQuery({
    query: InstrumentDocument,
    variables: { symbol: symbol ?? '' },
    // Where the page is rendered there is nobody to ask but the snapshot.
    pause: known !== undefined || symbol === undefined || typeof window === 'undefined',
  });
  if (known || symbol === undefined) return { row: known, isMissing: false };
  const instrument = data?.instrument?.symbol === symbol ? data.instrument : undefined;
  if (!instrument) return { row: undefined, isMissing: !fetching && (error !== undefined || data !== undefined) };
  return { row: { instrument, summary: undefined, freshness: undefined }, isMissing: false };
}
