import type { ResultOf } from 'gql.tada';
import { graphql } from '../graphql.ts';

/** Pairs whose symbol holds a text; tracked ones, whatever their state. */
export const SearchDocument = graphql(`
  query Search($search: String!) {
    instruments(search: $search, first: 30) { edges { node { id symbol venue isSimulated baseAsset quoteAsset tickSize state } } }
  }
`);
export type FoundInstrument = ResultOf<typeof SearchDocument>['instruments']['edges'][number]['node'];

/** Asks for a pair of the exchange to be tracked. */
export const TrackDocument = graphql(`
  mutation Track($symbol: ID!) {
    trackInstrument(symbol: $symbol) { id symbol venue isSimulated baseAsset quoteAsset tickSize state }
  }
`);
