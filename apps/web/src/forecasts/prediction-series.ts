import type { Decimal, EpochMs } from '@candlecast/domain';
import type { HistoryFields } from '../graphql/documents/forecasts.ts';
import { toInstant } from '../market/chart-candle.ts';
import { toChartNumber } from '../market/to-chart-number.ts';
import type { PlotPoint } from './line-plot-layout.ts';

/** What was predicted for a moment, beside what came and beside the naive forecast: that the price stays the same. */
export interface PredictedPoint {
  readonly id: string;
  readonly asOf: EpochMs;
  readonly targetTime: EpochMs;
  readonly refPrice: Decimal;
  readonly median: Decimal;
  readonly lower90: Decimal;
  readonly upper90: Decimal;
  /** Null while nothing came. */
  readonly actual: Decimal | null;
}

/** Returns what was predicted, by the time that it is about. Forecasts without the quantiles of the band are left out. */
export function toPredicted(forecasts: readonly HistoryFields[]): readonly PredictedPoint[] {
  return forecasts
    .flatMap((forecast) => {
      const [lower90, median, upper90] = [0.05, 0.5, 0.95].map((level) => quantileOf(forecast, level));
      if (!lower90 || !median || !upper90) return [];
      const { id, refPrice, resolution } = forecast;
      const times = { asOf: toInstant(forecast.asOf), targetTime: toInstant(forecast.targetTime) };
      return [{ id, refPrice, ...times, median, lower90, upper90, actual: resolution?.actual ?? null }];
    })
    .sort((a, b) => a.targetTime - b.targetTime);
}

/** Returns the quantile of a forecast at a level, undefined where it has none. */
export function quantileOf({ quantiles }: Pick<HistoryFields, 'quantiles'>, level: number): Decimal | undefined {
  return quantiles.find((row) => Math.abs(row.level - level) < 1e-9)?.value;
}

/** Returns one of a prediction's prices as points of a plot over the target time. */
export function pointsOf(
  predicted: readonly PredictedPoint[],
  name: 'refPrice' | 'median' | 'lower90' | 'upper90' | 'actual',
): PlotPoint[] {
  return predicted.flatMap((point) => {
    const price = point[name];
    return price === null ? [] : [{ x: point.targetTime, y: toChartNumber(price) }];
  });
}

/** Returns a line for each earlier forecast, from the price at which it was issued to its median: at most `count`, evenly over the list. */
export function ghostsOf(predicted: readonly PredictedPoint[], count: number): readonly (readonly [PlotPoint, PlotPoint])[] {
  const every = Math.max(1, Math.ceil(predicted.length / count));
  return predicted
    .filter((_, index) => index % every === 0)
    .map(({ asOf, refPrice, targetTime, median }) => [
      { x: asOf, y: toChartNumber(refPrice) },
      { x: targetTime, y: toChartNumber(median) },
    ]);
}
