import type { CacheExchangeOpts } from '@urql/exchange-graphcache';

const embedded = () => null;
const bySymbol = ({ symbol }: { [name: string]: unknown }) => `${symbol}`;

/** How the cache names each type. What is `embedded` has no identity of its own and lives inside the field that returned it. */
export const cacheKeys: CacheExchangeOpts['keys'] = {
  MarketSummary: bySymbol,
  Freshness: bySymbol,
  InstrumentConnection: embedded,
  InstrumentEdge: embedded,
  Bars: embedded,
  BarChunks: embedded,
  BarChunk: embedded,
  Quantile: embedded,
};
