import type { EpochMs, Horizon } from '@candlecast/domain';
import type { ModelFamily } from '../models/ladder/ladder-model.ts';
import type { SplitCanary } from './canaries.ts';
import type { LossTest } from './diebold-mariano.ts';
import type { JointCoverage } from './joint-coverage.ts';
import type { HorizonJudgement } from './judge-horizon.ts';
import type { Trial } from './search.ts';

/** A judgement beside the reference and the rivals. Skills are shares of 1. */
export interface ComparedJudgement extends HorizonJudgement {
  /** 1 − CRPS ÷ the reference's. */
  readonly skill: number;
  /** The same of the outermost two levels. */
  readonly tailSkill: number;
  readonly beatsReference: LossTest;
  readonly beatsHarS: LossTest;
  /** Mean absolute error of the median ÷ persistence's, and ÷ that of simple exponential smoothing. */
  readonly maeToPersistence: number;
  readonly maeToSes: number;
  /** Share of calendar months with a positive skill, and the skill of each. */
  readonly positiveMonths: number;
  readonly months: readonly { readonly month: string; readonly skill: number }[];
}

/** One row of the ladder as it was judged. */
export interface ModelReport {
  readonly name: string;
  readonly family: ModelFamily;
  readonly description: string;
  /** By symbol, then in the order of the horizons. */
  readonly symbols: Readonly<Record<string, readonly ComparedJudgement[]>>;
}

/** One symbol of the ensemble. */
export interface EnsembleReport {
  /** Per horizon: the share of origins with the location on. */
  readonly openShares: readonly number[];
  readonly joint: JointCoverage;
  readonly jointReference: JointCoverage;
  /** p of the ensemble beating the reference, by Holm over horizons. */
  readonly holm: readonly number[];
  /** The mean over horizons of CRPS ÷ sigma, ensemble against reference and against HAR-S: one test over all horizons. */
  readonly allHorizons: { readonly reference: LossTest; readonly harS: LossTest };
  /** The ensemble without one member, and without both LSTMs, by who is left out: how much worse, per horizon; positive z means that they help. */
  readonly without: Readonly<Record<string, readonly LossTest[]>>;
}

/** Everything that an evaluation found. */
export interface EvaluationReport {
  readonly command: string;
  readonly seed: number;
  readonly featureSchema: number;
  readonly data: {
    readonly hash: string;
    readonly files: readonly string[];
    readonly symbols: readonly string[];
    readonly interval: string;
  };
  readonly folds: readonly {
    readonly from: EpochMs;
    readonly to: EpochMs;
    readonly validationFrom: EpochMs;
    readonly training: number;
    readonly validation: number;
    readonly test: number;
  }[];
  readonly horizons: readonly Horizon[];
  readonly tested: readonly string[];
  readonly models: readonly ModelReport[];
  readonly ensemble: Readonly<Record<string, EnsembleReport>>;
  readonly ablations: readonly ModelReport[];
  /** Cards of the fits by model, fold by fold: what was found in fitting, and importance where it was measured. */
  readonly fits: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
  /** Every trial of the search, best first; empty when none was asked for. */
  readonly search: readonly Trial[];
  readonly canaries: { readonly split: SplitCanary; readonly permuted: readonly LossTest[] };
  readonly leftOut: Readonly<Record<string, string>>;
  /** Why this report is not to be published as it is; empty when it may be. */
  readonly alarms: readonly string[];
}
