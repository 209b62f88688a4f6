import type { Decimal } from '../decimal.ts';
import type { Forecast } from '../forecast.ts';
import type { Horizon } from '../horizon.ts';
import type { InstrumentId, Venue } from '../instrument.ts';
import type { LedgerHead } from '../ledger.ts';
import type { EpochMs } from '../time.ts';

/** A part of a venue's ledger, by place. */
export interface LedgerQuery {
  readonly venue: Venue;
  /** What follows this place; 0 for the beginning. */
  readonly afterSeq: number;
  readonly limit: number;
}

/** The close of a stored candle, and since when it is known. */
export interface StoredClose {
  readonly close: Decimal;
  readonly knownAt: EpochMs;
}

/** A day of a model whose sums are not those of its scores. */
export interface DifferingDay {
  readonly instrumentId: InstrumentId;
  readonly modelId: number;
  readonly horizon: Horizon;
  readonly day: EpochMs;
}

/** Reads the ledgers of forecasts. */
export interface LedgerReader {
  /** The head of a venue's ledger, now or as it was at `at` by the venue's clock. */
  findLedgerHead(venue: Venue, at?: EpochMs): Promise<LedgerHead>;
  /** Entries in their order. */
  findEntries(query: LedgerQuery): Promise<Forecast[]>;
  /** The heads that were left by each transaction that appended, in their order. */
  findHeads(query: LedgerQuery): Promise<LedgerHead[]>;
  /** The candles that end at these forecasts' target times, in their order; null where there is none. */
  findCloses(forecasts: readonly Forecast[]): Promise<(StoredClose | null)[]>;
  /** The days whose sums differ from those of the scores by more than 1e-9 of their size. */
  findDifferingDays(venue: Venue): Promise<DifferingDay[]>;
  /** The SHA-256 of these forecasts' stored inputs, computed from their bytes now. */
  hashInputs(forecasts: readonly Forecast[]): Promise<ReadonlySet<string>>;
}
