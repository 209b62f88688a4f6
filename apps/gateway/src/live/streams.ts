import type { CandleReader, EventLog } from '@candlecast/domain';
import type { ForecastNodes } from '../market/forecast-nodes.ts';
import type { Venues } from '../market/venues.ts';
import { type AlertStreamRequest, openAlertStream } from './alert-stream.ts';
import { type CandleStreamRequest, openCandleStream } from './candle-stream.ts';
import type { CatchUpTurns } from './catch-up-turns.ts';
import type { EventHub } from './event-hub.ts';
import type { Fanout } from './fanout.ts';
import { type ForecastStreamRequest, openForecastStream } from './forecast-stream.ts';
import type { LatestValues } from './latest-values.ts';
import type { OpenCandles } from './open-candles.ts';
import type { Outlet } from './outlet.ts';
import type { FanoutCounts } from './room.ts';
import type { StreamLimits } from './stream-durable.ts';
import type { AlertEvent, CandleEvent, ForecastEvent } from './stream-events.ts';
import { type LatestStreamRequest, openLatestStream } from './stream-latest.ts';

/** What streams are made from. */
export interface StreamSources {
  readonly log: EventLog;
  readonly hub: EventHub;
  readonly latest: LatestValues;
  readonly openCandles: OpenCandles;
  readonly candles: CandleReader;
  readonly nodes: ForecastNodes;
  readonly venues: Venues;
  readonly fanout: Fanout;
  readonly turns: CatchUpTurns;
  readonly counts: FanoutCounts;
  readonly limits: StreamLimits;
}

/** The reader of a stream: gone when `signal` aborts. */
export interface StreamReader {
  readonly signal: AbortSignal;
  cutSlowReader(cursor: string): void;
  /** Where shared events leave; absent when the transport executes every subscription by itself. */
  readonly outlet?: Outlet;
}

/** Opens subscriptions. What is wrong with a request rejects; nothing is held before the first event is asked for. */
export interface Streams {
  candles(request: CandleStreamRequest, reader: StreamReader): Promise<AsyncGenerator<CandleEvent>>;
  forecasts(request: ForecastStreamRequest, reader: StreamReader): Promise<AsyncGenerator<ForecastEvent>>;
  alerts(request: AlertStreamRequest, reader: StreamReader): Promise<AsyncGenerator<AlertEvent>>;
  latest<T>(request: LatestStreamRequest<T>, reader: StreamReader): AsyncGenerator<T>;
}

/** Returns the streams over `sources`. */
export function createStreams(sources: StreamSources): Streams {
  return {
    candles: (request, reader) => openCandleStream(sources, request, reader),
    forecasts: (request, reader) => openForecastStream(sources, request, reader),
    alerts: (request, reader) => openAlertStream(sources, request, reader),
    latest: (request, reader) => openLatestStream(sources, request, reader),
  };
}
