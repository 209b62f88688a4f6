export type { AsOf } from './as-of.ts';
export { type BackoffRange, DATABASE_BACKOFF, jitteredDelayMs } from './backoff.ts';
export type { Candle, CandleValues } from './candle.ts';
export {
  parseKeyCursor,
  parsePageCursor,
  parsePlaceCursor,
  parseStreamCursor,
  toKeyCursor,
  toPageCursor,
  toPlaceCursor,
  toStreamCursor,
} from './cursor.ts';
export {
  addDecimals,
  compareDecimals,
  type Decimal,
  divideDecimals,
  isDecimal,
  maxDecimal,
  minDecimal,
  multiplyDecimals,
  subtractDecimals,
  toDecimal,
} from './decimal.ts';
export { DEPTH_LEVELS, type DepthLevel, type DepthState, type DepthUpdate, type DepthWish } from './depth.ts';
export { AppError, err, ok, type Result } from './errors.ts';
export {
  type BackfillProgress,
  type CandlePayload,
  candleKey,
  type FeedState,
  type FeedStatus,
  type ForecastIssuedPayload,
  type ForecastResolvedPayload,
  type LatestTopic,
  type LatestUpdate,
  type LogEntry,
  type LogEvent,
  type LogPosition,
  type LogTopic,
  type OpenCandleUpdate,
  type RangePayload,
} from './event.ts';
export type { ExternalPoint } from './external.ts';
export { foldCandles } from './fold-candles.ts';
export { type Forecast, type ForecastReference, type ForecastTiming, type Model, QUANTILE_LEVELS, type Quantile } from './forecast.ts';
export { GAP_REASONS, GAP_RESOLUTIONS, type Gap, type GapReason, type GapResolution } from './gap.ts';
export { dueEveryMs, HORIZONS, type Horizon, horizonMs, isDueAt, parseHorizon } from './horizon.ts';
export {
  type Instrument,
  type InstrumentId,
  parseInstrumentId,
  SERIES_STATES,
  type SeriesState,
  splitInstrumentId,
  toInstrumentId,
  VENUES,
  type Venue,
} from './instrument.ts';
export {
  ceilToInterval,
  closeTimeOf,
  floorToInterval,
  floorToStep,
  INTERVALS,
  type Interval,
  intervalMs,
  parseInterval,
  ROLLUP_LADDER,
} from './interval.ts';
export { GENESIS_HASH, type LedgerEntry, type LedgerHead, type LedgerModel, toLedgerText } from './ledger.ts';
export { planGaps, splitRange, subtractRange } from './plan-gaps.ts';
export type { BookQuery, BookReader, BookWriter } from './ports/book-store.ts';
export type {
  BarColumns,
  CandleQuery,
  CandleReader,
  CandleSnapshot,
  CandleWriter,
  ClosedCandles,
  CommitResult,
  DailyTotalQuery,
  DailyTotalRow,
  MarketSummaryRow,
  SeriesEnd,
  SeriesStart,
} from './ports/candle-store.ts';
export {
  type ConnectTurns,
  type CrewMember,
  type CrewSeat,
  type CrewView,
  type Lease,
  LeaseLostError,
  type LeaseOf,
  type MemberReport,
  type SeatRequest,
} from './ports/crew.ts';
export type { EventLog, LatestChannel } from './ports/event-log.ts';
export type { ExternalQuery, ExternalReader, ExternalWriter } from './ports/external-store.ts';
export type { ForecastScorer, ResolveRequest } from './ports/forecast-scorer.ts';
export type {
  ForecastBatch,
  ForecastPlace,
  ForecastQuery,
  ForecastReader,
  ForecastWriter,
  NewForecast,
  TrackKey,
  TrackQuery,
  TrackRows,
} from './ports/forecast-store.ts';
export type { GapLine, GapQuery, GapReader } from './ports/gap-store.ts';
