import type { CoverageMap } from '../cover.ts';
import { gateway } from './gateway.ts';

const SEVERAL = gateway('stream-live', 'what else a stream tells > keeps several symbols apart, each with its own snapshot');
const GAPS = gateway('stream-live', 'what else a stream tells > shows gaps as they are found and as they are closed, and corrections');
const ALIVE = gateway('stream-live', 'what else a stream tells > says that it is alive, with a cursor to resume after');
const LATEST = gateway('stream-live', 'latest-only subscriptions > send what is there first, then changes');
const RESET = gateway(
  'stream-resume',
  'a cursor that cannot be continued > ends running streams with a reset when the log begins anew, after which they go on',
);
const RESUME = gateway(
  'stream-resume',
  'a subscription that is cut and resumed with its cursor > goes on without hole or repeat over WebSocket (seed %i)',
);
const SUMMARIES = gateway(
  'daily-and-external',
  'the stream of summaries > begins with the present one and follows each minute that closes',
);
const TRADES = gateway('books-and-trades', 'trades > stream as they come, each once, and say what was left out');

/** What holds the subscriptions. */
export const LIVE_COVERAGE: CoverageMap = {
  'Subscription.candles': SEVERAL,
  'Subscription.candles(symbols)': SEVERAL,
  'Subscription.candles(interval)': SEVERAL,
  'Subscription.candles(snapshot)': SEVERAL,
  'Subscription.candles(after)': RESUME,
  'Subscription.candles(throttleMs)': gateway('stream-live', 'open candles > are conflated to the newest and throttled'),
  'Subscription.candles(closedOnly)': gateway('stream-live', 'open candles > are left out on request'),
  'CandleEvent.*': [...SEVERAL, ...GAPS, ...RESET],
  'CandleSnapshot.*': SEVERAL,
  'CandleUpdate.*': gateway('stream-live', 'open candles > are shown as they come, and never once they are closed'),
  'CandleClosed.*': RESUME,
  'CandleCorrection.*': GAPS,
  'StreamGap.*': GAPS,
  'StreamHeartbeat.*': ALIVE,
  'StreamReset.*': RESET,
  'Subscription.topOfBook*': LATEST,
  'Subscription.trades*': TRADES,
  'Subscription.marketSummary*': SUMMARIES,
  'Subscription.backfillProgress*': LATEST,
  'Subscription.feedStatus': LATEST,
  'BackfillProgress.*': LATEST,
  'FeedStatus.*': LATEST,
};
