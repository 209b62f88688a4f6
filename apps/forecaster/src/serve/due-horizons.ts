import { type EpochMs, HOUR_MS, horizonMs, MINUTE_MS } from '@candlecast/domain';
import { SERVED_HORIZONS, type ServedHorizon } from '../features/feature-schema.ts';

const EVERY_CLOSE_UP_TO_MS = 2 * HOUR_MS;
const LONGER_EVERY_MS = 15 * MINUTE_MS;

/**
 * Returns the horizons that are due at a close: up to two hours at every minute, longer ones at every quarter of an hour. At the first
 * close that a model serves for an instrument all are due, so that its fan is whole from the start.
 */
export function dueHorizons(asOf: EpochMs, isFirst: boolean): ServedHorizon[] {
  return SERVED_HORIZONS.filter((horizon) => isFirst || horizonMs(horizon) <= EVERY_CLOSE_UP_TO_MS || asOf % LONGER_EVERY_MS === 0);
}
