import { type Horizon, horizonMs, MINUTE_MS } from '@candlecast/domain';

/** Version of everything in this folder that decides what a model sees. A model serves only under the version it was trained with. */
export const FEATURE_SCHEMA = 1;

/** The horizons that are served, shortest first: from 15 minutes, where 1m candles carry more than the bounce of the spread, to a day. */
export const SERVED_HORIZONS = ['15m', '30m', '1h', '2h', '4h', '6h', '12h', '24h'] as const satisfies readonly Horizon[];
export type ServedHorizon = (typeof SERVED_HORIZONS)[number];

/** The served horizons in minutes. */
export const HORIZON_MINUTES: readonly number[] = SERVED_HORIZONS.map((horizon) => horizonMs(horizon) / MINUTE_MS);

/** Steps in a lookback and minutes in a step. Steps end at `asOf`, whatever minute that is, so that every close has its own window. */
export const LOOKBACK_STEPS = 48;
export const STEP_MINUTES = 5;

/**
 * What a model sees of each step, in this order. "reference" is the 12h-horizon sigma at `asOf`, scaled to the step.
 * - `return`: log return of the close ÷ reference, within ±8
 * - `range`: ln of (Parkinson range ÷ reference + 0.05)
 * - `volume`: ln of (base volume ÷ its mean per step over the reference span + 0.01)
 * - `imbalance`: taker buys − taker sells as a share of base volume, −1 to 1; 0 when the source does not tell
 * - `imbalanceKnown`: 1 when the source tells, else 0
 * - `sigmaFast`, `sigmaMedium`: ln of the 1h-horizon and the 4h-horizon sigma at the step's end ÷ reference
 * - `daySin` … `weekCos`: the step's end as an angle of the UTC day and of the week
 */
export const FEATURES = [
  'return',
  'range',
  'volume',
  'imbalance',
  'imbalanceKnown',
  'sigmaFast',
  'sigmaMedium',
  'daySin',
  'dayCos',
  'weekSin',
  'weekCos',
] as const;
