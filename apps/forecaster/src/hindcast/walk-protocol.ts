import type { EpochMs } from '@candlecast/domain';
import type { BarSeries } from '../features/bar.ts';

/** The models that hindcasts are made by: rows of the laboratory's ladder, by name. */
export type HindcastModelName = 'har-s';

/** What a walk needs. The series can be read by several threads at once. */
export interface WalkTask {
  readonly model: HindcastModelName;
  /** Quarters of an hour up to the end of training, and nothing later. */
  readonly training: BarSeries;
  /** Quarters of an hour or minutes, from as long before the first moment as the model looks back, up to the last moment. */
  readonly serving: BarSeries;
  /** The moments to speak at, in order, each a close after the end of training; of quarters where `serving` is of quarters. */
  readonly moments: readonly EpochMs[];
}

/** What the model says at a moment, of the horizons that were due: the first ones. */
export interface WalkedMoment {
  readonly asOf: EpochMs;
  /** By horizon. */
  readonly pUps: readonly number[];
  /** Quantiles of the log-return by horizon, QUANTILE_LEVELS each. */
  readonly logReturns: readonly number[];
}

/** What a walking thread says. */
export type WalkMessage =
  | { readonly kind: 'walked'; readonly moments: readonly WalkedMoment[] }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string };
