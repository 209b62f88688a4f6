import type { ResultOf } from 'gql.tada';
import { graphql } from '../graphql.ts';

/** How far the history of a pair is fetched. */
export const BackfillDocument = graphql(`
  subscription Backfill($symbol: ID!) { backfillProgress(symbol: $symbol) { symbol rowsDone rowsWanted etaMs } }
`);
export type Backfill = ResultOf<typeof BackfillDocument>['backfillProgress'];

/** Why minutes of a range are missing. */
export const GapsDocument = graphql(`
  query Gaps($symbol: ID!, $interval: Interval!, $from: DateTime!, $to: DateTime!) {
    gaps(symbol: $symbol, interval: $interval, from: $from, to: $to, last: 100) { edges { node { from to reason } } }
  }
`);
export type GapLine = ResultOf<typeof GapsDocument>['gaps']['edges'][number]['node'];
