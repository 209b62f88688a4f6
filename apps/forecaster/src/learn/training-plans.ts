import type { TrainingPlan } from './training-job.ts';

/** Enough for a first model within two minutes on two cores; the short history is what its name says. */
const SHORT = { estimator: 'lstm-short', trainingDays: 30, seed: 1 } as const;

/** Where there is no model yet: what serves soonest. */
export const FIRST_TRAINING: TrainingPlan = { ...SHORT, kind: 'train-first', isProven: false };

/** From scratch on what is stored by then, twice, so that the model is known to come out the same. */
export const RETRAINING: TrainingPlan = { ...SHORT, kind: 'retrain', isProven: true };
