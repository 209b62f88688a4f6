import type { ResultOf } from 'gql.tada';
import { graphql } from '../graphql.ts';

/** Every pair with its last 24 hours, for the table of markets. */
export const MarketsDocument = graphql(`
  query Markets {
    instruments(first: 500) { edges { node { id symbol venue isSimulated baseAsset quoteAsset tickSize } } }
    marketSummary {
      symbol venue lastPrice lastTime change24h changePercent24h high24h low24h baseVolume24h quoteVolume24h tradeCount24h sparkline
    }
    freshness { symbol venue feedState state lastEventAt stalenessMs }
  }
`);
export type MarketsData = ResultOf<typeof MarketsDocument>;

/** A page of what was traded on one UTC day, by symbol. */
export const DailyTotalsDocument = graphql(`
  query DailyTotals($day: Date!, $first: Int, $after: String, $last: Int, $before: String) {
    dailyTotals(day: $day, first: $first, after: $after, last: $last, before: $before) {
      edges { node { symbol open high low close baseVolume quoteVolume tradeCount isClosed } }
      pageInfo { startCursor endCursor hasNextPage hasPreviousPage }
    }
  }
`);
export type DailyTotalsData = ResultOf<typeof DailyTotalsDocument>;

/** One pair, with what is known of its series. */
export const InstrumentDocument = graphql(`
  query Instrument($symbol: ID!) {
    instrument(symbol: $symbol) {
      id symbol venue isSimulated baseAsset quoteAsset tickSize stepSize state stateReason firstOpenTime liveSince watermark
    }
  }
`);
export type InstrumentData = NonNullable<ResultOf<typeof InstrumentDocument>['instrument']>;
