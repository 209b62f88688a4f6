import { DAY_MS, horizonMs, MINUTE_MS } from '@candlecast/domain';
import type { BarSchema } from '../features/bar-schema.ts';
import { SERVED_HORIZONS } from '../features/feature-schema.ts';
import { DECAYS } from '../features/sigma.ts';

const STEP_MINUTES = 15;
const STEP_MS = STEP_MINUTES * MINUTE_MS;

/** Version of everything that decides what a hindcast says beside the candles: this file, and the features and the model that it names. */
export const HINDCAST_VERSION = 1;

/**
 * What a hindcast's model sees: bars of a quarter of an hour that end at `asOf`, whatever minute that is. The shortest horizon is one bar; the
 * spans are those of the laboratory's hourly bars, from a quarter of an hour to 30 days.
 */
export const HINDCAST_SCHEMA: BarSchema = {
  interval: '15m',
  stepMs: STEP_MS,
  horizons: SERVED_HORIZONS,
  horizonBars: SERVED_HORIZONS.map((horizon) => horizonMs(horizon) / STEP_MS),
  decays: SERVED_HORIZONS.map((horizon) => DECAYS[horizon] ** STEP_MINUTES),
  dayBars: DAY_MS / STEP_MS,
  scales: [1, 4, 12, 24, 48, 96, 288, 672, 2_880],
  momentum: [1, 4, 24, 96, 672],
  fast: [1, 24, 96],
  lookback: 4,
  warmup: 2_880,
  originEvery: 1,
};
