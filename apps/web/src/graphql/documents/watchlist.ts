import type { FragmentOf } from 'gql.tada';
import { graphql } from '../graphql.ts';

const nextHourFragment = graphql(`
  fragment NextHourFields on Forecast { id symbol horizon asOf targetTime pUp model { id name } skill { verdict statement } }
`);

/** What is said of a pair's next hour, and how far that may be trusted. */
export type NextHourFields = FragmentOf<typeof nextHourFragment>;

export const NextHourDocument = graphql(
  `
    query NextHour($symbols: [ID!]!, $asOf: AsOfInput) {
      latestForecasts(symbols: $symbols, horizons: ["1h"], asOf: $asOf) { ...NextHourFields }
    }
  `,
  [nextHourFragment],
);

export const NextHourEventsDocument = graphql(
  `
    subscription NextHourEvents($symbols: [ID!]!, $after: Cursor) {
      forecasts(symbols: $symbols, horizons: ["1h"], after: $after) {
        __typename
        ... on ForecastIssued { forecast { ...NextHourFields } cursor }
        ... on ForecastResolved { cursor }
        ... on StreamGap { cursor }
        ... on StreamHeartbeat { cursor }
        ... on StreamReset { code }
      }
    }
  `,
  [nextHourFragment],
);
