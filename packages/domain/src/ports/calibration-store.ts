import type { CalibrationKey, CalibrationTable, MaturedQuantiles } from '../calibration.ts';
import type { Venue } from '../instrument.ts';
import type { EpochMs } from '../time.ts';

/** Keeps how models are calibrated (the forecaster owns this). */
export interface CalibrationStore {
  /** Whose forecasts have matured on enough days before `madeAt`, a UTC midnight, and that have no table of then. */
  findDue(venue: Venue, madeAt: EpochMs): Promise<CalibrationKey[]>;
  /** What was said on time and what came of it, scored before `madeAt` within the window of the horizon's rule; in no order. */
  findMatured(key: CalibrationKey, madeAt: EpochMs): Promise<{ readonly matured: MaturedQuantiles[]; readonly days: number }>;
  /** Stores a table; one that is there already stays. */
  saveTable(table: CalibrationTable): Promise<void>;
  /** The newest table of each key that was made from `since` to `until`, both included. */
  findTables(venue: Venue, since: EpochMs, until: EpochMs): Promise<CalibrationTable[]>;
}
