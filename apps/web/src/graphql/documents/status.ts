import type { ResultOf } from 'gql.tada';
import { graphql } from '../graphql.ts';

/** How fresh every pair is; a second old at most. */
export const FreshnessDocument = graphql(`
  query FreshnessTable {
    freshness { symbol venue isSimulated feedState state lastEventAt stalenessMs ingestLagMs openGaps watermark }
  }
`);
export type FreshnessRow = ResultOf<typeof FreshnessDocument>['freshness'][number];

/** The newest lines of a pair's gap ledger. */
export const GapLedgerDocument = graphql(`
  query GapLedger($symbol: ID!, $last: Int!) {
    gaps(symbol: $symbol, last: $last) {
      edges { node { from to reason resolution resolvedAt firstSeenAt attempts lastAttemptAt } }
    }
  }
`);
export type GapLine = ResultOf<typeof GapLedgerDocument>['gaps']['edges'][number]['node'];

/** The venue's feed, now and at each change. */
export const FeedReportDocument = graphql(`
  subscription FeedReport { feedStatus { venue state since detail isSimulated } }
`);
