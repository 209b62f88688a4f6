import type { Candle, EpochMs, Forecast, GapReason, InstrumentId, Interval, Model } from '@candlecast/domain';

/** A candle with its exclusive end, as the API shows it. */
export interface CandleNode extends Candle {
  readonly closeTime: EpochMs;
}

/** A forecast with the model that made it. */
export interface ForecastNode extends Forecast {
  readonly model: Model;
}

interface OfSeries {
  readonly symbol: InstrumentId;
  readonly interval: Interval;
}

export interface CandleSnapshotEvent extends OfSeries {
  readonly __typename: 'CandleSnapshot';
  readonly candles: readonly CandleNode[];
  readonly cursor: string;
}

export interface CandleUpdateEvent extends OfSeries {
  readonly __typename: 'CandleUpdate';
  readonly candle: CandleNode;
}

export interface CandleClosedEvent extends OfSeries {
  readonly __typename: 'CandleClosed';
  readonly candle: CandleNode;
  readonly cursor: string;
}

export interface CandleCorrectionEvent extends OfSeries {
  readonly __typename: 'CandleCorrection';
  readonly candle: CandleNode;
  readonly cursor: string;
}

export interface StreamGapEvent extends OfSeries {
  readonly __typename: 'StreamGap';
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly reason: GapReason;
  readonly isResolved: boolean;
  readonly cursor: string;
}

export interface StreamHeartbeatEvent {
  readonly __typename: 'StreamHeartbeat';
  readonly at: EpochMs;
  readonly cursor: string;
}

export interface StreamResetEvent {
  readonly __typename: 'StreamReset';
  readonly code: string;
  readonly message: string;
}

export interface ForecastIssuedEvent {
  readonly __typename: 'ForecastIssued';
  readonly forecast: ForecastNode;
  readonly cursor: string;
}

/** What every resumable subscription carries besides its own events. */
export type StreamEvent = StreamGapEvent | StreamHeartbeatEvent | StreamResetEvent;
export type CandleEvent = CandleSnapshotEvent | CandleUpdateEvent | CandleClosedEvent | CandleCorrectionEvent | StreamEvent;
export type ForecastEvent = ForecastIssuedEvent | StreamEvent;
