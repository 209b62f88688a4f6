import {
  BANDS,
  type Band,
  compareDecimals,
  type Decimal,
  type Forecast,
  QUANTILE_LEVELS,
  type Score,
  subtractDecimals,
} from '@candlecast/domain';
import { toFeature } from '../features/to-feature.ts';
import { MEDIAN, NORMAL_QUANTILES } from '../models/normal.ts';

/** Version of the rules below: it stands on every score and changes when they do. */
export const SCORER = 1;

/**
 * Scores a forecast against the price that came. One that was late is scored as its reference, the EWMA-normal of the same moment: without a
 * direction, with the reference's bands and CRPS, and with the last price as its median.
 */
export function scoreForecast(forecast: Forecast, actual: Decimal): Score {
  const logReturn = Math.log(toFeature(actual) / toFeature(forecast.refPrice));
  const reference = forecast.reference && NORMAL_QUANTILES.map((quantile) => quantile * (forecast.reference?.sigma ?? Number.NaN));
  const common = {
    logReturn,
    absErrNaive: distance(actual, forecast.refPrice),
    crpsReference: reference && toCrps(reference, logReturn),
    scorer: SCORER,
  };
  if (forecast.timing === 'LATE') {
    return {
      ...common,
      isReference: true,
      hit: null,
      band: reference && narrowest((lower, upper) => isWithin(logReturn, reference[lower], reference[upper])),
      absErr: common.absErrNaive,
      crpsCalibrated: null,
      bandCalibrated: null,
      crps: common.crpsReference,
      brier: logReturn === 0 ? null : 0.25,
    };
  }
  const prices = forecast.quantiles.map(({ value }) => value);
  const { calibration } = forecast;
  const isUp = logReturn > 0;
  return {
    ...common,
    isReference: false,
    hit: logReturn === 0 || forecast.pUp === 0.5 ? null : forecast.pUp > 0.5 === isUp,
    band: narrowest((lower, upper) => isPriceWithin(actual, prices[lower], prices[upper])),
    absErr: distance(actual, prices[MEDIAN] ?? forecast.refPrice),
    crps: toCrps(
      forecast.quantiles.map((quantile) => quantile.logReturn),
      logReturn,
    ),
    crpsCalibrated: calibration && toCrps(calibration.logReturns, logReturn),
    bandCalibrated: calibration && narrowest((lower, upper) => isPriceWithin(actual, calibration.values[lower], calibration.values[upper])),
    brier: logReturn === 0 ? null : (forecast.pUp - (isUp ? 1 : 0)) ** 2,
  };
}

/** Returns twice the mean pinball loss over QUANTILE_LEVELS: the CRPS of a distribution that is known by these quantiles. */
export function toCrps(quantiles: readonly number[], realised: number): number {
  const losses = QUANTILE_LEVELS.map((level, index) => {
    const error = realised - (quantiles[index] ?? Number.NaN);
    return error >= 0 ? level * error : (level - 1) * error;
  });
  return (2 * losses.reduce((sum, loss) => sum + loss, 0)) / losses.length;
}

/** Returns the narrowest band whose two quantiles, given by their positions, hold what came. */
function narrowest(holds: (lower: number, upper: number) => boolean): Band | 100 {
  return BANDS.find((_, index) => holds(MEDIAN - 1 - index, MEDIAN + 1 + index)) ?? 100;
}

function isWithin(value: number, lower = Number.NaN, upper = Number.NaN): boolean {
  return lower <= value && value <= upper;
}

function isPriceWithin(price: Decimal, lower: Decimal | undefined, upper: Decimal | undefined): boolean {
  return lower !== undefined && upper !== undefined && compareDecimals(lower, price) <= 0 && compareDecimals(price, upper) <= 0;
}

function distance(a: Decimal, b: Decimal): Decimal {
  return compareDecimals(a, b) >= 0 ? subtractDecimals(a, b) : subtractDecimals(b, a);
}
