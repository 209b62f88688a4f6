import { type EpochMs, type ForecastPace, isDueAt } from '@candlecast/domain';
import { SERVED_HORIZONS, type ServedHorizon } from '../features/feature-schema.ts';

/**
 * Returns the horizons that are due at a close. At the first close that a model serves for an instrument all are, so that its fan is whole
 * from the start.
 */
export function dueHorizons(asOf: EpochMs, pace: ForecastPace, isFirst: boolean): ServedHorizon[] {
  return SERVED_HORIZONS.filter((horizon) => isFirst || isDueAt(horizon, asOf, pace));
}
