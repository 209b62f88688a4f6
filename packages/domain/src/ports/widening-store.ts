import type { PathKnot, PathWidening } from '../forecast-path.ts';
import type { InstrumentId, Venue } from '../instrument.ts';
import type { EpochMs } from '../time.ts';

/** Whose paths are widened: every version of a model's name, for one instrument. */
export interface PathKey {
  readonly instrumentId: InstrumentId;
  readonly modelName: string;
}

export type NewPathWidening = PathKey & PathWidening & { readonly madeAt: EpochMs };

/** A fan that was said on time at a full hour. */
export interface SpokenPath {
  readonly asOf: EpochMs;
  readonly knots: readonly PathKnot[];
}

/** Keeps by how much bands are widened for whole paths (the forecaster owns this). */
export interface WideningStore {
  /** Who has spoken on enough days before `madeAt`, a UTC midnight, and has no widening of then. */
  findDuePaths(venue: Venue, madeAt: EpochMs): Promise<PathKey[]>;
  /** Fans of full hours within the window of the rule whose day was over at `madeAt`, oldest first; of two versions the younger. */
  findSpokenPaths(key: PathKey, madeAt: EpochMs): Promise<SpokenPath[]>;
  /** Stores a widening; one that is there already stays. */
  saveWidening(widening: NewPathWidening): Promise<void>;
}
