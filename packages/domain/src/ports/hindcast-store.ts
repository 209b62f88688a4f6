import type { Decimal } from '../decimal.ts';
import type { Hindcast, HindcastKey, HindcastModel } from '../hindcast.ts';
import type { Horizon } from '../horizon.ts';
import type { InstrumentId } from '../instrument.ts';
import type { EpochMs, TimeRange } from '../time.ts';

/** What a model says at one moment of the past, of the first of its horizons. */
export interface NewHindcast {
  readonly asOf: EpochMs;
  /** Close of the candle that ends at `asOf`. */
  readonly refPrice: Decimal;
  /** By horizon. */
  readonly pUps: readonly number[];
  /** Quantiles of the log-return by horizon, QUANTILE_LEVELS each. */
  readonly logReturns: readonly number[];
}

/** How far a model has walked on a grid of moments: everything before `walkedUntil` that can be said was said. */
export interface HindcastWalk {
  readonly grid: string;
  /** The model's. */
  readonly trainedThrough: EpochMs;
  readonly walkedUntil: EpochMs;
}

/** Writes hindcasts (the forecaster owns them). */
export interface HindcastWriter {
  /** Inserts the model or returns the one of the same instrument, name, end of training and data. */
  saveModel(model: Omit<HindcastModel, 'id'>): Promise<HindcastModel>;
  /** How far models of that name have walked for an instrument, in no order; the furthest of each grid and end of training. */
  findWalks(instrumentId: InstrumentId, name: string): Promise<HindcastWalk[]>;
  /**
   * Appends hindcasts of a model and notes how far it has walked, one transaction. What is there of a moment stays, whoever said it. Returns how
   * many are new. Throws `look_ahead` for one whose `asOf` is not after the end of the model's training: the database refuses it.
   */
  appendHindcasts(model: HindcastModel, rows: readonly NewHindcast[], walk: Omit<HindcastWalk, 'trainedThrough'>): Promise<number>;
}

/** Which hindcasts of an instrument to read. */
export interface HindcastQuery {
  readonly instrumentId: InstrumentId;
  readonly horizons: readonly Horizon[];
  /** Of `asOf`. */
  readonly range: TimeRange;
  readonly limit: number;
  /** From which end; the answer is in order either way. */
  readonly take: 'oldest' | 'newest';
  /** Only what lies behind this one, seen from that end. */
  readonly beyond: Pick<HindcastKey, 'asOf' | 'horizon'> | undefined;
}

/** Reads hindcasts. */
export interface HindcastReader {
  /** In the order of `asOf`, then of the horizons' lengths. */
  findHindcasts(query: HindcastQuery): Promise<Hindcast[]>;
  findHindcast(key: HindcastKey): Promise<Hindcast | undefined>;
  /** Hindcasts up to a day ahead, shortest first, of the newest moment by `at` that has one of a day; none where that is a day ago. */
  findHindcastFan(instrumentId: InstrumentId, at: EpochMs): Promise<Hindcast[]>;
}
