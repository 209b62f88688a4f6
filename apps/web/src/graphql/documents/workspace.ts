import type { FragmentOf, ResultOf } from 'gql.tada';
import { graphql } from '../graphql.ts';

const instrumentFragment = graphql(`
  fragment InstrumentFields on Instrument { id symbol venue isSimulated baseAsset quoteAsset tickSize }
`);

const summaryFragment = graphql(`
  fragment SummaryFields on MarketSummary {
    symbol venue lastPrice lastTime change24h high24h low24h baseVolume24h quoteVolume24h sparkline
  }
`);

const freshnessFragment = graphql(`
  fragment FreshnessFields on Freshness { symbol venue feedState state lastEventAt stalenessMs }
`);

const candleFragment = graphql(`
  fragment CandleFields on Candle { openTime open high low close baseVolume isClosed knownAt }
`);

const forecastFragment = graphql(`
  fragment ForecastFields on Forecast {
    id symbol horizon asOf targetTime refPrice quantiles { level value } model { id name version }
  }
`);

const candleEventFragment = graphql(
  `
    fragment CandleEventFields on CandleEvent {
      __typename
      ... on CandleUpdate { symbol candle { ...CandleFields } }
      ... on CandleClosed { symbol candle { ...CandleFields } cursor }
      ... on CandleCorrection { symbol candle { ...CandleFields } cursor }
      ... on StreamGap { cursor }
      ... on StreamHeartbeat { cursor }
      ... on StreamReset { code }
    }
  `,
  [candleFragment],
);

/** A tracked pair. `id` is what the rest of the API calls its symbol. */
export type InstrumentFields = FragmentOf<typeof instrumentFragment>;
/** The last 24 hours of a pair. */
export type SummaryFields = FragmentOf<typeof summaryFragment>;
/** How fresh a pair's data is. Times are the venue's. */
export type FreshnessFields = FragmentOf<typeof freshnessFragment>;
export type CandleFields = FragmentOf<typeof candleFragment>;
export type ForecastFields = FragmentOf<typeof forecastFragment>;
export type CandleEvent = FragmentOf<typeof candleEventFragment>;

/** Everything beside the charts: pairs, their last 24 hours, their freshness. */
export const WorkspaceDocument = graphql(
  `
    query Workspace {
      instruments(first: 50) { edges { node { ...InstrumentFields } } }
      marketSummary { ...SummaryFields }
      freshness { ...FreshnessFields }
    }
  `,
  [instrumentFragment, summaryFragment, freshnessFragment],
);

/** The part of the workspace that is asked for again while the page is open. */
export const MarketDocument = graphql(
  `
    query Market { marketSummary { ...SummaryFields } freshness { ...FreshnessFields } }
  `,
  [summaryFragment, freshnessFragment],
);

/** What history is made of: the chunks and what each is called now, and the newest chunk, which grows; `cursor` is where the live stream goes on. */
export const BarChunksDocument = graphql(`
  query BarChunks($symbol: ID!, $interval: Interval!) {
    barChunks(symbol: $symbol, interval: $interval) { chunks { from to revision } tailFrom tail { t o h l c v } cursor }
  }
`);
export type BarChunksData = ResultOf<typeof BarChunksDocument>;

/** What chunks of a range are called now. */
export const ChunkNamesDocument = graphql(`
  query ChunkNames($symbol: ID!, $interval: Interval!, $from: Int!, $to: Int) {
    barChunks(symbol: $symbol, interval: $interval, from: $from, to: $to) { chunks { from to revision } }
  }
`);

/** The bars of a chunk as columns of numbers, times in unix seconds. Under the address of its revision they never change. */
export const ChunkDocument = graphql(`
  query Chunk($symbol: ID!, $interval: Interval!, $from: Int!, $to: Int!, $revision: String) {
    bars(symbol: $symbol, interval: $interval, from: $from, to: $to, revision: $revision) { t o h l c v revision }
  }
`);
export type ChunkData = ResultOf<typeof ChunkDocument>;

export const LatestForecastsDocument = graphql(
  `
    query LatestForecasts($symbol: ID!) { latestForecasts(symbols: [$symbol]) { ...ForecastFields } }
  `,
  [forecastFragment],
);

/** One series from a cursor on, with its open candle; for charts. */
export const CandlesDocument = graphql(
  `
    subscription Candles($symbol: ID!, $interval: Interval!, $after: Cursor, $throttleMs: Int) {
      candles(symbols: [$symbol], interval: $interval, after: $after, throttleMs: $throttleMs) { ...CandleEventFields }
    }
  `,
  [candleEventFragment],
);

/** The open minute candles of many pairs: their newest prices; for the watchlist. */
export const PricesDocument = graphql(
  `
    subscription Prices($symbols: [ID!]!, $throttleMs: Int) {
      candles(symbols: $symbols, interval: "1m", throttleMs: $throttleMs) { ...CandleEventFields }
    }
  `,
  [candleEventFragment],
);

export const ForecastsDocument = graphql(
  `
    subscription Forecasts($symbol: ID!, $after: Cursor) {
      forecasts(symbols: [$symbol], after: $after) {
        __typename
        ... on ForecastIssued { forecast { ...ForecastFields } cursor }
        ... on StreamGap { cursor }
        ... on StreamHeartbeat { cursor }
        ... on StreamReset { code }
      }
    }
  `,
  [forecastFragment],
);

export const FeedStatusDocument = graphql(`
  subscription FeedStatus { feedStatus { venue state } }
`);
