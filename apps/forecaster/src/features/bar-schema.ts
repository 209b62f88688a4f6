import { AppError, DAY_MS, type Horizon, horizonMs, type Interval, intervalMs } from '@candlecast/domain';
import { type ExternalFeature, externalColumns } from './external-features.ts';

/** Version of everything that decides what a model sees of bars: this file, `instrument-features.ts` and `market-features.ts`. */
export const BAR_FEATURE_SCHEMA = 2;

/** What a model sees of candles of one interval, and what it forecasts. All spans are counts of bars. */
export interface BarSchema {
  readonly interval: Interval;
  readonly stepMs: number;
  /** Shortest first. */
  readonly horizons: readonly Horizon[];
  readonly horizonBars: readonly number[];
  /** Decay per bar of the EWMA of squared returns that gives each horizon its sigma: the tuned reference. */
  readonly decays: readonly number[];
  readonly dayBars: number;
  /** Spans of the volatility ratios; hold the day, the week and every span of `fast`. */
  readonly scales: readonly number[];
  /** Spans of momentum; hold every span of `fast`. */
  readonly momentum: readonly number[];
  /** Spans of volume, trade count, taker imbalance and what is told of the leading market. */
  readonly fast: readonly number[];
  /** Bars of the sequence that a recurrent network reads. */
  readonly lookback: number;
  /** Bars that an instrument must have had before its first origin. */
  readonly warmup: number;
  /** Origins lie this many bars apart. */
  readonly originEvery: number;
  /** Series from outside that are told, too; none when absent, as for every model that serves. */
  readonly external?: readonly ExternalFeature[];
}

type Spans = Omit<BarSchema, 'external' | 'interval' | 'stepMs' | 'horizonBars' | 'dayBars' | 'horizons' | 'decays'>;

/** Decays as tuned on recorded candles; that of 24h on 30m bars continues the row. */
const DECAYS: Partial<Record<Interval, Partial<Record<Horizon, number>>>> = {
  '1m': { '1m': 0.94, '5m': 0.94, '15m': 0.97, '30m': 0.97, '1h': 0.97, '4h': 0.99, '12h': 0.999, '24h': 0.9995 },
  '30m': { '30m': 0.85, '1h': 0.9, '2h': 0.9, '4h': 0.95, '6h': 0.965, '12h': 0.995, '24h': 0.9975 },
  '1h': { '1h': 0.93, '2h': 0.94, '4h': 0.95, '6h': 0.965, '12h': 0.98, '24h': 0.9875 },
  '1d': { '24h': 0.94, '7d': 0.94 },
};

const SPANS: Partial<Record<Interval, Spans>> = {
  '1m': {
    scales: [1, 5, 15, 60, 240, 1_440, 10_080],
    momentum: [1, 5, 15, 60, 240, 1_440],
    fast: [1, 15, 60],
    lookback: 60,
    warmup: 10_080,
    originEvery: 5,
  },
  '30m': {
    scales: [1, 2, 6, 12, 24, 48, 144, 336, 1_440],
    momentum: [1, 2, 6, 12, 24, 48, 144, 336],
    fast: [1, 12, 48],
    lookback: 48,
    warmup: 1_600,
    originEvery: 1,
  },
  '1h': {
    scales: [1, 3, 6, 12, 24, 72, 168, 720],
    momentum: [1, 3, 6, 12, 24, 72, 168],
    fast: [1, 6, 24],
    lookback: 48,
    warmup: 800,
    originEvery: 1,
  },
  '1d': { scales: [1, 3, 7, 14, 30, 60], momentum: [1, 3, 7, 14, 30], fast: [1, 3, 7], lookback: 14, warmup: 90, originEvery: 1 },
};

