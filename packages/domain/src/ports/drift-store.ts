import type { DriftCheck } from '../drift.ts';
import type { Venue } from '../instrument.ts';
import type { TimeRange } from '../time.ts';

/** Keeps how champions stood, and reads what that is told by (the forecaster owns this). */
export interface DriftStore {
  /** Inputs that a model was given on the hour in a range, of the instruments that were listed first, `instruments` at most. */
  findInputs(venue: Venue, modelId: number, range: TimeRange, instruments: number): Promise<Uint8Array[]>;
  /** How many live instruments have a recorded gap longer than `mostMs` that reaches into a range and was not filled. */
  countGapped(venue: Venue, range: TimeRange, mostMs: number): Promise<number>;
  /** Stores checks; those of a horizon and midnight that are there already stay. */
  saveChecks(checks: readonly DriftCheck[]): Promise<void>;
  /** The newest check of each horizon, shortest first. */
  findNewest(venue: Venue): Promise<DriftCheck[]>;
}
