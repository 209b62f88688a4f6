import { CANDLE, FORECAST } from './documents.ts';
import { graphql } from './graphql.ts';

const INSTRUMENT = graphql(`
  fragment InstrumentFields on Instrument {
    id
    venue
    symbol
    baseAsset
    quoteAsset
    tickSize
    stepSize
    state
    isSimulated
    firstOpenTime
    watermark
    liveSince
  }
`);

/** A page of exact candles and its certificate. */
export const CANDLES_QUERY = graphql(
  `
    query CandlePage($symbol: ID!, $interval: Interval!, $from: DateTime, $to: DateTime, $first: Int!, $after: String) {
      candles(symbol: $symbol, interval: $interval, from: $from, to: $to, first: $first, after: $after) {
        edges {
          node {
            ...CandleFields
          }
        }
        pageInfo {
          endCursor
          hasNextPage
        }
        certificate {
          expected
          present
          missing
          coverage
          gaps {
            from
            to
            reason
          }
        }
      }
    }
  `,
  [CANDLE],
);

/** Bars in columns. */
export const BARS_QUERY = graphql(`
  query Bars($symbol: ID!, $interval: Interval!, $from: Int, $to: Int!, $countback: Int) {
    bars(symbol: $symbol, interval: $interval, from: $from, to: $to, countback: $countback) {
      s
      t
      o
      h
      l
      c
      v
      nextTime
      cursor
    }
  }
`);

/** A page of instruments. */
export const INSTRUMENTS_QUERY = graphql(
  `
    query Instruments($search: String, $first: Int!, $after: String) {
      instruments(search: $search, first: $first, after: $after) {
        edges {
          node {
            ...InstrumentFields
          }
        }
        pageInfo {
          endCursor
          hasNextPage
        }
      }
    }
  `,
  [INSTRUMENT],
);

/** One instrument. */
export const INSTRUMENT_QUERY = graphql(
  `
    query Instrument($symbol: ID!) {
      instrument(symbol: $symbol) {
        ...InstrumentFields
      }
    }
  `,
  [INSTRUMENT],
);

/** The newest forecasts. */
export const LATEST_FORECASTS_QUERY = graphql(
  `
    query LatestForecasts($symbols: [ID!]!, $horizons: [Horizon!]) {
      latestForecasts(symbols: $symbols, horizons: $horizons) {
        ...ForecastFields
      }
    }
  `,
  [FORECAST],
);
