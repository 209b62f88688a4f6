import type { Forecast } from '../forecast.ts';
import type { Venue } from '../instrument.ts';
import type { LedgerHead } from '../ledger.ts';
import type { EpochMs } from '../time.ts';

/** A part of a venue's ledger, by place. */
export interface LedgerQuery {
  readonly venue: Venue;
  /** What follows this place; 0 for the beginning. */
  readonly afterSeq: number;
  readonly limit: number;
}

/** Reads the ledgers of forecasts. */
export interface LedgerReader {
  /** The head of a venue's ledger, now or as it was at `at` by the venue's clock. */
  findLedgerHead(venue: Venue, at?: EpochMs): Promise<LedgerHead>;
  /** Entries in their order. */
  findEntries(query: LedgerQuery): Promise<Forecast[]>;
  /** The heads that were left by each transaction that appended, in their order. */
  findHeads(query: LedgerQuery): Promise<LedgerHead[]>;
  /** The SHA-256 of these forecasts' stored inputs, computed from their bytes now. */
  hashInputs(forecasts: readonly Forecast[]): Promise<ReadonlySet<string>>;
}
