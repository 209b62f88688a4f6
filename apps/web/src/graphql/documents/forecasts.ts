import type { FragmentOf, ResultOf } from 'gql.tada';
import { graphql } from '../graphql.ts';

const cardFragment = graphql(`
  fragment CardFields on Forecast {
    id symbol horizon asOf issuedAt targetTime timing refPrice pUp disclaimer
    quantiles { level value }
    model { id name version }
    signal { action expectedMoveBps costBps feeBps spreadBps edgeBps }
  }
`);

const recordFragment = graphql(`
  fragment RecordFields on HorizonRecord {
    horizon n onTime late void missing waiting calls brier
    hitRate { value lower upper }
    maeRatio { value lower upper }
    coverage { level share lower upper }
    skill { value lower upper n days verdict statement }
  }
`);

const historyFragment = graphql(`
  fragment HistoryFields on Forecast {
    id symbol horizon asOf issuedAt targetTime timing refPrice pUp
    quantiles { level value }
    model { id name version }
    resolution {
      resolvedAt actual hit absErr absErrNaive isReference voidReason logReturn
      in50: inBand(level: 0.5)
      in90: inBand(level: 0.9)
    }
  }
`);

export type CardFields = FragmentOf<typeof cardFragment>;
export type RecordFields = FragmentOf<typeof recordFragment>;
/** A forecast with what came of it. */
export type HistoryFields = FragmentOf<typeof historyFragment>;

/** The newest forecast of each of the six horizons that have a card. */
export const ForecastCardsDocument = graphql(
  `
    query ForecastCards($symbol: ID!, $asOf: AsOfInput) {
      latestForecasts(symbols: [$symbol], horizons: ["30m", "1h", "2h", "4h", "6h", "12h"], asOf: $asOf) { ...CardFields }
    }
  `,
  [cardFragment],
);

/** What a model's forecasts of a pair came to; without a model that of the one shown first. */
export const TrackRecordDocument = graphql(
  `
    query TrackRecord($symbol: ID, $modelId: ID, $window: TrackRecordWindow!, $asOf: AsOfInput) {
      trackRecord(symbol: $symbol, modelId: $modelId, window: $window, asOf: $asOf) {
        from to disclaimer model { id name version } horizons { ...RecordFields }
      }
    }
  `,
  [recordFragment],
);
export type TrackRecordData = ResultOf<typeof TrackRecordDocument>['trackRecord'];

/** The newest forecasts of a range with what came of them, oldest first. */
export const ForecastHistoryDocument = graphql(
  `
    query ForecastHistory(
      $symbol: ID!, $horizon: Horizon, $modelId: ID, $from: DateTime, $to: DateTime, $last: Int, $before: String, $asOf: AsOfInput
    ) {
      forecasts(
        symbol: $symbol, horizon: $horizon, modelId: $modelId, issuedFrom: $from, issuedTo: $to, last: $last, before: $before, asOf: $asOf
      ) {
        edges { cursor node { ...HistoryFields } }
        pageInfo { hasPreviousPage startCursor }
      }
    }
  `,
  [historyFragment],
);

/** How likely rises were called, and what came: as little as a reliability diagram needs. */
export const ReliabilityDocument = graphql(`
  query Reliability($symbol: ID!, $horizon: Horizon!, $modelId: ID, $last: Int!) {
    forecasts(symbol: $symbol, horizon: $horizon, modelId: $modelId, last: $last) {
      edges { node { id pUp resolution { logReturn } } }
    }
  }
`);

/** One forecast with its place in the ledger. */
export const OneForecastDocument = graphql(
  `
    query OneForecast($id: ID!) {
      forecast(id: $id) {
        ...HistoryFields
        ledgerSeq hash prevHash inputHash codeVersion calibratedAt disclaimer
        baseline { kind sigma value }
        signal { action expectedMoveBps costBps edgeBps }
      }
    }
  `,
  [historyFragment],
);
export type OneForecast = NonNullable<ResultOf<typeof OneForecastDocument>['forecast']>;

/** The newest forecast of every minute of the next day, as numbers for a drawing. */
export const ForecastPathDocument = graphql(`
  query ForecastPath($symbol: ID!, $at: DateTime) {
    forecastPath(symbol: $symbol, at: $at) {
      symbol asOf issuedAt refPrice t median bands { level lower upper } model { id name version } disclaimer
    }
  }
`);
export type ForecastPathData = ResultOf<typeof ForecastPathDocument>['forecastPath'];

/** What following every signal of a horizon would have given. */
export const PaperRecordDocument = graphql(`
  query PaperRecord($symbol: ID!, $horizon: Horizon!) {
    paperRecord(symbol: $symbol, horizon: $horizon) {
      symbol horizon from to trades open void verdict statement disclaimer maxDrawdown doNothingBps buyAndHoldBps
      hitRate { value lower upper }
      meanNetBps { value lower upper }
      totalNetBps { value lower upper }
    }
  }
`);
export type PaperRecordData = ResultOf<typeof PaperRecordDocument>['paperRecord'];

/** Closes of a range, for the line that forecasts are held against. Times in unix seconds. */
export const ClosesDocument = graphql(`
  query Closes($symbol: ID!, $interval: Interval!, $to: Int!, $countback: Int!) {
    bars(symbol: $symbol, interval: $interval, to: $to, countback: $countback) { t c }
  }
`);

/** What is issued and what comes true, as it happens. */
export const ForecastEventsDocument = graphql(
  `
    subscription ForecastEvents($symbol: ID!, $after: Cursor) {
      forecasts(symbols: [$symbol], horizons: ["30m", "1h", "2h", "4h", "6h", "12h"], after: $after) {
        __typename
        ... on ForecastIssued { forecast { ...CardFields } cursor }
        ... on ForecastResolved { forecast { id horizon } cursor }
        ... on StreamGap { cursor }
        ... on StreamHeartbeat { cursor }
        ... on StreamReset { code }
      }
    }
  `,
  [cardFragment],
);
