import { type EpochMs, HOUR_MS, MINUTE_MS } from './time.ts';

/** How far ahead a forecast looks. */
export const HORIZONS = ['1m', '5m', '15m', '30m', '1h', '2h', '4h', '6h', '12h', '24h', '7d'] as const;
export type Horizon = (typeof HORIZONS)[number];

const LENGTH_MIN: Record<Horizon, number> = {
  '1m': 1,
  '5m': 5,
  '15m': 15,
  '30m': 30,
  '1h': 60,
  '2h': 120,
  '4h': 240,
  '6h': 360,
  '12h': 720,
  '24h': 1_440,
  '7d': 10_080,
};

/** Returns the horizon of that name, or undefined. */
export function parseHorizon(text: string): Horizon | undefined {
  return HORIZONS.find((horizon) => horizon === text);
}

/** Returns the horizon's length in milliseconds. */
export function horizonMs(horizon: Horizon): number {
  return LENGTH_MIN[horizon] * 60_000;
}

const EVERY_CLOSE_UP_TO_MS = 2 * HOUR_MS;
const LONGER_EVERY_MS = 15 * MINUTE_MS;

/** How often an instrument is forecast: EVERY_CLOSE that is due by the horizon's own rule, or HOURLY, all horizons on the hour. */
export const FORECAST_PACES = ['EVERY_CLOSE', 'HOURLY'] as const;
export type ForecastPace = (typeof FORECAST_PACES)[number];

/** Returns how often forecasts of that horizon are due: up to two hours at every minute's close, longer ones every 15 minutes. */
export function dueEveryMs(horizon: Horizon): number {
  return horizonMs(horizon) <= EVERY_CLOSE_UP_TO_MS ? MINUTE_MS : LONGER_EVERY_MS;
}

/** Tells whether a forecast of that horizon is due at the close at `asOf`. */
export function isDueAt(horizon: Horizon, asOf: EpochMs, pace: ForecastPace = 'EVERY_CLOSE'): boolean {
  return asOf % (pace === 'HOURLY' ? HOUR_MS : dueEveryMs(horizon)) === 0;
}
