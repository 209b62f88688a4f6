import { type Decimal, type EpochMs, horizonMs, type Interval, intervalMs, MINUTE_MS, parseHorizon } from '@candlecast/domain';
import { toInstant } from './chart-candle.ts';
import { toChartNumber } from './to-chart-number.ts';

/** A forecast as the API sends it, as far as a chart needs it. */
export interface IssuedForecast {
  readonly id: string;
  readonly horizon: string;
  readonly asOf: string;
  readonly targetTime: string;
  readonly refPrice: Decimal;
  readonly quantiles: readonly { readonly level: number; readonly value: Decimal }[];
  readonly model: FanModel;
}

/** Where a forecast sees the price at one target time: its median and the 50 % and 90 % bands. */
export interface FanPoint {
  readonly time: EpochMs;
  readonly lower90: number;
  readonly lower50: number;
  readonly median: number;
  readonly upper50: number;
  readonly upper90: number;
}

/** A model as a legend names it. */
export interface FanModel {
  readonly id: string;
  readonly name: string;
  readonly version: string;
}

/** A horizon of a fan and the number of the model that made it. */
export interface FanPart {
  readonly horizon: string;
  readonly modelId: string;
}

/** Forecasts of several horizons as one fan that opens at the issue price. */
export interface ForecastFan {
  readonly asOf: EpochMs;
  readonly refPrice: number;
  /** By target time; every one lies after `asOf`. */
  readonly points: readonly FanPoint[];
  /** Every model that has a part in it, once. */
  readonly models: readonly FanModel[];
  /** Whose horizons it is made of, the shortest first. */
  readonly parts: readonly FanPart[];
  /** How often the shortest horizon shown is due: every minute up to 2h, every 15 minutes beyond. */
  readonly cadenceMs: number;
}

const MAX_CANDLES_AHEAD = 36;
const EVERY_MINUTE_UP_TO_MS = horizonMs('2h');

/**
 * Returns the fan of a symbol's newest forecasts for a chart of `interval`: the horizons that reach at most 36 candles ahead,
 * or the shortest one where none does. Undefined when there is no forecast with a target after the newest `asOf`.
 */
export function toForecastFan(forecasts: readonly IssuedForecast[], interval: Interval): ForecastFan | undefined {
  const newest = newestByHorizon(forecasts);
  const reach = MAX_CANDLES_AHEAD * intervalMs(interval);
  const near = newest.filter(({ lengthMs }) => lengthMs <= reach);
  const shown = near.length > 0 ? near : newest.slice(0, 1);
  const origin = shown.reduce((latest, item) => (item.asOf > latest.asOf ? item : latest), shown[0] ?? NOTHING);
  const ahead = shown.filter(({ point }) => point.time > origin.asOf);
  if (ahead.length === 0) return undefined;
  return {
    asOf: origin.asOf,
    refPrice: origin.refPrice,
    points: ahead.map(({ point }) => point).sort((a, b) => a.time - b.time),
    models: ahead.map(({ model }) => model).filter((model, index, all) => all.findIndex((other) => isSame(model, other)) === index),
    parts: ahead.map(({ horizon, model }) => ({ horizon, modelId: model.id })),
    cadenceMs: Math.min(...ahead.map(({ lengthMs }) => (lengthMs <= EVERY_MINUTE_UP_TO_MS ? MINUTE_MS : 15 * MINUTE_MS))),
  };
}

interface Item {
  readonly horizon: string;
  readonly lengthMs: number;
  readonly asOf: EpochMs;
  readonly refPrice: number;
  readonly model: FanModel;
  readonly point: FanPoint;
}

const NOTHING = { asOf: 0 as EpochMs, refPrice: 0 };

function newestByHorizon(forecasts: readonly IssuedForecast[]): Item[] {
  const byHorizon = new Map<number, Item>();
  for (const forecast of forecasts) {
    const item = toItem(forecast);
    if (item && item.asOf > (byHorizon.get(item.lengthMs)?.asOf ?? 0)) byHorizon.set(item.lengthMs, item);
  }
  return [...byHorizon.values()].sort((a, b) => a.lengthMs - b.lengthMs);
}

/** A horizon that this version does not know, or a forecast without the quantiles of the bands, is left out. */
function toItem(forecast: IssuedForecast): Item | undefined {
  const horizon = parseHorizon(forecast.horizon);
  const at = (level: number) => forecast.quantiles.find((quantile) => Math.abs(quantile.level - level) < 1e-9)?.value;
  const [lower90, lower50, median, upper50, upper90] = [at(0.05), at(0.25), at(0.5), at(0.75), at(0.95)];
  if (!horizon || !lower90 || !lower50 || !median || !upper50 || !upper90) return undefined;
  return {
    horizon,
    lengthMs: horizonMs(horizon),
    asOf: toInstant(forecast.asOf),
    refPrice: toChartNumber(forecast.refPrice),
    model: { id: forecast.model.id, name: forecast.model.name, version: forecast.model.version },
    point: {
      time: toInstant(forecast.targetTime),
      lower90: toChartNumber(lower90),
      lower50: toChartNumber(lower50),
      median: toChartNumber(median),
      upper50: toChartNumber(upper50),
      upper90: toChartNumber(upper90),
    },
  };
}

function isSame(a: FanModel, b: FanModel): boolean {
  return a.name === b.name && a.version === b.version;
}
