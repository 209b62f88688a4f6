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

/** How the champion of each horizon stood at the last midnight. */
export const DriftDocument = graphql(`
  query Drift {
    drift { horizon at alarms lossRatio coverage90 clippedShare gappedInstruments model { id name version } }
  }
`);
export type DriftCheck = ResultOf<typeof DriftDocument>['drift'][number];

/** The venue's feed, now and at each change. */
export const FeedReportDocument = graphql(`
  subscription FeedReport { feedStatus { venue state since detail isSimulated } }
`);
