import type { AsOf } from '../as-of.ts';
import type { Instrument, InstrumentId, SeriesState, Venue } from '../instrument.ts';
import type { EpochMs } from '../time.ts';
import type { VenueClock } from '../venue-clock.ts';

/** What the exchange says of a pair. */
export type ListedInstrument = Pick<Instrument, 'id' | 'venue' | 'symbol' | 'baseAsset' | 'quoteAsset' | 'tickSize' | 'stepSize'>;

/** A new state of an instrument's series and why. */
export interface StateChange {
  readonly id: InstrumentId;
  readonly state: SeriesState;
  readonly reason: string | null;
}

/** Writes instruments and venue clocks (ingest owns them). */
export interface InstrumentWriter {
  /** Inserts or updates by id; the state of a known instrument stays. New ones start as REQUESTED. */
  upsertInstruments(listed: readonly ListedInstrument[]): Promise<void>;
  setState(id: InstrumentId, state: SeriesState, reason: string | null): Promise<void>;
  /** Sets many states in one statement. A writer with leases passes over instruments that another process keeps by now. */
  setStates(changes: readonly StateChange[]): Promise<void>;
  saveClock(clock: VenueClock): Promise<void>;
}

/** How fresh an instrument's data is. */
export interface FreshnessRow {
  readonly instrumentId: InstrumentId;
  readonly watermark: EpochMs | null;
  readonly lastKnownAt: EpochMs | null;
  readonly openGaps: number;
}

/** Reads instruments and venue clocks. */
export interface InstrumentReader {
  findInstruments(venue: Venue): Promise<Instrument[]>;
  findInstrument(id: InstrumentId): Promise<Instrument | undefined>;
  findClock(venue: Venue): Promise<VenueClock | undefined>;
  /** The venue whose clock was saved last: the running source's. */
  findRunningVenue(): Promise<Venue | undefined>;
  findFreshness(ids: readonly InstrumentId[]): Promise<FreshnessRow[]>;
  /** The same as it was at a moment of the past; by event time `lastKnownAt` is when the newest minute had ended. */
  findFreshnessAsOf(ids: readonly InstrumentId[], asOf: AsOf): Promise<FreshnessRow[]>;
}
