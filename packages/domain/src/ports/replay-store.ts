import type { Candle } from '../candle.ts';
import type { Forecast } from '../forecast.ts';
import type { GapReason } from '../gap.ts';
import type { Hindcast } from '../hindcast.ts';
import type { Horizon } from '../horizon.ts';
import type { InstrumentId, Venue } from '../instrument.ts';
import type { LedgerHead } from '../ledger.ts';
import type { Resolution } from '../resolution.ts';
import type { EpochMs } from '../time.ts';

/** Something that became known at `time`. Among those of one time `key` orders, and names the thing. */
export interface Known {
  readonly instrumentId: InstrumentId;
  readonly time: EpochMs;
  readonly key: string;
}

/**
 * A version of a 1m candle and when it became known: one received live at its `knownAt`, one that was fetched as history (`reconstructed`, in its
 * present version only) at its close. Never before its close.
 */
export interface KnownMinute extends Known {
  readonly candle: Candle;
}

/** A change of the gap ledger: minutes are missing, or are no longer. Before the first live minute it counts at the end of the range. */
export interface KnownGap extends Known {
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly reason: GapReason;
  readonly isResolved: boolean;
}

/** A forecast, which became known when it was issued. */
export interface KnownForecast extends Known {
  readonly forecast: Forecast;
  /** The ledger after the transaction that issued it; null for what the ledger held before it was chained. */
  readonly head: LedgerHead | null;
  readonly resolution: null;
}

/** What came of a forecast, known since it was scored or found void. */
export interface KnownResolution extends Known {
  readonly forecast: Forecast;
  readonly resolution: Resolution;
}

/** A hindcast, played at its `asOf`: nothing was issued of that instrument, horizon and moment. */
export interface KnownHindcast extends Known {
  readonly hindcast: Hindcast;
}

/** Asks for what became known after a place (a time and the key there) and up to `until`, both in order. */
export interface KnownQuery {
  readonly instrumentIds: readonly InstrumentId[];
  readonly after: Pick<Known, 'time' | 'key'>;
  readonly until: EpochMs;
  readonly limit: number;
}

/** Which forecasts became known. */
export interface KnownForecastQuery extends KnownQuery {
  readonly horizons: readonly Horizon[];
}

/** Reads the past in the order in which it became known. */
export interface ReplayReader {
  /** By time and key. */
  findKnownMinutes(query: KnownQuery): Promise<KnownMinute[]>;
  /** By time and key. */
  findKnownGaps(query: KnownQuery): Promise<KnownGap[]>;
  /** By time and place in the ledger. */
  findKnownForecasts(query: KnownForecastQuery): Promise<KnownForecast[]>;
  /** By time, target time and place in the ledger. */
  findKnownResolutions(query: KnownForecastQuery): Promise<KnownResolution[]>;
  /** By time, symbol and length of the horizon; none of what was issued. */
  findKnownHindcasts(query: KnownForecastQuery): Promise<KnownHindcast[]>;
  /** Whether a minute of the venue became known within `withinMs` before `at`. */
  wasAlive(venue: Venue, at: EpochMs, withinMs: number): Promise<boolean>;
}
