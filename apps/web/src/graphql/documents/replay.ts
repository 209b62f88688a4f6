import { withAsOf, withClock } from '../../replay/derive-documents.ts';
import { graphql } from '../graphql.ts';
import { ForecastEventsDocument } from './forecasts.ts';
import { GapsDocument } from './missing.ts';
import { TopOfBookDocument, TradesDocument } from './tape.ts';
import { NextHourEventsDocument } from './watchlist.ts';
import {
  CandlesDocument,
  FeedStatusDocument,
  ForecastsDocument,
  LatestForecastsDocument,
  MarketDocument,
  PricesDocument,
  WorkspaceDocument,
} from './workspace.ts';

/** The subscriptions of the page, run from a moment of the past: the same documents with a clock. */
export const ReplayedCandlesDocument = withClock(CandlesDocument, { snapshot: true });
export const ReplayedPricesDocument = withClock(PricesDocument);
export const ReplayedForecastsDocument = withClock(ForecastsDocument);
export const ReplayedFeedStatusDocument = withClock(FeedStatusDocument);
export const ReplayedForecastEventsDocument = withClock(ForecastEventsDocument);
export const ReplayedNextHourEventsDocument = withClock(NextHourEventsDocument);
export const ReplayedTopOfBookDocument = withClock(TopOfBookDocument);
export const ReplayedTradesDocument = withClock(TradesDocument);

/** The queries of the page about the present, asked as of a moment of the past. */
export const PastWorkspaceDocument = withAsOf(WorkspaceDocument, ['marketSummary', 'freshness']);
export const PastMarketDocument = withAsOf(MarketDocument, ['marketSummary', 'freshness']);
export const PastGapsDocument = withAsOf(GapsDocument, ['gaps']);
export const PastLatestForecastsDocument = withAsOf(LatestForecastsDocument, ['latestForecasts']);

/** Bars as they were known at a moment of the past. Times in unix seconds. */
export const PastBarsDocument = graphql(`
  query PastBars($symbol: ID!, $interval: Interval!, $from: Int, $to: Int!, $countback: Int, $asOf: AsOfInput) {
    bars(symbol: $symbol, interval: $interval, from: $from, to: $to, countback: $countback, asOf: $asOf) { t o h l c v }
  }
`);

/** The stretch of time of which there are candles, by pair. */
export const ReplayRangeDocument = graphql(`
  query ReplayRange { instruments(first: 50) { edges { node { id symbol venue isSimulated firstOpenTime watermark liveSince } } } }
`);
