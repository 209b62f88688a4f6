import type { AlertFiring, Candle, EpochMs, GapReason, InstrumentId, Interval, LedgerHead } from '@candlecast/domain';
import type { ForecastNode } from '../market/forecast-nodes.ts';

/** A candle with its exclusive end, as the API shows it. */
export interface CandleNode extends Candle {
  readonly closeTime: EpochMs;
  /** Made up for a missing one. */
  readonly isFilled?: boolean;
}

interface OfSeries {
  readonly symbol: InstrumentId;
  readonly interval: Interval;
}

/** The newest candles of a series, sent first. */
export interface CandleSnapshotEvent extends OfSeries {
  readonly __typename: 'CandleSnapshot';
  readonly candles: readonly CandleNode[];
  readonly cursor: string;
}

/** The newest state of a candle that is still open. */
export interface CandleUpdateEvent extends OfSeries {
  readonly __typename: 'CandleUpdate';
  readonly candle: CandleNode;
}

/** A candle is finished and stored. */
export interface CandleClosedEvent extends OfSeries {
  readonly __typename: 'CandleClosed';
  readonly candle: CandleNode;
  readonly cursor: string;
}

/** A closed candle has changed, or came late. */
export interface CandleCorrectionEvent extends OfSeries {
  readonly __typename: 'CandleCorrection';
  readonly candle: CandleNode;
  readonly cursor: string;
}

/** Minutes are missing, or are no longer. */
export interface StreamGapEvent extends OfSeries {
  readonly __typename: 'StreamGap';
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly reason: GapReason;
  readonly isResolved: boolean;
  readonly cursor: string;
}

/** Everything up to the cursor has been sent. */
export interface StreamHeartbeatEvent {
  readonly __typename: 'StreamHeartbeat';
  readonly at: EpochMs;
  readonly cursor: string;
}

/** The log has begun anew; the subscription ends. */
export interface StreamResetEvent {
  readonly __typename: 'StreamReset';
  readonly code: string;
  readonly message: string;
}

/** A forecast has been stored. */
export interface ForecastIssuedEvent {
  readonly __typename: 'ForecastIssued';
  readonly forecast: ForecastNode;
  /** Null in what was logged before the ledger was chained. */
  readonly head: LedgerHead | null;
  readonly cursor: string;
}

/** A forecast has matured and what came of it is stored. */
export interface ForecastResolvedEvent {
  readonly __typename: 'ForecastResolved';
  readonly forecast: ForecastNode;
  readonly cursor: string;
}

/** An alert has fired. */
export interface AlertFiringEvent {
  readonly __typename: 'AlertFiringEvent';
  readonly firing: AlertFiring;
  readonly cursor: string;
}

/** What every resumable subscription carries besides its own events. */
export type StreamEvent = StreamGapEvent | StreamHeartbeatEvent | StreamResetEvent;
/** What a candle subscription sends. */
export type CandleEvent = CandleSnapshotEvent | CandleUpdateEvent | CandleClosedEvent | CandleCorrectionEvent | StreamEvent;
/** What a forecast subscription sends. */
export type ForecastEvent = ForecastIssuedEvent | ForecastResolvedEvent | StreamEvent;
/** What a subscription to alerts sends. */
export type AlertEvent = AlertFiringEvent | StreamHeartbeatEvent | StreamResetEvent;
