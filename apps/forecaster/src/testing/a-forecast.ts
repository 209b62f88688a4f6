import { addMs, type Horizon, horizonMs, type NewForecast, QUANTILE_LEVELS } from '@candlecast/domain';
import { NORMAL_QUANTILES } from '../models/normal.ts';
import { pricedAt } from '../serve/to-forecast.ts';

/** A forecast of normal quantiles around the reference price, a little narrower than its reference. */
export function aForecast(
  about: Pick<NewForecast, 'instrumentId' | 'modelId' | 'asOf' | 'refPrice' | 'reference'>,
  horizon: Horizon,
  width = 0.9,
): NewForecast {
  const sigma = (about.reference?.sigma ?? 0.01) * width;
  return {
    ...about,
    horizon,
    targetTime: addMs(about.asOf, horizonMs(horizon)),
    pUp: 0.55,
    quantiles: QUANTILE_LEVELS.map((level, index) => {
      const logReturn = (NORMAL_QUANTILES[index] ?? Number.NaN) * sigma;
      return { level, logReturn, value: pricedAt(about.refPrice)(logReturn) };
    }),
  };
}
