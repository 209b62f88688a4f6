import { AppError, addMs, type EpochMs, type Forecast, horizonMs, MINUTE_MS, QUANTILE_LEVELS } from '@candlecast/domain';

/** A band of a path, minute by minute. */
export interface PathBand {
  readonly level: number;
  /** Prices. */
  readonly lower: readonly number[];
  readonly upper: readonly number[];
}

/** What a model says of every minute up to its longest horizon. */
export interface ForecastPath {
  readonly times: readonly EpochMs[];
  /** Prices. */
  readonly median: readonly number[];
  /** Narrowest first. */
  readonly bands: readonly PathBand[];
}

/**
 * Draws a path through the quantiles of a fan, shortest horizon first: between two horizons each level's log-return divided by the root of
 * the time since `asOf` is a straight line in time, and before the shortest it is what it is there. At a horizon the path is the
 * forecast; quantiles that do not cross at the horizons do not cross between them.
 */
export function toForecastPath(fan: readonly Pick<Forecast, 'asOf' | 'horizon' | 'quantiles'>[], refPrice: number): ForecastPath {
  const asOf = fan[0]?.asOf;
  if (asOf === undefined) throw new AppError('NOT_FOUND', 'no forecast was issued by then');
  const knots = fan.map(({ horizon, quantiles }) => {
    const minutes = horizonMs(horizon) / MINUTE_MS;
    return { minutes, slopes: quantiles.map(({ logReturn }) => logReturn / Math.sqrt(minutes)) };
  });
  const length = knots.at(-1)?.minutes ?? 0;
  const prices = QUANTILE_LEVELS.map((_, level) =>
    Array.from({ length }, (__, index) => refPrice * Math.exp(slopeAt(knots, level, index + 1) * Math.sqrt(index + 1))),
  );
  const middle = QUANTILE_LEVELS.indexOf(0.5);
  return {
    times: Array.from({ length }, (_, index) => addMs(asOf, (index + 1) * MINUTE_MS)),
    median: prices[middle] ?? [],
    bands: Array.from({ length: middle }, (_, index) => ({
      level: Math.round(1_000 * ((QUANTILE_LEVELS[middle + 1 + index] ?? 1) - (QUANTILE_LEVELS[middle - 1 - index] ?? 0))) / 1_000,
      lower: prices[middle - 1 - index] ?? [],
      upper: prices[middle + 1 + index] ?? [],
    })),
  };
}

interface Knot {
  readonly minutes: number;
  readonly slopes: readonly number[];
}

function slopeAt(knots: readonly Knot[], level: number, minute: number): number {
  const next = knots.findIndex(({ minutes }) => minutes >= minute);
  const [left, right] = [knots[Math.max(0, next - 1)], knots[next]];
  const [from, to] = [left?.slopes[level] ?? Number.NaN, right?.slopes[level] ?? Number.NaN];
  if (!left || !right || left === right) return to;
  return from + ((to - from) * (minute - left.minutes)) / (right.minutes - left.minutes);
}
