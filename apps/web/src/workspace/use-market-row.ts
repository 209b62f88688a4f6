import type { ResultOf } from 'gql.tada';
import { useEffect, useState } from 'react';
import { InstrumentDocument } from '../graphql/documents/instruments.ts';
import { useServices } from './services.ts';
import type { MarketRow } from './use-market-data.ts';

interface Answer {
  readonly symbol: string;
  /** Undefined when the question failed. */
  readonly data: ResultOf<typeof InstrumentDocument> | undefined;
}

/**
 * Returns a pair's row: of the watchlist, or asked for by itself where many pairs are tracked. `isMissing` once it is known that the pair
 * is not tracked.
 */
export function useMarketRow(
  symbol: string | undefined,
  rows: readonly MarketRow[],
): { readonly row: MarketRow | undefined; readonly isMissing: boolean } {
  const { client } = useServices();
  const known = rows.find(({ instrument }) => instrument.symbol === symbol);
  const unknown = known ? undefined : symbol;
  const [answer, setAnswer] = useState<Answer>();
  useEffect(() => {
    if (unknown === undefined) return;
    const answers = client.query(InstrumentDocument, { symbol: unknown });
    return answers.subscribe(({ data }) => setAnswer({ symbol: unknown, data })).unsubscribe;
  }, [client, unknown]);
  if (known || symbol === undefined) return { row: known, isMissing: false };
  if (answer?.symbol !== symbol) return { row: undefined, isMissing: false };
  const instrument = answer.data?.instrument;
  return instrument
    ? { row: { instrument, summary: undefined, freshness: undefined }, isMissing: false }
    : { row: undefined, isMissing: true };
}
