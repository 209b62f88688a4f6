import type { AsOf } from '../as-of.ts';
import type { CandleValues } from '../candle.ts';
import type { Gap } from '../gap.ts';
import type { InstrumentId } from '../instrument.ts';
import type { AuditWindow, ImportedFile, QualityReport, TradeIdCheck } from '../quality.ts';
import type { EpochMs, TimeRange } from '../time.ts';
import type { CommitResult } from './candle-store.ts';

/** How many minutes of a UTC day are stored. */
export interface DayCount {
  readonly day: EpochMs;
  readonly minutes: number;
  /** Rows off the minute grid. */
  readonly offGrid: number;
}

/** Reads how good the stored 1m candles are. An instrument that is not known has none. */
export interface QualityReader {
  /** Days without a candle are left out; a day that the range cuts is counted within it. */
  countDays(instrumentId: InstrumentId, range: TimeRange): Promise<DayCount[]>;
  /** Compares every candle with trades with the one before it, as of a moment of the past if one is given. Reads the whole range: callers bound it. */
  checkTradeIds(instrumentId: InstrumentId, range: TimeRange, asOf?: AsOf): Promise<TradeIdCheck>;
  /** Runs every check. Reads the whole range: callers bound it. */
  findQuality(instrumentId: InstrumentId, range: TimeRange): Promise<QualityReport>;
  /** The newest audit of every window that overlaps `range`, oldest window first. */
  findAudits(instrumentId: InstrumentId, range: TimeRange): Promise<AuditWindow[]>;
  /** Unresolved gaps of this reason, oldest first. */
  findUnresolved(instrumentId: InstrumentId, reason: Gap['reason']): Promise<Gap[]>;
  /** Dump files that were imported, by name, newest version of each last. */
  findImportedFiles(instrumentId: InstrumentId): Promise<ImportedFile[]>;
}

/** Keeps what audits found. */
export interface AuditWriter {
  /** Replaces the window's earlier audit. */
  saveAudit(instrumentId: InstrumentId, window: AuditWindow): Promise<void>;
}

/** Writes long histories in bulk. */
export interface CandleImporter {
  /**
   * Stores 1m candles (oldest first, unique) in one transaction: those before the first live candle by COPY, with one
   * `candles.backfilled`; later ones as `commitClosed` does, one event each. The same rule as every write: no fewer trades, never
   * open again. Running it twice changes nothing.
   */
  importCandles(instrumentId: InstrumentId, candles: readonly CandleValues[], knownAt: EpochMs): Promise<CommitResult>;
  /** Makes the roll-ups of a range of imports equal to their minutes where the tier does that later (continuous aggregates). */
  settle(range: TimeRange): Promise<void>;
  /** Records a file, or the same file again. */
  saveImportedFile(instrumentId: InstrumentId, file: ImportedFile): Promise<void>;
}
