import type { ResultOf } from 'gql.tada';
import { graphql } from '../graphql.ts';

/** Pairs whose symbol holds a text; tracked ones, whatever their state. */
export const SearchDocument = graphql(`
  query Search($search: String!) {
    instruments(search: $search, first: 30) { edges { node { id symbol venue isSimulated baseAsset quoteAsset tickSize state } } }
  }
`);
export type FoundInstrument = ResultOf<typeof SearchDocument>['instruments']['edges'][number]['node'];

/** One pair by its symbol; null when it is not tracked. */
export const InstrumentDocument = graphql(`
  query PanePair($symbol: ID!) {
    instrument(symbol: $symbol) { id symbol venue isSimulated baseAsset quoteAsset tickSize state stateReason }
  }
`);

/** Asks for a pair of the exchange to be tracked. */
export const TrackDocument = graphql(`
  mutation Track($symbol: ID!) {
    trackInstrument(symbol: $symbol) { id symbol venue isSimulated baseAsset quoteAsset tickSize state }
  }
`);

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
