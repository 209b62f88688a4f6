import { DAY_MS, type EpochMs, HOUR_MS } from '@candlecast/domain';
import { buildDataSet } from '../dataset/data-set.ts';
import { BAR_COLUMNS, type BarSeries } from '../features/bar.ts';
import { type BarSchema, contextColumns } from '../features/bar-schema.ts';

/** One UTC day of a pair. Sums and means are over the bars that are there. */
export interface DayProfile {
  readonly day: EpochMs;
  readonly close: number;
  readonly baseVolume: number;
  readonly missingBars: number;
  /** Root of the sum of squared returns. */
  readonly volatility: number;
}

/** Bars that are missing in a row. */
export interface MissingRun {
  readonly from: EpochMs;
  readonly bars: number;
}

/** How far a feature's distribution has moved from the first three quarters to the last. */
export interface FeatureShift {
  readonly feature: string;
  /** Population stability index over ten bins: below 0.1 little, above 0.25 much. */
  readonly stability: number;
  /** Largest distance of the two distribution functions (Kolmogorov and Smirnov). */
  readonly distance: number;
}

/** What there is to know of a pair before a model is fitted on it. */
export interface PairProfile {
  readonly symbol: string;
  readonly bars: number;
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly days: readonly DayProfile[];
  readonly missingRuns: readonly MissingRun[];
  /** Bars that are there but lack a value, by column. */
  readonly missingValues: Readonly<Record<string, number>>;
  /** Most shifted first. */
  readonly shifts: readonly FeatureShift[];
  /** Daily log close = trend (mean of 31 days around it) + weekday + rest. */
  readonly decomposition: { readonly trend: readonly number[]; readonly weekdays: readonly number[]; readonly rest: readonly number[] };
  /** Volatility of each UTC hour beside the mean hour; empty for bars longer than an hour. */
  readonly hours: readonly number[];
}

const BINS = 10;
const OLD_SHARE = 0.75;
const TREND_DAYS = 31;
const WEEKDAYS = 7;
const HOURS = 24;

/** Profiles one pair. The trend looks both ways: it describes, and is no feature. */
export function profilePair(series: BarSeries, schema: BarSchema): PairProfile {
  const closes = series.columns.logClose;
  const known = [...closes.keys()].filter((row) => !Number.isNaN(closes[row] as number));
  const timeOf = (row: number) => (series.firstOpenTime + row * series.stepMs) as EpochMs;
  const [first, last] = [known[0] ?? 0, known.at(-1) ?? -1];
  const days = profileDays(series, first, last);
  return {
    symbol: series.symbol,
    bars: known.length,
    from: timeOf(first),
    to: timeOf(last + 1),
    days,
    missingRuns: findRuns(closes, first, last).map(({ row, bars }) => ({ from: timeOf(row), bars })),
    missingValues: Object.fromEntries(
      BAR_COLUMNS.map((name) => [name, known.filter((row) => Number.isNaN(series.columns[name][row] as number)).length]),
    ),
    shifts: findShifts(series, schema),
    decomposition: decompose(days),
    hours: series.stepMs > HOUR_MS ? [] : profileHours(series),
  };
}

function profileDays({ columns, firstOpenTime, stepMs }: BarSeries, first: number, last: number): DayProfile[] {
  const days = new Map<number, { close: number; baseVolume: number; missingBars: number; squares: number }>();
  for (let row = first; row <= last; row++) {
    const key = Math.floor((firstOpenTime + row * stepMs) / DAY_MS);
    const day = days.get(key) ?? { close: Number.NaN, baseVolume: 0, missingBars: 0, squares: 0 };
    days.set(key, day);
    const close = columns.logClose[row] as number;
    if (Number.isNaN(close)) {
      day.missingBars += 1;
      continue;
    }
    const logReturn = close - (columns.logClose[row - 1] ?? Number.NaN);
    day.close = Math.exp(close);
    day.baseVolume += columns.baseVolume[row] as number;
    day.squares += Number.isNaN(logReturn) ? 0 : logReturn * logReturn;
  }
  return [...days].map(([key, { squares, ...day }]) => ({ day: (key * DAY_MS) as EpochMs, ...day, volatility: Math.sqrt(squares) }));
}

