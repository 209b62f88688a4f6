/** Every event of a candle subscription with what tests compare. */
export const CANDLES = /* GraphQL */ `
  subscription Candles($symbols: [ID!]!, $interval: Interval!, $snapshot: Int, $after: Cursor, $throttleMs: Int, $closedOnly: Boolean) {
    candles(symbols: $symbols, interval: $interval, snapshot: $snapshot, after: $after, throttleMs: $throttleMs, closedOnly: $closedOnly) {
      __typename
      ... on CandleSnapshot { symbol cursor candles { openTime close isClosed } }
      ... on CandleUpdate { symbol candle { openTime close baseVolume isClosed } }
      ... on CandleClosed { symbol cursor candle { openTime close } }
      ... on CandleCorrection { symbol cursor candle { openTime close revision } }
      ... on StreamGap { symbol from to reason isResolved cursor }
      ... on StreamHeartbeat { at cursor }
      ... on StreamReset { code message }
    }
  }
`;
