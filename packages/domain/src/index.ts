export {
  ALERT_DIRECTIONS,
  ALERT_STATES,
  type Alert,
  type AlertDirection,
  type AlertFiring,
  type AlertMemory,
  type AlertRule,
  type AlertState,
  alertKey,
  type Crossed,
  type CrossingMemory,
  type NewAlert,
} from './alert.ts';
export { type AsKnownOptions, EXTERNAL_FILLS, type ExternalFill, type KnownValue, readAsKnown } from './as-known.ts';
export type { AsOf } from './as-of.ts';
export { type BackoffRange, DATABASE_BACKOFF, jitteredDelayMs } from './backoff.ts';
export { BARS_A_CHUNK, chunkMs, floorToChunk, isChunk } from './bar-chunk.ts';
export { type CalibrationKey, type CalibrationTable, calibrate, calibrationRule, type MaturedQuantiles, toScales } from './calibration.ts';
export type { Candle, CandleValues } from './candle.ts';
export { CHAMPION_REASONS, type ChampionChange, type ChampionReason, type PairedOrigin } from './champion.ts';
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
export { parseDecimalText } from './decimal-text.ts';
export { DEPTH_LEVELS, type DepthLevel, type DepthState, type DepthUpdate, type DepthWish } from './depth.ts';
export { DRIFT_ALARMS, type DriftAlarm, type DriftCheck } from './drift.ts';
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
export { type ExternalPoint, isSeriesKey } from './external.ts';
export { foldCandles } from './fold-candles.ts';
export {
  type Forecast,
  type ForecastCalibration,
  type ForecastReference,
  type ForecastTiming,
  type Model,
  QUANTILE_LEVELS,
  type Quantile,
} from './forecast.ts';
export {
  JOINT_LEVELS,
  type PathKnot,
  type PathWidening,
  pathLogReturn,
  reachOf,
  toPathKnots,
  toWideningFactors,
  WIDENING_RULE,
} from './forecast-path.ts';
export { GAP_REASONS, GAP_RESOLUTIONS, type Gap, type GapReason, type GapResolution } from './gap.ts';
export { type Hindcast, type HindcastKey, type HindcastModel, parseHindcastId, toHindcastId } from './hindcast.ts';
export { dueEveryMs, FORECAST_PACES, type ForecastPace, HORIZONS, type Horizon, horizonMs, isDueAt, parseHorizon } from './horizon.ts';
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
export { JOB_CADENCES, JOB_STATES, type JobCadence, type JobState, type NewJob, nextOccasion, type TakenJob } from './job.ts';
export { GENESIS_HASH, type LedgerEntry, type LedgerHead, type LedgerModel, toLedgerText } from './ledger.ts';
export {
  PAPER_VERDICTS,
  type PaperDay,
  type PaperRecord,
  type PaperRows,
  type PaperVerdict,
  toNetBps,
  toPaperRecord,
} from './paper-record.ts';
export { planGaps, splitRange, subtractRange } from './plan-gaps.ts';
export type { AlertBook, AlertChange, AlertPass, AlertRegister, NewAlertFiring } from './ports/alert-store.ts';
export type { BookQuery, BookReader, BookWriter } from './ports/book-store.ts';
export type { CalibrationStore } from './ports/calibration-store.ts';
export type {
  BarChunk,
  BarChunkQuery,
  BarChunkRow,
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
export type { ChampionStore, NewChampionChange, PairQuery } from './ports/champion-store.ts';
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
export type { DriftStore } from './ports/drift-store.ts';
export type { EventLog, LatestChannel } from './ports/event-log.ts';
export type { ExternalQuery, ExternalReader, ExternalVersionQuery, ExternalWriter } from './ports/external-store.ts';
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
export type { HindcastQuery, HindcastReader, HindcastWalk, HindcastWriter, NewHindcast } from './ports/hindcast-store.ts';
export type { FreshnessRow, InstrumentReader, InstrumentWriter, ListedInstrument, StateChange } from './ports/instrument-store.ts';
export type { JobChoice, JobLease, JobOrder, JobOutcome, JobStore, RunStore } from './ports/job-store.ts';
export { API_SCOPES, type ApiScope, type KeyStore, type NewKey, type StoredKey } from './ports/key-store.ts';
export type { DifferingDay, LedgerQuery, LedgerReader, StoredClose } from './ports/ledger-store.ts';
export type { DeskLease, LogDesk } from './ports/log-desk.ts';
export type { InstrumentPace, PaceStore } from './ports/pace-store.ts';
export type { PointErrorReader, PointErrors } from './ports/point-errors.ts';
export type { AuditWriter, CandleImporter, DayCount, QualityReader } from './ports/quality-store.ts';
export type { QuotaLease, QuotaStore } from './ports/quota-store.ts';
export type {
  Known,
  KnownForecast,
  KnownForecastQuery,
  KnownGap,
  KnownHindcast,
  KnownMinute,
  KnownQuery,
  KnownResolution,
  ReplayReader,
} from './ports/replay-store.ts';
export {
  TRACKING_ACTIONS,
  type TrackingAction,
  type TrackingAnswer,
  type TrackingDesk,
  type TrackingLedger,
  type TrackingRefusal,
  type TrackingRequest,
  type WantedChange,
  type WantedSymbol,
} from './ports/tracking-store.ts';
export type { TradePlace, TradeQuery, TradeReader, TradeWriter } from './ports/trade-store.ts';
export type { WebhookOwners, WebhookPlan, WebhookQueue, WebhookRegister } from './ports/webhook-store.ts';
export type { NewPathWidening, PathKey, SpokenPath, WideningStore } from './ports/widening-store.ts';
export {
  type AuditWindow,
  type ImportedFile,
  OUTLIER_SCORE,
  QUALITY_CHECKS,
  type QualityCheck,
  type QualityFinding,
  type QualityReport,
  type TradeIdCheck,
} from './quality.ts';
export type { Estimate } from './ratio-estimate.ts';
export { BANDS, type Band, type ForecastOutcome, type Resolution, type Score } from './resolution.ts';
export { type EndedRun, type FinishedRun, type NewRun, RUN_STATES, type RunArtifact, type RunMetrics, type RunState } from './run.ts';
export {
  DEFAULT_SPREAD_BPS,
  expectedEdgeBps,
  expectedMoveBps,
  type ForecastSignal,
  roundTripBps,
  SIGNAL_ACTIONS,
  SIGNAL_RULE,
  type SignalAction,
  type TradingCosts,
  toSignal,
} from './signal.ts';
export {
  ALL_TIME,
  addMs,
  type Clock,
  DAY_MS,
  type EpochMs,
  HOUR_MS,
  MINUTE_MS,
  parseIso,
  SECOND_MS,
  systemClock,
  type TimeRange,
  toEpochMs,
  toIso,
} from './time.ts';
export { type BookSample, midPrice, spread, type TopOfBook } from './top-of-book.ts';
export {
  LEAST_DAYS,
  SKILL_VERDICTS,
  type Skill,
  type SkillVerdict,
  type TrackDay,
  type TrackRecord,
  toSkill,
  toTrackRecord,
} from './track-record.ts';
export { mergeTrades, TAKER_SIDES, type TakerSide, TRADES_PER_UPDATE, type Trade, type TradesUpdate } from './trade.ts';
export { clockOfVenue, toVenueTime, toWallMs, type VenueClock } from './venue-clock.ts';
export {
  type DueWebhookDelivery,
  type NewWebhookDelivery,
  WEBHOOK_DELIVERY_STATES,
  type Webhook,
  type WebhookAttempt,
  type WebhookDeliveryState,
} from './webhook.ts';
