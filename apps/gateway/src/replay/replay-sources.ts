import type { BookReader, CandleReader, Clock, EventLog, GapReader, ReplayReader, TradeReader } from '@candlecast/domain';
import type { ForecastNodes } from '../market/forecast-nodes.ts';
import type { Venues } from '../market/venues.ts';

/** What replays are made from. `wall` is this machine's time. */
export interface ReplaySources {
  readonly replay: ReplayReader;
  readonly candles: CandleReader;
  readonly gaps: GapReader;
  readonly trades: TradeReader;
  readonly books: BookReader;
  readonly nodes: Pick<ForecastNodes, 'ofOutcomes'>;
  readonly venues: Venues;
  readonly log: Pick<EventLog, 'head'>;
  readonly wall: Clock;
  readonly heartbeatMs: number;
  /** This machine's steady time, in milliseconds. */
  elapsed(): number;
  /** Waits for so many milliseconds of it, or until the signal aborts. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}
