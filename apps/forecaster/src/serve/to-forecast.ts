import {
  addMs,
  type CalibrationTable,
  calibrate,
  type Decimal,
  type EpochMs,
  type ForecastCalibration,
  type ForecastReference,
  horizonMs,
  type InstrumentId,
  type NewForecast,
  QUANTILE_LEVELS,
  type TradingCosts,
  toDecimal,
  toSignal,
} from '@candlecast/domain';
import { SERVED_HORIZONS, type ServedHorizon } from '../features/feature-schema.ts';
import { toFeature } from '../features/to-feature.ts';
import { toPUp } from '../models/p-up.ts';
import type { QuantileGrid } from '../models/predictor.ts';

/** What a forecast is about, before a model has spoken. */
export interface ForecastSubject {
  readonly instrumentId: InstrumentId;
  readonly modelId: number;
  readonly asOf: EpochMs;
  /** Close of the candle that ends at `asOf`. */
  readonly refPrice: Decimal;
  readonly reference: ForecastReference | null;
  /** What trading costs then. */
  readonly costs: TradingCosts;
  /** By how much its quantiles are scaled; none where absent. */
  readonly table?: CalibrationTable | undefined;
}

/** Returns the forecast of one horizon; undefined where the model has none, because the history behind its scale has a gap. */
export function toForecast(
  { costs, table, ...subject }: ForecastSubject,
  horizon: ServedHorizon,
  grid: QuantileGrid,
): NewForecast | undefined {
  const toPrice = pricedAt(subject.refPrice);
  const row = SERVED_HORIZONS.indexOf(horizon) * QUANTILE_LEVELS.length;
  const logReturns = [...grid.subarray(row, row + QUANTILE_LEVELS.length)];
  if (!logReturns.every(Number.isFinite)) return undefined;
  const quantiles = QUANTILE_LEVELS.map((level, index) => {
    const logReturn = logReturns[index] ?? Number.NaN;
    return { level, logReturn, value: toPrice(logReturn) };
  });
  return {
    ...subject,
    horizon,
    targetTime: addMs(subject.asOf, horizonMs(horizon)),
    pUp: toPUp(logReturns),
    quantiles,
    signal: toSignal(quantiles, costs),
    calibration: table ? toCalibration(toPrice, logReturns, table) : null,
  };
}

function toCalibration(
  toPrice: (logReturn: number) => Decimal,
  logReturns: readonly number[],
  { scales, madeAt }: CalibrationTable,
): ForecastCalibration {
  const calibrated = calibrate(logReturns, scales);
  return { logReturns: calibrated, values: calibrated.map(toPrice), madeAt };
}

/** Returns a function that moves `refPrice` by a log return, rounded to as many decimals as `refPrice` has. */
export function pricedAt(refPrice: Decimal): (logReturn: number) => Decimal {
  const point = refPrice.indexOf('.');
  const scale = point < 0 ? 0 : refPrice.length - point - 1;
  const value = toFeature(refPrice);
  return (logReturn) => toDecimal((value * Math.exp(logReturn)).toFixed(scale));
}
