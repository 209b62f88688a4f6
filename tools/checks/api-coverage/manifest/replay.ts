import type { CoverageMap } from '../cover.ts';
import { gateway } from './gateway.ts';

const MOVES = gateway('replay', 'a subscription with a clock > moves with its clock, at its speed, and shows nothing before its time');
const TRUE = gateway('replay/replay-candles', 'a replay of candles > says what the log said, in its order, and nothing before its time');
const KNOWN_THEN = gateway(
  'replay/replay-forecasts',
  'a replay of forecasts > says what the log said, in its order, and in no field anything that was known later',
);

/** What holds replay. */
export const REPLAY_COVERAGE: CoverageMap = {
  'Subscription.candles(clock)': [
    ...MOVES,
    ...TRUE,
    ...gateway('replay', 'a subscription with a clock > begins with a snapshot as of then, and goes on behind a cursor'),
  ],
  'Subscription.forecasts(clock)': [
    ...gateway(
      'replayed-forecasts',
      'the forecast stream with a clock > shows forecasts when they were issued, without what came of them, and outcomes when they were scored',
      'the forecast stream with a clock > goes on behind its cursors, and ends with one of the live stream',
    ),
    ...KNOWN_THEN,
  ],
  'Subscription.topOfBook(clock)': gateway('replay', 'what is not candles, with a clock > shows the top of the book as it was sampled'),
  'Subscription.trades(clock)': gateway('replay', 'what is not candles, with a clock > shows trades as they happened'),
  'Subscription.marketSummary(clock)': gateway('replay', 'what is not candles, with a clock > sums up the 24 hours before then'),
  'Subscription.feedStatus(clock)': gateway('replay', 'what is not candles, with a clock > tells whether the feed ran'),
  'ClockInput.replayFrom': MOVES,
  'ClockInput.speed': [...MOVES, ...gateway('replay', 'a subscription with a clock > stands still at speed 0')],
  'ClockInput.anchoredAt': gateway('replay', 'a subscription with a clock > is the same for all who share an anchor'),
  'R.replay.clock': [...MOVES, ...TRUE, ...KNOWN_THEN],
  'R.replay.reconstructed': gateway(
    'replay/replay-candles',
    'a replay of candles > plays what was fetched as history at its close, marked as reconstructed',
  ),
};
