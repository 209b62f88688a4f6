import { DAY_MS, type EpochMs, type Horizon, type Model } from '@candlecast/domain';
import { EWMA_NORMAL } from '../models/ewma-normal.ts';

/** A model that has seen nothing of so many days is not shown any more. */
export const MOST_AGE_MS = 45 * DAY_MS;
/** What a challenger is judged on, and what a champion is held to after it was promoted. */
export const JUDGED_MS = 90 * DAY_MS;
export const PROBATION_MS = 30 * DAY_MS;
/** Below this a former champion counts as better. */
export const ROLLBACK_LEVEL = 0.05;
/** Instruments whose scores are compared: more tell little, because they move together. */
export const JUDGED_INSTRUMENTS = 50;

/** What is shown where every trained model is too old: the first of these that there is. */
export const FALLBACK_NAMES: readonly string[] = ['har-s', EWMA_NORMAL.name];

/** Tells whether a model may be shown at `now`, by the venue's clock. What is not trained does not grow old. */
export function isFresh({ trainedThrough }: Pick<Model, 'trainedThrough'>, now: EpochMs): boolean {
  return trainedThrough === null || now - trainedThrough <= MOST_AGE_MS;
}

/** Tells whether a model forecasts a horizon, as its card says; one whose card says nothing forecasts all. */
export function speaksOf({ card }: Pick<Model, 'card'>, horizon: Horizon): boolean {
  return !Array.isArray(card.horizons) || card.horizons.includes(horizon);
}
