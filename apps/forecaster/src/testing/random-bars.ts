import { addMs, DAY_MS, type EpochMs, HOUR_MS } from '@candlecast/domain';
import { BAR_COLUMNS, type BarSeries, createBarSeries } from '../features/bar.ts';
import { createRandom } from '../models/random.ts';
import { WALK_START } from './random-walk.ts';

/** How a synthetic market moves. */
export interface RandomBarsOptions {
  readonly bars: number;
  readonly seed?: number;
  readonly symbols?: readonly string[];
  readonly stepMs?: number;
  readonly from?: EpochMs;
  /** Volatility swings over the day by e^±`swing`. */
  readonly swing?: number;
  /** How much of a bar's log volatility is the last bar's: above 0 it comes in clusters. */
  readonly persistence?: number;
}

/** Returns hourly bars of seeded random walks that share half of their moves and whose volatility has a day and clusters. */
export function randomBars(options: RandomBarsOptions): BarSeries[] {
  const {
    bars,
    seed = 1,
    symbols = ['BTCUSDT', 'ETHUSDT'],
    stepMs = HOUR_MS,
    from = WALK_START,
    swing = 0.5,
    persistence = 0.98,
  } = options;
  const common = createRandom(seed);
  const shared = Float64Array.from({ length: bars }, () => common.normal());
  return symbols.map((symbol, index) => {
    const random = createRandom(seed * 101 + index + 1);
    const series = createBarSeries(symbol, from, stepMs, bars);
    const { columns } = series;
    let logPrice = Math.log(20_000 / (index + 1));
    let logVolatility = 0;
    for (let row = 0; row < bars; row++) {
      logVolatility = persistence * logVolatility + 0.15 * random.normal();
      const season = swing * Math.sin((2 * Math.PI * (addMs(from, row * stepMs) % DAY_MS)) / DAY_MS);
      const sigma = 0.006 * Math.exp(logVolatility + season);
      const open = logPrice;
      logPrice += sigma * Math.SQRT1_2 * ((shared[row] ?? 0) + random.normal());
      const volume = 100 * Math.exp(logVolatility + random.normal() / 3);
      columns.logClose[row] = logPrice;
      columns.logHigh[row] = Math.max(open, logPrice) + 0.6 * sigma * Math.abs(random.normal());
      columns.logLow[row] = Math.min(open, logPrice) - 0.6 * sigma * Math.abs(random.normal());
      columns.baseVolume[row] = volume;
      columns.takerBuyBaseVolume[row] = volume * (0.3 + 0.4 * random.uniform());
      columns.tradeCount[row] = Math.round(volume * 20);
    }
    return series;
  });
}

/** Returns copies of the series in which every bar after row `last` is another market's, in every column. */
export function withOtherFuture(series: readonly BarSeries[], last: number): BarSeries[] {
  return series.map((each) => {
    const changed = createBarSeries(each.symbol, each.firstOpenTime, each.stepMs, each.length);
    for (const name of BAR_COLUMNS) {
      changed.columns[name].set(each.columns[name]);
      for (let row = last + 1; row < each.length; row++) {
        const shift = name.startsWith('log') ? Math.sin(row) : 0;
        changed.columns[name][row] = (each.columns[name][row] ?? 0) * (shift === 0 ? 3 : 1) + shift;
      }
    }
    return changed;
  });
}

/** Returns copies of the series in which the rows of `gap` are missing from the one at `index`. */
export function withGap(series: readonly BarSeries[], index: number, gap: readonly number[]): BarSeries[] {
  return series.map((each, s) => {
    const copy = createBarSeries(each.symbol, each.firstOpenTime, each.stepMs, each.length);
    for (const name of BAR_COLUMNS) {
      copy.columns[name].set(each.columns[name]);
      if (s === index) for (const row of gap) copy.columns[name][row] = Number.NaN;
    }
    return copy;
  });
}