/** Returns the schema of bars of `interval`; throws `interval_without_features` where none was tuned. */
export function barSchema(interval: Interval): BarSchema {
  const decays = DECAYS[interval];
  const spans = SPANS[interval];
  if (!decays || !spans)
    throw new AppError('interval_without_features', `interval ${interval} is not one of ${Object.keys(SPANS).join(', ')}`);
  const stepMs = intervalMs(interval);
  const horizons = Object.keys(decays) as Horizon[];
  return {
    ...spans,
    interval,
    stepMs,
    horizons,
    horizonBars: horizons.map((horizon) => horizonMs(horizon) / stepMs),
    decays: horizons.map((horizon) => decays[horizon] ?? Number.NaN),
    dayBars: DAY_MS / stepMs,
  };
}

/** What is told of an instrument's own bars, by name, in the order of the context's columns. Names end in the span in bars. */
export function instrumentColumns(schema: BarSchema): string[] {
  const { scales, momentum, fast, horizonBars, dayBars } = schema;
  return [
    ...scales.map((span) => `range${span}`),
    ...scales.filter((span) => span > 1).map((span) => `squared${span}`),
    ...momentum.map((span) => `momentum${span}`),
    ...fast.flatMap((span) => [`volume${span}`, `trades${span}`, `imbalance${span}`]),
    ...[dayBars, 7 * dayBars].map((span) => `downside${span}`),
    ...horizonBars.flatMap((span) => [`seasonDay${span}`, `seasonWeek${span}`]),
    'seasonNow',
    ...['daySin1', 'dayCos1', 'daySin2', 'dayCos2', 'weekSin', 'weekCos', 'weekend'],
    ...horizonBars.map((span) => `sigma${span}`),
  ];
}

/** What is told of the market, by name: the leader's volatility, momentum and volume, and the means over the basket. */
export function marketColumns({ fast }: BarSchema): string[] {
  return [
    ...fast.flatMap((span) => [`leaderRange${span}`, `leaderMomentum${span}`]),
    ...['leaderVolume', 'leaderImbalance', 'marketReturn', 'marketReturnSum', 'marketRange', 'marketRangeMean'],
  ];
}

/** All columns of the context: the instrument's, then the market's, then those of series from outside. */
export function contextColumns(schema: BarSchema): string[] {
  return [...instrumentColumns(schema), ...marketColumns(schema), ...externalColumns(schema.external ?? [])];
}

/** What is told of every bar of a sequence. */
export const SEQUENCE_COLUMNS = [
  ...['return', 'range', 'volume', 'imbalance', 'trades', 'season', 'daySin', 'dayCos', 'weekSin', 'weekCos', 'rangeDay', 'squaredWeek'],
  ...['leaderReturn', 'leaderRange', 'marketReturn'],
] as const;

/** Columns of the sequence that are the instrument's own; the rest are the market's. */
export const OWN_SEQUENCE_COLUMNS = 12;

/** The groups of context columns that importance and ablation are told by, beside each series from outside by itself. */
const FEATURE_GROUPS: Readonly<Record<string, RegExp>> = {
  range: /^range\d/,
  squared: /^squared\d/,
  momentum: /^momentum\d/,
  volume: /^(volume|trades)\d/,
  imbalance: /^imbalance\d/,
  downside: /^downside\d/,
  season: /^season/,
  calendar: /^(day|week)/,
  sigma: /^sigma\d/,
  market: /^(leader|market)/,
  external: /^external\./,
};

/** Returns the groups of which a schema has columns: those of every schema, then `external.KEY` for each series from outside. */
export function featureGroups(schema: BarSchema): string[] {
  const columns = contextColumns(schema);
  const known = Object.keys(FEATURE_GROUPS).filter((group) => columns.some((name) => isOfGroup(name, group)));
  return [...known, ...(schema.external ?? []).map(({ key }) => `external.${key}`)];
}

/** Returns the positions of a group's columns in the context. */
export function columnsOfGroup(schema: BarSchema, group: string): number[] {
  return contextColumns(schema).flatMap((name, column) => (isOfGroup(name, group) ? [column] : []));
}

function isOfGroup(name: string, group: string): boolean {
  return FEATURE_GROUPS[group]?.test(name) ?? (name === group || name.startsWith(`${group}.`));
}
