import type { CalibrationKey } from '../calibration.ts';
import type { EpochMs, TimeRange } from '../time.ts';

/** How far a median and the last price were from what came, as log returns. */
export interface PointErrors {
  readonly asOf: EpochMs;
  /** |outcome − median|. */
  readonly located: number;
  /** |outcome|: the last price says that nothing moves. */
  readonly naive: number;
}

/** Reads how far point forecasts were off (the forecaster owns the scores). */
export interface PointErrorReader {
  /** Of every version of the name, on the hour, issued as of a moment in `range` and scored before its end, oldest first; a younger version goes first. */
  findPointErrors(key: CalibrationKey, range: TimeRange): Promise<PointErrors[]>;
}