function findRuns(closes: Float64Array, first: number, last: number): { row: number; bars: number }[] {
  const runs: { row: number; bars: number }[] = [];
  for (let row = first; row <= last; row++) {
    if (!Number.isNaN(closes[row] as number)) continue;
    const run = runs.at(-1);
    if (run && run.row + run.bars === row) run.bars += 1;
    else runs.push({ row, bars: 1 });
  }
  return runs;
}

function findShifts(series: BarSeries, schema: BarSchema): FeatureShift[] {
  const set = buildDataSet([series], schema);
  const names = contextColumns(schema);
  const rows = [...set.origins.keys()].filter((row) => set.origins[row] === 1);
  const cut = Math.floor(rows.length * OLD_SHARE);
  const shifts = names.map((feature, column) => {
    const valuesOf = (part: readonly number[]) =>
      Float64Array.from(part, (row) => set.context[row * names.length + column] as number)
        .filter((value) => !Number.isNaN(value))
        .sort();
    return { feature, ...compare(valuesOf(rows.slice(0, cut)), valuesOf(rows.slice(cut))) };
  });
  return shifts.filter(({ stability }) => Number.isFinite(stability)).sort((a, b) => b.stability - a.stability);
}

/** Compares two sorted samples; NaN where either is empty. */
export function compare(old: Float64Array, recent: Float64Array): Omit<FeatureShift, 'feature'> {
  if (old.length === 0 || recent.length === 0) return { stability: Number.NaN, distance: Number.NaN };
  const edges = Array.from({ length: BINS - 1 }, (_, bin) => old[Math.floor(((bin + 1) * old.length) / BINS)] as number);
  const sharesOf = (sample: Float64Array) => {
    const below = [...edges.map((edge) => countUpTo(sample, edge)), sample.length];
    // Half an observation in an empty bin, so that the logarithm exists.
    return below.map((count, bin) => Math.max(0.5, count - (below[bin - 1] ?? 0)) / sample.length);
  };
  const [before, after] = [sharesOf(old), sharesOf(recent)];
  return {
    stability: before.reduce((sum, share, bin) => sum + ((after[bin] as number) - share) * Math.log((after[bin] as number) / share), 0),
    distance: Math.max(...recent.map((value) => Math.abs(countUpTo(old, value) / old.length - countUpTo(recent, value) / recent.length))),
  };
}

function countUpTo(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function decompose(days: readonly DayProfile[]): PairProfile['decomposition'] {
  const closes = days.map(({ close }) => Math.log(close));
  const trend = closes.map((_, index) => meanOf(closes.slice(Math.max(0, index - (TREND_DAYS >> 1)), index + (TREND_DAYS >> 1) + 1)));
  const weekdayOf = (index: number) => new Date(days[index]?.day ?? 0).getUTCDay();
  const weekdays = Array.from({ length: WEEKDAYS }, (_, weekday) =>
    meanOf(closes.flatMap((close, index) => (weekdayOf(index) === weekday ? [close - (trend[index] as number)] : []))),
  );
  const rest = closes.map((close, index) => close - (trend[index] as number) - (weekdays[weekdayOf(index)] as number));
  return { trend, weekdays, rest };
}

function profileHours({ columns, firstOpenTime, stepMs, length }: BarSeries): number[] {
  const squares = Array.from({ length: HOURS }, () => [] as number[]);
  for (let row = 1; row < length; row++) {
    const logReturn = (columns.logClose[row] as number) - (columns.logClose[row - 1] as number);
    if (!Number.isNaN(logReturn)) squares[new Date(firstOpenTime + row * stepMs).getUTCHours()]?.push(logReturn * logReturn);
  }
  const volatilities = squares.map((values) => Math.sqrt(meanOf(values)));
  const mean = meanOf(volatilities);
  return volatilities.map((volatility) => volatility / mean);
}

function meanOf(values: readonly number[]): number {
  const known = values.filter((value) => !Number.isNaN(value));
  return known.reduce((sum, value) => sum + value, 0) / known.length;
}
