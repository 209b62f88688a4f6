import type { AlertFiring } from './alert.ts';
import type { Candle } from './candle.ts';
import type { Forecast } from './forecast.ts';
import type { GapReason } from './gap.ts';
import type { InstrumentId, Venue } from './instrument.ts';
import type { Interval } from './interval.ts';
import type { LedgerHead } from './ledger.ts';
import type { Resolution } from './resolution.ts';
import type { EpochMs } from './time.ts';

/** A place in the durable log. `seq` has no holes within an `epoch` (a UUID, new after a restore) and follows commit order. */
export interface LogPosition {
  readonly epoch: string;
  readonly seq: number;
}

/** What the durable log holds. `key` is `VENUE:SYMBOL@interval` for candles, `alertKey(owner)` for alerts and `VENUE:SYMBOL` for the rest. */
export type LogEntry =
  | { readonly topic: 'candle.closed'; readonly key: string; readonly payload: CandlePayload }
  | { readonly topic: 'candle.corrected'; readonly key: string; readonly payload: CandlePayload }
  | { readonly topic: 'candles.backfilled'; readonly key: string; readonly payload: RangePayload }
  | { readonly topic: 'gap.recorded'; readonly key: string; readonly payload: RangePayload & { readonly reason: GapReason } }
  | { readonly topic: 'gap.resolved'; readonly key: string; readonly payload: RangePayload & { readonly reason: GapReason } }
  | { readonly topic: 'forecast.issued'; readonly key: string; readonly payload: ForecastIssuedPayload }
  | { readonly topic: 'forecast.resolved'; readonly key: string; readonly payload: ForecastResolvedPayload }
  | { readonly topic: 'alert.fired'; readonly key: string; readonly payload: AlertFiring };

export type LogTopic = LogEntry['topic'];

export interface CandlePayload {
  readonly instrumentId: InstrumentId;
  readonly interval: Interval;
  readonly candle: Candle;
}

export interface ForecastIssuedPayload {
  readonly forecast: Forecast;
  /** The venue's ledger after the transaction that stored it. */
  readonly head: LedgerHead;
}

export interface ForecastResolvedPayload {
  readonly forecast: Forecast;
  readonly resolution: Resolution;
}

export interface RangePayload {
  readonly instrumentId: InstrumentId;
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/** A log entry with its place and the venue's time of its commit. */
export type LogEvent = LogEntry & LogPosition & { readonly at: EpochMs };

/** Whether the feed of a venue runs. `ENDED`: a replay has come to the end of its recording. */
export type FeedState = 'CONNECTING' | 'LIVE' | 'RECONNECTING' | 'STALE' | 'BACKFILLING' | 'ENDED';

/** What travels without being stored: only the newest value of a (topic, key) matters, but for `trades`, which add up. */
export type LatestUpdate =
  | { readonly topic: 'candle.open'; readonly key: InstrumentId; readonly value: OpenCandleUpdate }
  | { readonly topic: 'top_of_book'; readonly key: InstrumentId; readonly value: import('./top-of-book.ts').TopOfBook }
  | { readonly topic: 'trades'; readonly key: InstrumentId; readonly value: import('./trade.ts').TradesUpdate }
  | { readonly topic: 'depth'; readonly key: InstrumentId; readonly value: import('./depth.ts').DepthUpdate }
  | { readonly topic: 'depth.wanted'; readonly key: InstrumentId; readonly value: import('./depth.ts').DepthWish }
  | { readonly topic: 'feed.status'; readonly key: Venue; readonly value: FeedStatus }
  | { readonly topic: 'backfill.progress'; readonly key: InstrumentId; readonly value: BackfillProgress };

export type LatestTopic = LatestUpdate['topic'];

/** The running 1m candle as the exchange last sent it. */
export interface OpenCandleUpdate {
  readonly instrumentId: InstrumentId;
  readonly candle: import('./candle.ts').CandleValues;
  /** The exchange's event time. */
  readonly exchangeTime: EpochMs;
  readonly receivedAt: EpochMs;
}

export interface FeedStatus {
  readonly venue: Venue;
  readonly state: FeedState;
  readonly since: EpochMs;
  readonly detail: string | null;
}

export interface BackfillProgress {
  readonly instrumentId: InstrumentId;
  readonly rowsDone: number;
  readonly rowsWanted: number;
  readonly etaMs: number | null;
}

/** Returns the log key of a candle series. */
export function candleKey(instrumentId: InstrumentId, interval: Interval): string {
  return `${instrumentId}@${interval}`;
}
