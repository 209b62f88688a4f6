import type { TrainingPlan } from './training-job.ts';

/** Enough for a first model within two minutes on two cores; the short history is what its name says. */
const SHORT = { estimator: 'lstm-short', trainingDays: 30, seed: 1 } as const;

/** Where there is no model yet: what serves soonest. */
export const FIRST_TRAINING: TrainingPlan = { ...SHORT, kind: 'train-first', isProven: false };

/** From scratch on what is stored by then, twice, so that the model is known to come out the same. */
export const RETRAINING: TrainingPlan = { ...SHORT, kind: 'retrain', isProven: true };

/** Seconds for ten instruments; what is older than a season and a year says little of today's volatility. */
const HAR_S = { estimator: 'har-s', trainingDays: 500, seed: 1, isProven: true } as const;

/** Where HAR-S does not serve yet and there is history enough. */
export const FIRST_HAR_S: TrainingPlan = { ...HAR_S, kind: 'fit-har-s' };

/** Every day, on all that has matured by then. */
export const HAR_S_REFIT: TrainingPlan = { ...HAR_S, kind: 'refit-har-s' };

/** One network for all instruments; beyond two dozen, which move together, more of them cost memory and say little. */
const CONTEXT = { estimator: 'lstm-context', trainingDays: 500, mostInstruments: 24, seed: 1, isProven: true } as const;

/** Where the LSTM with context does not serve yet and there is history enough. */
export const FIRST_CONTEXT: TrainingPlan = { ...CONTEXT, kind: 'train-context' };

/** As often as `RETRAINING`. */
export const CONTEXT_RETRAINING: TrainingPlan = { ...CONTEXT, kind: 'retrain-context' };

/** Kinds of job that put the newest members together: where there is no ensemble yet, and every day. */
export const FIRST_ENSEMBLE = 'make-ensemble';
export const ENSEMBLE_REMAKING = 'remake-ensemble';
