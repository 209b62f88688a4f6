import type { ResultOf } from 'gql.tada';
import type { Candle, Forecast, Gap } from './api-shapes.ts';
import { graphql } from './graphql.ts';

/** All of a candle. */
export const CANDLE = graphql(`
  fragment CandleFields on Candle {
    openTime
    closeTime
    open
    high
    low
    close
    baseVolume
    quoteVolume
    tradeCount
    takerBuyBaseVolume
    takerBuyQuoteVolume
    isClosed
    revision
    knownAt
    reconstructed
  }
`);

const GAP = graphql(`
  fragment GapFields on StreamGap {
    symbol
    interval
    from
    to
    reason
    isResolved
    cursor
  }
`);

/** All of a forecast. */
export const FORECAST = graphql(`
  fragment ForecastFields on Forecast {
    id
    symbol
    horizon
    asOf
    targetTime
    issuedAt
    timing
    refPrice
    pUp
    quantiles {
      level
      value
      logReturn
    }
    model {
      id
      name
      version
      kind
      sha256
      trainedThrough
    }
    inputHash
    ledgerSeq
    prevHash
    hash
    resolution {
      resolvedAt
      actual
      voidReason
      hit
      inBand
      absErr
      absErrNaive
    }
    disclaimer
  }
`);

/** Every event of a candle subscription, in full. */
export const CANDLES_SUBSCRIPTION = graphql(
  `
    subscription Candles(
      $symbols: [ID!]!
      $interval: Interval!
      $snapshot: Int
      $after: Cursor
      $throttleMs: Int
      $closedOnly: Boolean
    ) {
      candles(
        symbols: $symbols
        interval: $interval
        snapshot: $snapshot
        after: $after
        throttleMs: $throttleMs
        closedOnly: $closedOnly
      ) {
        __typename
        ... on CandleSnapshot {
          symbol
          interval
          candles {
            ...CandleFields
          }
          cursor
        }
        ... on CandleUpdate {
          symbol
          interval
          candle {
            ...CandleFields
          }
        }
        ... on CandleClosed {
          symbol
          interval
          candle {
            ...CandleFields
          }
          cursor
        }
        ... on CandleCorrection {
          symbol
          interval
          candle {
            ...CandleFields
          }
          cursor
        }
        ...GapFields
        ... on StreamHeartbeat {
          at
          cursor
        }
        ... on StreamReset {
          code
          message
        }
      }
    }
  `,
  [CANDLE, GAP],
);

/** Every event of a forecast subscription, in full. */
export const FORECASTS_SUBSCRIPTION = graphql(
  `
    subscription Forecasts($symbols: [ID!]!, $horizons: [Horizon!], $after: Cursor) {
      forecasts(symbols: $symbols, horizons: $horizons, after: $after) {
        __typename
        ... on ForecastIssued {
          forecast {
            ...ForecastFields
          }
          head {
            venue
            seq
            hash
            at
          }
          cursor
        }
        ... on ForecastResolved {
          forecast {
            ...ForecastFields
          }
          cursor
        }
        ...GapFields
        ... on StreamHeartbeat {
          at
          cursor
        }
        ... on StreamReset {
          code
          message
        }
      }
    }
  `,
  [FORECAST, GAP],
);

/** Every event of a subscription to alerts, in full. */
export const ALERTS_SUBSCRIPTION = graphql(`
  subscription Alerts($after: Cursor) {
    alertFired(after: $after) {
      __typename
      ... on AlertFiringEvent {
        symbol
        kind
        note
        firing {
          id
          alertId
          at
          crossed
          value
          level
          reason
        }
        cursor
      }
      ... on StreamHeartbeat {
        at
        cursor
      }
      ... on StreamReset {
        code
        message
      }
    }
  }
`);

/** Does not compile where what the API sends is not what the client promises. */
type Sent<Result extends Promised, Promised> = Result;
/** The parts of events, checked against the client's own types. */
export type SentParts = [Sent<ResultOf<typeof CANDLE>, Candle>, Sent<ResultOf<typeof GAP>, Gap>, Sent<ResultOf<typeof FORECAST>, Forecast>];

/** An event of a candle subscription as the API sends it. */
export type CandleEvent = ResultOf<typeof CANDLES_SUBSCRIPTION>['candles'];
/** An event of a forecast subscription as the API sends it. */
export type ForecastEvent = ResultOf<typeof FORECASTS_SUBSCRIPTION>['forecasts'];
/** An event of a subscription to alerts as the API sends it. */
export type AlertEvent = ResultOf<typeof ALERTS_SUBSCRIPTION>['alertFired'];
