import {
  AppError,
  addMs,
  type EpochMs,
  type Forecast,
  JOINT_LEVELS,
  MINUTE_MS,
  type PathWidening,
  pathLogReturn,
  QUANTILE_LEVELS,
  toPathKnots,
} from '@candlecast/domain';

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
  const knots = toPathKnots(fan);
  const length = knots.at(-1)?.minutes ?? 0;
  const prices = QUANTILE_LEVELS.map((_, level) =>
    Array.from({ length }, (__, index) => refPrice * Math.exp(pathLogReturn(knots, level, index + 1))),
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

/** Returns bands around the median of a path that whole paths stay inside: its outermost band, each side widened. */
export function toJointBands({ median, bands }: ForecastPath, { factors }: Pick<PathWidening, 'factors'>): PathBand[] {
  const outermost = bands.at(-1);
  const widen = (edge: readonly number[], factor: number) =>
    edge.map((price, index) => {
      const middle = median[index] ?? Number.NaN;
      return middle * Math.exp(factor * Math.log(price / middle));
    });
  return JOINT_LEVELS.map((level, index) => ({
    level,
    lower: widen(outermost?.lower ?? [], factors[index] ?? Number.NaN),
    upper: widen(outermost?.upper ?? [], factors[index] ?? Number.NaN),
  }));
}
