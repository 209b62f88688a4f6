import type { ResultOf } from 'gql.tada';
import { graphql } from '../graphql.ts';

/** Every key of the gateway, the newest first. Needs a key with the scope ADMIN. */
export const ApiKeysDocument = graphql(`
  query ApiKeys { apiKeys { id name prefix scopes createdAt expiresAt revokedAt lastUsedAt replacedBy usedPoints } }
`);
export type ApiKeyFields = ResultOf<typeof ApiKeysDocument>['apiKeys'][number];

export const CreateApiKeyDocument = graphql(`
  mutation CreateApiKey($input: CreateApiKeyInput!) { createApiKey(input: $input) { key apiKey { id name } } }
`);

export const RotateApiKeyDocument = graphql(`
  mutation RotateApiKey($id: ID!) { rotateApiKey(id: $id) { key apiKey { id name } } }
`);

export const RevokeApiKeyDocument = graphql(`
  mutation RevokeApiKey($id: ID!) { revokeApiKey(id: $id) { id revokedAt } }
`);

/** What is left of the quota of whoever asks. */
export const RateLimitDocument = graphql(`
  query RateLimit { rateLimit { limit remaining resetInMs } }
`);

/** The quick start's examples, as people read them. Each is on the gateway's list, so that it runs without a key. */
export const ExampleCandlesDocument = graphql(`
  query ExampleCandles($symbol: ID!) {
    candles(symbol: $symbol, interval: "1h", last: 3) {
      edges { node { openTime open high low close baseVolume isClosed } }
      certificate { expected present missing coverage }
    }
  }
`);

export const ExampleForecastsDocument = graphql(`
  query ExampleForecasts($symbol: ID!) {
    latestForecasts(symbols: [$symbol]) {
      horizon asOf issuedAt targetTime refPrice pUp
      quantiles { level value }
      model { name version sha256 }
      disclaimer
    }
  }
`);

export const ExampleStreamDocument = graphql(`
  subscription ExampleStream($symbol: ID!) {
    candles(symbols: [$symbol], interval: "1m", snapshot: 2, throttleMs: 1000) {
      __typename
      ... on CandleSnapshot { symbol cursor candles { openTime close } }
      ... on CandleUpdate { symbol candle { openTime close baseVolume } }
      ... on CandleClosed { symbol cursor candle { openTime close baseVolume } }
      ... on StreamHeartbeat { cursor }
    }
  }
`);
