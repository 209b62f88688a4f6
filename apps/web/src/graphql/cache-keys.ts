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
  ChampionChangeConnection: embedded,
  ChampionChangeEdge: embedded,
  Coverage: embedded,
  CreatedApiKey: embedded,
  DailyTotal: embedded,
  DailyTotalConnection: embedded,
  DailyTotalEdge: embedded,
  Estimate: embedded,
  Gap: embedded,
  GapConnection: embedded,
  GapEdge: embedded,
  HorizonRecord: embedded,
  LedgerHead: embedded,
  ModelConnection: embedded,
  ModelEdge: embedded,
  PageInfo: embedded,
  RateLimit: embedded,
  RunArtifact: embedded,
  RunConnection: embedded,
  RunEdge: embedded,
  RunEpoch: embedded,
  RunFigure: embedded,
  RunParameter: embedded,
  Skill: embedded,
  TrackRecord: embedded,
};
